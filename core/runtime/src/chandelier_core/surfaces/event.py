"""The event surface: a plugin runs a command of its own because something has happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chandelier import Actor, Call, Occasion, Outcome, Permission, Surface
from chandelier_core.entities import actor_from
from chandelier_core.life.failures import new_reference

if TYPE_CHECKING:
    from chandelier_core.dispatch import Dispatch
    from chandelier_core.entities import Entities
    from chandelier_core.running import Running


class EventSurface:
    """Makes the call; whoever asked for it answers."""

    def __init__(self, running: Running, dispatch: Dispatch, entities: Entities) -> None:
        self._running = running
        self._dispatch = dispatch
        self._entities = entities

    async def occur(self, plugin: str, command: str, arguments: Mapping[str, object], occasion: Occasion) -> Outcome:
        """Run a command to its outcome. Where nobody did anything, nobody acts, with no permission."""
        actor = Actor(id=None, name="nobody")
        if (member := occasion.member) is not None:
            actor = actor_from(member, await self._permissions(occasion))
        call = Call(
            reference=new_reference(), surface=Surface.EVENT, plugin=plugin, command=command, actor=actor,
            arguments=arguments, received_at=self._running.now(), guild_id=occasion.guild_id,
            channel_id=occasion.channel_id, message_id=occasion.message_id,
        )  # fmt: skip
        return await self._dispatch(call)

    async def _permissions(self, occasion: Occasion) -> Permission:
        assert occasion.member is not None  # noqa: S101 the caller has looked
        return await self._entities.permissions(occasion.member, occasion.channel_id)
