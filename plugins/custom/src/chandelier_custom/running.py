"""One use of a command, from the question to the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import hikari

from chandelier import Actor, Call, Context, NotFound, Permission, Reply, Surface, UserError
from chandelier_custom import delivering, lookup, rules
from chandelier_custom.answers import Run
from chandelier_custom.arguments import Read, read_typed
from chandelier_custom.config import Config
from chandelier_custom.saying import Worked, work_out
from chandelier_custom.spec import Spec
from chandelier_custom.store import cooldowns, remembering, uses
from chandelier_custom.templates.objects import Channel, Scene, Server, User
from chandelier_custom.templates.rendering import Rendering, TemplateFailed

_Style = Literal[
    hikari.ButtonStyle.PRIMARY, hikari.ButtonStyle.SECONDARY, hikari.ButtonStyle.SUCCESS, hikari.ButtonStyle.DANGER
]
_STYLES: Mapping[str, _Style] = {
    "primary": hikari.ButtonStyle.PRIMARY, "secondary": hikari.ButtonStyle.SECONDARY,
    "success": hikari.ButtonStyle.SUCCESS, "danger": hikari.ButtonStyle.DANGER,
}  # fmt: skip
#: What a button that runs a command is called at Discord, before its word.
PRESSED = "custom:"
budget = rules.Budget()


@dataclass(frozen=True, slots=True)
class Use:
    """Which command is used, and with what."""

    command_id: int
    text: str = ""
    matches: tuple[str, ...] = ()
    given: Mapping[str, Read] | None = None


async def use(ctx: Context[Config], wanted: Use) -> Reply:
    """Use a command: every check, then the words. Raises UserError for each way in which it does not answer."""
    spec = await lookup.command(wanted.command_id)
    if spec is None:
        raise NotFound("That command was deleted a moment ago.")
    rules.must_be_allowed(spec, ctx.call)
    budget.spend(ctx.here, ctx.config.uses_per_minute)
    options = dict(wanted.given) if wanted.given is not None else read_typed(spec.options, wanted.text)
    async with ctx.transaction():
        await cooldowns.take(wanted.command_id, spec, ctx.call, ctx.now())
        used = await uses.count(wanted.command_id, ctx.now())
        remembered = await remembering.recall(ctx.call) if _remembers(spec) else {}
        scene = Scene(
            user=_user(ctx), server=await _server(ctx), channel=_channel(ctx), now=ctx.now(), text=wanted.text,
            options=options, uses=used, matches=wanted.matches, remembered=remembered,
        )  # fmt: skip
        rendering = Rendering(scene)
        said = await _work_out(wanted.command_id, spec, rendering, ctx.now())
        await remembering.remember(ctx.call, rendering.saved, ctx.now())
    reply = answer(spec, said, Run.of(spec, said, used, ctx.now()))
    if ctx.call.surface is Surface.REST:
        return reply  # a program is told what would be said; nothing is said in Discord
    await delivering.react(ctx, spec.reactions)
    return await delivering.by_dm(ctx, reply) if spec.answer == "dm" else reply


def answer(spec: Spec, said: list[Worked], body: Run) -> Reply:
    """Make the reply: nobody is pinged but whom the command was allowed to."""
    replies = [_reply(spec, worked) for worked in said]
    first, *rest = replies
    return Reply(
        text=first.text, body=body, ephemeral=spec.ephemeral or None, embeds=first.embeds, mentions=first.mentions,
        role_mentions=first.role_mentions, mention_everyone=first.mention_everyone, components=first.components, more=rest,
        plain=spec.answer == "here",
    )  # fmt: skip


def _reply(spec: Spec, worked: Worked) -> Reply:
    text = worked.content
    users = re.findall(r"<@!?(\d{1,19})>", text) if "users" in spec.mentions else []
    roles = re.findall(r"<@&(\d{1,19})>", text) if "roles" in spec.mentions else []
    return Reply(
        text=text, embeds=[_embed(one) for one in worked.embeds], mentions=[int(one) for one in dict.fromkeys(users)],
        role_mentions=[int(one) for one in dict.fromkeys(roles)], mention_everyone="everyone" in spec.mentions,
        components=[_row(row) for row in worked.buttons],
    )  # fmt: skip


def _embed(found: Mapping[str, Any]) -> hikari.Embed:
    embed = hikari.Embed(
        title=found.get("title"),
        description=found.get("description"),
        url=found.get("url"),
        color=found.get("color"),
    )
    for name, value in found.items():
        if name == "author" and isinstance(value, dict):
            embed.set_author(name=value["name"])
        elif name == "footer" and isinstance(value, dict):
            embed.set_footer(value["text"])
        elif name in ("image", "thumbnail") and isinstance(value, dict):
            (embed.set_image if name == "image" else embed.set_thumbnail)(value["url"])
        elif name == "fields" and isinstance(value, list):
            for one in value:
                embed.add_field(one["name"], one["value"], inline=one["inline"])
    return embed


def _row(buttons: list[dict[str, object]]) -> hikari.api.MessageActionRowBuilder:
    row = hikari.impl.MessageActionRowBuilder()
    for button in buttons:
        label = str(button["label"])
        if "url" in button:
            row.add_link_button(str(button["url"]), label=label)
        else:
            row.add_interactive_button(_STYLES[str(button["style"])], f"{PRESSED}{button['press']}", label=label)
    return row


async def _work_out(command_id: int, spec: Spec, rendering: Rendering, now: datetime) -> list[Worked]:
    try:
        return work_out(spec, rendering)
    except TemplateFailed as failed:
        raise _Broken(command_id, spec, failed.sentence, now) from None


class _Broken(UserError):
    """A command could not be worked out; its manager finds the sentence with it."""

    def __init__(self, command_id: int, spec: Spec, sentence: str, now: datetime) -> None:
        told = f"`{spec.name}` could not be worked out. {sentence}"
        super().__init__("template_failed", told, status=422)
        self.command_id, self.at = command_id, now


async def note_failure(error: UserError, reference: str) -> None:
    """Keep with a command what went wrong with it last; outside of the transaction that was rolled back."""
    if isinstance(error, _Broken):
        await uses.note_failure(error.command_id, f"{error.sentence} (reference {reference})", error.at)


def _remembers(spec: Spec) -> bool:
    return "vars" in json.dumps(spec.model_dump(mode="json")["messages"])


def _user(ctx: Context[Config]) -> User:
    actor = ctx.actor
    names = []
    if actor.role_ids and (guild := _guild(ctx)) is not None:
        roles = guild.get_roles()
        names = [roles[hikari.Snowflake(one)].name for one in actor.role_ids if one in roles]
    return User(
        str(actor.id or ""),
        actor.name,
        actor.display_name or actor.name,
        actor.avatar_url,
        actor.joined_at,
        tuple(names),
    )


async def _server(ctx: Context[Config]) -> Server:
    guild = _guild(ctx)
    if guild is None:
        return Server(str(ctx.here), "")
    icon = guild.make_icon_url()
    return Server(str(guild.id), guild.name, guild.member_count or 0, str(icon or ""))


def _channel(ctx: Context[Config]) -> Channel:
    if ctx.channel_id is None:
        return Channel()
    guild = _guild(ctx)
    found = guild.get_channel(ctx.channel_id) if guild is not None else None
    return Channel(str(ctx.channel_id), (found.name or "") if found is not None else "")


def _guild(ctx: Context[Config]) -> hikari.GatewayGuild | None:
    """Give the server as the gateway has told it; None in the API apart, where templates see its id alone."""
    try:
        return ctx.cache.get_guild(ctx.here)
    except UserError:
        return None


def as_if(call: Call, member: hikari.Member | None) -> Call:
    """Give a call as a member would make it. What a role gives in the channel alone is not looked at."""
    if member is None:
        return call
    held = Permission.NONE
    guild = member.get_guild()
    if guild is not None:
        bits = int(hikari.Permissions.all_permissions()) if guild.owner_id == member.id else 0
        for role in (*member.get_roles(), guild.get_role(guild.id)):
            bits |= int(role.permissions) if role is not None else 0
        held = Permission(bits & int(sum_of_permissions()))
    actor = Actor(
        id=int(member.id), name=member.username, permissions=held, role_ids=tuple(int(role) for role in member.role_ids)
    )
    return replace(call, actor=actor)


def sum_of_permissions() -> Permission:
    """Give every permission there is."""
    everything = Permission.NONE
    for one in Permission:
        everything |= one
    return everything
