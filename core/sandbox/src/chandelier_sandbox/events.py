"""What happens in the world, as one feed that the gateway, members and consoles follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]


@dataclass(slots=True, eq=False)
class Event:
    """One thing that happened.

    name: Discord's name of it, such as MESSAGE_CREATE.
    described: what a gateway session gets as `d`, or how to describe it; most events of most bots reach nobody.
    guild_id: the guild it belongs to; None in direct messages.
    private_to: the one user who sees it (ephemeral messages); such events never reach the gateway.
    """

    name: str
    described: JsonObject | Callable[[], JsonObject] = field(repr=False)
    guild_id: int | None = None
    private_to: int | None = None

    @property
    def payload(self) -> JsonObject:
        """Return what a gateway session gets as `d`; to be asked for while the event is told, not later."""
        if not isinstance(self.described, dict):
            self.described = self.described()
        return self.described


Listener = Callable[[Event], None]


class Feed:
    """Pass each event to every listener, in the order of subscription."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener for each later event; return the function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(event)
