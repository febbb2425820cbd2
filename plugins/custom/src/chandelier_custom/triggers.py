"""Messages that are no commands: what they trigger."""

from __future__ import annotations

import hikari

from chandelier import Occasion, Outcome, PluginContext, Reply, Status
from chandelier_custom import lookup

#: How many commands one message may trigger.
MOST = 3


async def heard(ctx: PluginContext, event: hikari.GuildMessageCreateEvent) -> None:
    """Run what a message triggers. One that triggers nothing costs no query."""
    content = event.content
    if not event.is_human or not content or event.member is None:
        return
    guild_id = int(event.guild_id)
    index = await lookup.index(guild_id)
    if not index.exact and not index.exact_cased and not index.patterns:
        return
    prefix = await ctx.text_prefix(guild_id)
    if prefix and content.startswith(prefix) and not content[len(prefix) : len(prefix) + 1].isspace():
        return  # it is meant as a command
    occasion = Occasion(
        guild_id=guild_id, channel_id=int(event.channel_id), message_id=int(event.message_id), member=event.member
    )
    for number, (command_id, caught) in enumerate(index.match(content)):
        if number == MOST:
            return
        arguments = {"command_id": command_id, "text": content[:1500], "caught": "\n".join(caught)}
        await _say(ctx, event, await ctx.run("custom triggered", arguments, occasion))


async def _say(ctx: PluginContext, event: hikari.GuildMessageCreateEvent, outcome: Outcome) -> None:
    """Answer where the message was; a refusal is silent, for nobody has asked."""
    if outcome.status is not Status.ANSWERED or not isinstance(outcome.value, Reply):
        return
    for reply in (outcome.value, *outcome.value.more):
        await ctx.rest.create_message(
            event.channel_id, reply.text or hikari.UNDEFINED,
            embeds=list(reply.embeds) or hikari.UNDEFINED, components=list(reply.components) or hikari.UNDEFINED,  # type: ignore[arg-type]
            user_mentions=list(reply.mentions) or False, role_mentions=list(reply.role_mentions) or False,
            mentions_everyone=reply.mention_everyone,
        )  # fmt: skip
