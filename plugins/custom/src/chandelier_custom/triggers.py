"""What happens in a server, and the commands that it triggers: messages, reactions, buttons, comings and goings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import hikari

from chandelier import Occasion, PluginContext, Reply, Status
from chandelier_custom import lookup
from chandelier_custom.answers import RESTORE
from chandelier_custom.delivering import in_channel
from chandelier_custom.running import PRESSED

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
        await in_channel(ctx, int(event.channel_id), await ctx.run("custom triggered", arguments, occasion))


async def reacted(ctx: PluginContext, event: hikari.GuildReactionAddEvent) -> None:
    """Run what a reaction triggers."""
    if event.member.is_bot:
        return
    occasion = Occasion(
        guild_id=int(event.guild_id),
        channel_id=int(event.channel_id),
        message_id=int(event.message_id),
        member=event.member,
    )
    named = str(event.emoji_name or "")
    written = f"<:{named}:{event.emoji_id}>" if event.emoji_id is not None else named
    await _run(ctx, "reaction", occasion, lambda text: text.strip() in (written, named, written.replace("<:", "<a:")))


async def joined(ctx: PluginContext, event: hikari.MemberCreateEvent) -> None:
    """Run what somebody's coming triggers."""
    await _run(ctx, "join", Occasion(guild_id=int(event.guild_id), member=event.member))


async def left(ctx: PluginContext, event: hikari.MemberDeleteEvent) -> None:
    """Run what somebody's going triggers."""
    await _run(ctx, "leave", Occasion(guild_id=int(event.guild_id), member=event.old_member))


async def pressed(ctx: PluginContext, event: hikari.InteractionCreateEvent) -> None:
    """Run what a button of a command triggers, and answer whoever pressed it."""
    interaction = event.interaction
    if not isinstance(interaction, hikari.ComponentInteraction):
        return
    if interaction.custom_id.startswith(RESTORE) and interaction.guild_id is not None:
        await _restore(ctx, interaction, int(interaction.guild_id))
    if not interaction.custom_id.startswith(PRESSED):
        return
    if interaction.guild_id is None or interaction.member is None:
        return
    word, guild_id = interaction.custom_id.removeprefix(PRESSED), int(interaction.guild_id)
    found = [
        one
        for one, trigger in (await lookup.index(guild_id)).others.get("component", ())
        if trigger.text.strip() == word
    ]
    occasion = Occasion(guild_id=guild_id, channel_id=int(interaction.channel_id), member=interaction.member)
    if not found:
        await _tell(interaction, Reply(text="This button does nothing any more.", ephemeral=True))
        return
    outcome = await ctx.run("custom triggered", {"command_id": found[0]}, occasion)
    if outcome.status is Status.ANSWERED and isinstance(outcome.value, Reply):
        await _tell(interaction, outcome.value)
    else:
        await _tell(interaction, Reply(text=outcome.sentence or "That did not work.", ephemeral=True))


async def _restore(ctx: PluginContext, interaction: hikari.ComponentInteraction, guild_id: int) -> None:
    command_id, _, version = interaction.custom_id.removeprefix(RESTORE).partition(":")
    if not (command_id.isdecimal() and version.isdecimal()):
        return
    occasion = Occasion(guild_id=guild_id, channel_id=int(interaction.channel_id), member=interaction.member)
    outcome = await ctx.run("custom restored", {"command_id": int(command_id), "version": int(version)}, occasion)
    said = str(outcome.value) if outcome.status is Status.ANSWERED else outcome.sentence or "That did not work."
    await _tell(interaction, Reply(text=said, ephemeral=True))


async def _run(ctx: PluginContext, kind: str, occasion: Occasion, fits: Callable[[str], bool] = lambda _: True) -> None:
    for command_id, trigger in (await lookup.index(occasion.guild_id)).others.get(kind, ()):
        if fits(trigger.text):
            place = trigger.channel_id or occasion.channel_id
            here = replace(occasion, channel_id=place)
            outcome = await ctx.run("custom triggered", {"command_id": command_id}, here)
            if place is not None:
                await in_channel(ctx, place, outcome)


async def _tell(interaction: hikari.ComponentInteraction, reply: Reply) -> None:
    flags = hikari.MessageFlag.EPHEMERAL if reply.ephemeral else hikari.MessageFlag.NONE
    embeds = [embed for embed in reply.embeds if isinstance(embed, hikari.Embed)]
    await interaction.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE, reply.text or hikari.UNDEFINED, flags=flags, embeds=embeds or hikari.UNDEFINED,
        components=[row for row in reply.components if isinstance(row, hikari.api.ComponentBuilder)] or hikari.UNDEFINED,
        user_mentions=list(reply.mentions) or False, role_mentions=list(reply.role_mentions) or False,
        mentions_everyone=reply.mention_everyone,
    )  # fmt: skip
