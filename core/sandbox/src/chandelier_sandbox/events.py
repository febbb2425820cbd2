"""What happens in the world, as one feed that the gateway, members and consoles follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    name: Discord's name of it, such as MESSAGE_CREATE.
    payload: what a gateway session gets as `d`.
    guild_id: the guild it belongs to; None in direct messages.
    private_to: the one user who sees it (ephemeral messages); such events never reach the gateway.
    """

    name: str
    payload: JsonObject = field(repr=False)
    guild_id: int | None = None
    private_to: int | None = None


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
