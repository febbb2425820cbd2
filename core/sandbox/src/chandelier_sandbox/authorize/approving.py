"""What happens when somebody authorizes: the bot joins, a webhook is made, a code or token goes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chandelier_sandbox.authorize.asking import Ask
from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.joining import bot_joins
from chandelier_sandbox.changes.webhooks import WEBHOOKS_MOST, make_webhook, webhooks_of
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.oauth2 import Consent
from chandelier_sandbox.payloads import guild_json, webhook_json
from chandelier_sandbox.permissions import Permission, guild_permissions
from chandelier_sandbox.records import Channel, ChannelKind, Guild, User
from chandelier_sandbox.world import World

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord

_WITH_WEBHOOKS = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT, ChannelKind.FORUM, ChannelKind.MEDIA)


class CannotAllow(CannotSend):
    """This person cannot allow this; the sentence says what to choose instead."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose: a server for the bot, its permissions (None: as asked), a channel for the webhook."""

    guild_id: int | None = None
    channel_id: int | None = None
    permissions: int | None = None


def everywhere(world: World) -> list[Guild]:
    """Return all servers, those without the bot too, by name."""
    return sorted([*world.guilds.values(), *world.elsewhere.values()], key=lambda guild: guild.name)


def manageable(world: World, user: User) -> list[Guild]:
    """Return the servers to which somebody may add a bot."""
    return [guild for guild in everywhere(world) if _holds(guild, user, Permission.MANAGE_GUILD)]


def hookable(world: World, user: User) -> list[tuple[Guild, Channel]]:
    """Return the channels for which somebody may make a webhook."""
    return [
        (guild, channel)
        for guild in world.guilds.values()
        for channel in guild.channels.values()
        if channel.kind in _WITH_WEBHOOKS and world.permissions_in(channel, user) & Permission.MANAGE_WEBHOOKS
    ]


def approve(discord: Discord, ask: Ask, user: User, choice: Choice) -> str:
    """Do what was allowed and return where to send the person ("" for nowhere); CannotAllow changes nothing."""
    guild = _guild(discord.world, ask, user, choice) if ask.wants_guild else None
    place = _channel(discord.world, user, choice) if ask.wants_channel else None
    granted = ask.permissions if choice.permissions is None else choice.permissions & ask.permissions
    extra: JsonObject = {}
    if guild is not None:
        bot_joins(discord.world, guild, user, granted)
        extra["guild"] = guild_json(guild)
    if place is not None:
        extra["webhook"] = _webhook(discord, place, user)
    if not ask.redirect_uri:
        discord.oauth2.remember(user, ask.scopes)
        return ""
    if ask.implicit:
        discord.oauth2.remember(user, ask.scopes)
        token = discord.oauth2.issue(user, ask.scopes, refreshable=False)
        return ask.back({name: str(value) for name, value in token.answer().items()}, fragment=True)
    code = discord.oauth2.allow(Consent(user, ask.scopes, ask.redirect_uri, ask.challenge, extra))
    more = {} if guild is None else {"guild_id": str(guild.id), "permissions": str(granted)}
    return ask.back({"code": code} | more)


def _guild(world: World, ask: Ask, user: User, choice: Choice) -> Guild:
    wanted = ask.guild_id if ask.guild_fixed and ask.guild_id is not None else choice.guild_id
    for guild in manageable(world, user):
        if guild.id == wanted:
            return guild
    raise CannotAllow(
        f"{user.name} cannot add a bot to that server: it takes the permission Manage Server there. "
        "Choose another server, or somebody else."
    )


def _channel(world: World, user: User, choice: Choice) -> Channel:
    for _, channel in hookable(world, user):
        if channel.id != choice.channel_id:
            continue
        if len(webhooks_of(world, channel)) >= WEBHOOKS_MOST:
            raise CannotAllow(
                f"#{channel.name} has {WEBHOOKS_MOST} webhooks, which is the most. Choose another channel."
            )
        return channel
    raise CannotAllow(
        f"{user.name} cannot make a webhook in that channel: it takes the permission Manage Webhooks there. "
        "Choose another channel, or somebody else."
    )


def _webhook(discord: Discord, channel: Channel, user: User) -> JsonObject:
    """Make the webhook of the scope webhook.incoming and describe it (Discord: OAuth2, Webhooks)."""
    webhook = make_webhook(discord.world, channel, discord.application.name, By(user))
    webhook.application_id = discord.application.id
    return webhook_json(webhook, f"{discord.world.origin}/api", with_creator=False)


def _holds(guild: Guild, user: User, needed: Permission) -> bool:
    member = guild.members.get(user.id)
    return member is not None and bool(guild_permissions(guild, member) & needed)
