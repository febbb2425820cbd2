"""Stages: open, look, change, close."""

from __future__ import annotations

from chandelier_sandbox.changes import voice
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.payloads import stage_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Guild, StageInstance
from chandelier_sandbox.rest.access import by, open_channel
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.shapes import ObjectOf, OneOf, Plain, TextOf, checked, is_true

# Discord: Stage Instance, who is a moderator of a stage
_MODERATOR = (Permission.MANAGE_CHANNELS, Permission.MUTE_MEMBERS, Permission.MOVE_MEMBERS)
_STAGE = ObjectOf(
    {
        "topic": TextOf(120, least=1),
        "channel_id": Plain.SNOWFLAKE,
        "privacy_level": OneOf((1, 2)),
        "guild_scheduled_event_id": Plain.SNOWFLAKE,
        "send_start_notification": Plain.FLAG,
    },
    required=("topic", "channel_id"),
)


def open_stage(call: Call) -> Answer:
    """Open a stage; to notify everybody takes MENTION_EVERYONE."""
    body, world = checked(call.body, _STAGE), call.discord.world
    channel = world.channel(int(body["channel_id"]))
    guild = _moderated(call, channel)
    loud = is_true(body.get("send_start_notification"))
    if loud and not world.permissions_in(channel, call.user) & Permission.MENTION_EVERYONE:
        raise refusal(50013)
    event_id = body.get("guild_scheduled_event_id")
    if event_id is not None and int(event_id) not in guild.scheduled_events:
        raise refusal(10070)
    if channel.id in guild.stages:
        raise refusal(150006)
    stage = StageInstance(call.discord.snowflakes.make(), channel.id, str(body["topic"]))
    stage.privacy_level = int(body.get("privacy_level") or 2)
    stage.scheduled_event_id = None if event_id is None else int(event_id)
    voice.open_stage(world, guild, stage, by(call))
    return Answer(stage_json(guild, stage))


def _moderated(call: Call, channel: Channel) -> Guild:
    held = call.discord.world.permissions_in(channel, call.user)
    if not held & Permission.VIEW_CHANNEL:
        raise refusal(50001)
    if channel.kind is not ChannelKind.STAGE or channel.guild_id is None:
        raise refusal(50024)
    if any(not held & one for one in _MODERATOR):
        raise refusal(50013)
    return call.discord.world.guild(channel.guild_id)


def _find(call: Call, channel: Channel) -> tuple[Guild, StageInstance]:
    guild = None if channel.guild_id is None else call.discord.world.guild(channel.guild_id)
    stage = None if guild is None else guild.stages.get(channel.id)
    if guild is None or stage is None:
        raise refusal(10067)
    return guild, stage


def get_stage(call: Call) -> Answer:
    """Describe an open stage."""
    return Answer(stage_json(*_find(call, open_channel(call))))


def patch_stage(call: Call) -> Answer:
    """Change the topic or the privacy level of a stage."""
    channel = open_channel(call)
    guild, stage = _find(call, channel)
    _moderated(call, channel)
    body = checked(call.body, _STAGE, partial=True)
    facts = {name: body[name] for name in ("topic", "privacy_level") if body.get(name) is not None}
    voice.modify_stage(call.discord.world, guild, stage, facts, by(call))
    return Answer(stage_json(guild, stage))


def close_stage(call: Call) -> Answer:
    """Close a stage."""
    channel = open_channel(call)
    guild, stage = _find(call, channel)
    _moderated(call, channel)
    voice.close_stage(call.discord.world, guild, stage, by(call))
    return NO_CONTENT


ROUTES: tuple[Route, ...] = (
    Route("POST", "/stage-instances", open_stage),
    Route("GET", "/stage-instances/{channel_id}", get_stage),
    Route("PATCH", "/stage-instances/{channel_id}", patch_stage),
    Route("DELETE", "/stage-instances/{channel_id}", close_stage),
)
