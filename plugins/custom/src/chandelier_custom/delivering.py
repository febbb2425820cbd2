"""Ways to say an answer other than in reply: in a channel, in a direct message, as reactions."""

from __future__ import annotations

from collections.abc import Sequence

import hikari

from chandelier import Context, Outcome, PluginContext, Reply, Status, UserError
from chandelier_custom.config import Config


async def in_channel(ctx: PluginContext, channel_id: int, outcome: Outcome) -> None:
    """Say in a channel what came of something that nobody asked for by name: a refusal is silent, and so is a failure."""
    if outcome.status is not Status.ANSWERED or not isinstance(outcome.value, Reply):
        return
    reply = outcome.value
    if reply.ephemeral:
        return  # whom it is for has been told elsewhere
    for one in (reply, *reply.more):
        await _send(ctx, channel_id, one)


async def by_dm(ctx: Context[Config], reply: Reply) -> Reply:
    """Say it to whoever asked, in private. Raises UserError where their direct messages are closed."""
    try:
        channel = await ctx.rest.create_dm_channel(ctx.user_id)
        for one in (reply, *reply.more):
            await _send(ctx, int(channel.id), one)
    except (hikari.ForbiddenError, hikari.BadRequestError):
        raise UserError("dm_closed", "I cannot write to you: your direct messages are closed.") from None
    return Reply(text="I have written to you.", body=reply.body, ephemeral=True)


async def react(ctx: Context[Config], emojis: Sequence[str]) -> None:
    """React to the message that asked, where there is one; an emoji that cannot be used here is passed over."""
    if ctx.call.message_id is None or ctx.channel_id is None:
        return
    for emoji in emojis:
        try:
            await ctx.rest.add_reaction(ctx.channel_id, ctx.call.message_id, hikari.Emoji.parse(emoji))
        except (hikari.ClientHTTPResponseError, ValueError) as error:
            ctx.log.warning("reaction_not_added", emoji=emoji, error=type(error).__name__)


async def _send(ctx: PluginContext | Context[Config], channel_id: int, reply: Reply) -> None:
    embeds = [embed for embed in reply.embeds if isinstance(embed, hikari.Embed)]
    rows = [row for row in reply.components if isinstance(row, hikari.api.ComponentBuilder)]
    await ctx.rest.create_message(
        channel_id, reply.text or hikari.UNDEFINED, embeds=embeds or hikari.UNDEFINED, components=rows or hikari.UNDEFINED,
        user_mentions=list(reply.mentions) or False, role_mentions=list(reply.role_mentions) or False,
        mentions_everyone=reply.mention_everyone,
    )  # fmt: skip
