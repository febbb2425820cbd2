"""The host's own part in the hooks: commands that were used and plugins that have changed go to whoever follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chandelier import Call, Outcome, Plugin, State

if TYPE_CHECKING:
    from chandelier_core.observe.feed import Feed

FeedInUse = Callable[[], "Feed"]


def add_telling(plugin: Plugin, feed_in_use: FeedInUse) -> None:
    """Add the hooks."""

    @plugin.hook
    async def command_finished(call: Call, outcome: Outcome) -> None:
        facts = {
            "reference": call.reference, "surface": call.surface.value, "command": call.command,
            "outcome": outcome.status.value, "code": outcome.code, "duration_ms": round(outcome.duration_ms, 2),
            "channel_id": call.channel_id, "user_id": call.actor.id,
        }  # fmt: skip
        feed_in_use().tell("call", call.plugin, facts, guild_id=call.guild_id, user_id=call.actor.id)

    @plugin.hook
    async def plugin_changed(plugin: str, old: State, new: State) -> None:
        feed_in_use().tell("plugin", plugin, {"old": old.value, "new": new.value})
