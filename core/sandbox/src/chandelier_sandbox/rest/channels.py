"""Channels: look, change, delete; what they allow and deny; typing."""

from __future__ import annotations

from chandelier_sandbox.changes import channels
from chandelier_sandbox.changes.threads import thread_json
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.payloads import channel_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Overwrite
from chandelier_sandbox.rest import threads
from chandelier_sandbox.rest.access import by, open_channel
from chandelier_sandbox.rest.channel_fields import CHANNEL, OVERWRITE, channel_facts, must_allow
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.shapes import ObjectOf, checked

_CONVERTIBLE = (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT)
_REQUIRED = ("rules_channel_id", "public_updates_channel_id")
_ONE_OVERWRITE = ObjectOf(OVERWRITE.fields)


def get_channel(call: Call) -> Answer:
    """Describe a channel; a thread with the bot's own membership."""
    channel = open_channel(call)
    return Answer(channel_json(channel) if channel.thread is None else thread_json(call.discord.world, channel))


def post_typing(call: Call) -> Answer:
    """Show that the bot types."""
    channel = open_channel(call, Permission.SEND_MESSAGES)
    call.discord.world.typing(channel, call.discord.world.bot)
    return NO_CONTENT


def _managed(call: Call, permission: Permission) -> tuple[Guild, Channel]:
    """Return a guild's channel that the caller may manage; one of direct messages is 50003."""
    channel = open_channel(call)
    if channel.guild_id is None:
        raise refusal(50003)
    if channel.thread is not None:
        raise refusal(50024)
    if not call.discord.world.permissions_in(channel, call.user) & permission:
        raise refusal(50013)
    return call.discord.world.guild(channel.guild_id), channel


def patch_channel(call: Call) -> Answer:
    """Change a channel of a guild; a thread has rules of its own."""
    if (thread := open_channel(call)).thread is not None:
        return threads.patch_thread(call, thread)
    guild, channel = _managed(call, Permission.MANAGE_CHANNELS)
    body = checked(call.body, CHANNEL, partial=True)
    kind = channel.kind
    if body.get("type") is not None and int(body["type"]) != kind:
        kind = ChannelKind(int(body["type"]))
        if not {kind, channel.kind} <= set(_CONVERTIBLE):
            errors = FormErrors()
            errors.add(("type",), "CHANNEL_TYPE_INVALID", "Channel type conversion is not possible")
            errors.raise_any()
    held = call.discord.world.permissions_in(channel, call.user)
    if body.get("permission_overwrites") is not None and not held & Permission.MANAGE_ROLES:
        raise refusal(50013)
    facts = channel_facts(call, guild, kind, body, channel) | {"kind": kind}
    channels.modify_channel(call.discord.world, guild, channel, facts, by(call))
    return Answer(channel_json(channel))


def delete_channel(call: Call) -> Answer:
    """Delete a channel or thread of a guild, or close direct messages, which stay."""
    channel = open_channel(call)
    if channel.thread is not None:
        return threads.delete_thread(call, channel)
    if channel.guild_id is None:
        return Answer(channel_json(channel))
    guild, channel = _managed(call, Permission.MANAGE_CHANNELS)
    required = {guild.settings.get(name) for name in _REQUIRED}
    if "COMMUNITY" in guild.features() and str(channel.id) in required:
        raise refusal(50074)
    answer = channel_json(channel)
    channels.delete_channel(call.discord.world, guild, channel, by(call))
    return Answer(answer)


def put_overwrite(call: Call) -> Answer:
    """Set what a channel allows and denies a role or a member."""
    guild, channel = _managed(call, Permission.MANAGE_ROLES)
    body = checked(call.body, _ONE_OVERWRITE)
    target = call.number("overwrite_id")
    kind = int(body["type"]) if body.get("type") is not None else int(target not in guild.roles)
    if target not in (guild.roles if kind == 0 else call.discord.world.users):
        raise refusal(10009)
    overwrite = Overwrite(target, kind, int(body.get("allow") or 0), int(body.get("deny") or 0))
    must_allow(call, guild, channel, overwrite, _find_overwrite(channel, target))
    channels.put_overwrite(call.discord.world, guild, channel, overwrite, by(call))
    return NO_CONTENT


def delete_overwrite(call: Call) -> Answer:
    """Forget what a channel allows and denies somebody."""
    guild, channel = _managed(call, Permission.MANAGE_ROLES)
    overwrite = _find_overwrite(channel, call.number("overwrite_id"))
    if overwrite is None:
        raise refusal(10009)
    must_allow(call, guild, channel, Overwrite(overwrite.id, overwrite.kind), overwrite)
    channels.delete_overwrite(call.discord.world, guild, channel, overwrite, by(call))
    return NO_CONTENT


def _find_overwrite(channel: Channel, target_id: int) -> Overwrite | None:
    return next((one for one in channel.overwrites if one.id == target_id), None)


_CHANNEL = "/channels/{channel_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", _CHANNEL, get_channel),
    Route("PATCH", _CHANNEL, patch_channel),
    Route("DELETE", _CHANNEL, delete_channel),
    Route("PUT", _CHANNEL + "/permissions/{overwrite_id}", put_overwrite),
    Route("DELETE", _CHANNEL + "/permissions/{overwrite_id}", delete_overwrite),
    Route("POST", _CHANNEL + "/typing", post_typing),
)
