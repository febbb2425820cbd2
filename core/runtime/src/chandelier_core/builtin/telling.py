"""The host's own part in the hooks: commands that were used and plugins that have changed go to whoever follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chandelier import Call, Job, JobContext, Outcome, Plugin, State, job

if TYPE_CHECKING:
    from chandelier_core.observe.feed import Feed
    from chandelier_core.observe.webhooks import Webhooks

FeedInUse = Callable[[], "Feed"]
WebhooksInUse = Callable[[], "Webhooks"]


def delivery(webhooks_in_use: WebhooksInUse) -> Job[...]:
    """Make the job that posts one event to one address."""

    @job()
    async def deliver_webhook(ctx: JobContext, webhook_id: str, event: dict[str, object], tried: int) -> None:
        await webhooks_in_use().deliver(webhook_id, event, tried)

    return deliver_webhook


def add_telling(plugin: Plugin, feed_in_use: FeedInUse, webhooks_in_use: WebhooksInUse) -> None:
    """Add the hooks."""

    @plugin.hook
    async def guild_left(guild_id: int) -> None:
        await webhooks_in_use().forget(guild_id)

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
