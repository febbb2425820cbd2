"""Who is in which voice channel, who speaks, which stages are open (Discord: Voice Connections; Stage Instance)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import stage_json, voice_state_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Guild, StageInstance, User, VoiceState
from chandelier_sandbox.world import World

ENDPOINT = "voice.sandbox.invalid:443"  # RFC 6761: a name that never resolves; no voice is carried


def may_join(world: World, guild: Guild, user: User, channel: Channel) -> bool:
    """Tell whether somebody may enter a voice channel: they may connect, and there is room or they may move members."""
    held = world.permissions_in(channel, user)
    if channel.kind not in (ChannelKind.VOICE, ChannelKind.STAGE) or not held & Permission.CONNECT:
        return False
    most = int(channel.settings.get("user_limit") or 0)
    inside = sum(state.channel_id == channel.id for state in guild.voice_states.values())
    return not most or inside < most or bool(held & Permission.MOVE_MEMBERS)


def join(
    world: World, guild: Guild, user_id: int, channel: Channel, *, self_mute: bool = False, self_deaf: bool = False
) -> VoiceState:
    """Let a member enter a voice channel or go to another one; the bot is told where its voice goes."""
    state = guild.voice_states.get(user_id)
    entered = state is None or state.channel_id != channel.id
    if state is None:
        session = f"{user_id:016x}{guild.id:016x}"
        state = guild.voice_states[user_id] = VoiceState(user_id, channel.id, session)
    state.channel_id, state.self_mute, state.self_deaf = channel.id, self_mute, self_deaf
    if entered:
        state.suppress, state.asked_to_speak_at = channel.kind is ChannelKind.STAGE, None
    tell(world, guild, state)
    if entered and user_id == world.bot.id:
        server: JsonObject = {"token": f"{channel.id:x}", "guild_id": str(guild.id), "endpoint": ENDPOINT}
        world.publish("VOICE_SERVER_UPDATE", server, guild)
    return state


def leave(world: World, guild: Guild, user_id: int) -> None:
    """Let a member leave voice; nothing happens to who is in no voice channel."""
    state = guild.voice_states.pop(user_id, None)
    if state is not None:
        world.publish("VOICE_STATE_UPDATE", voice_state_json(guild, state) | {"channel_id": None}, guild)


def move(world: World, guild: Guild, user_id: int, channel: Channel | None, by: By) -> None:
    """Let somebody move a member to another voice channel; None disconnects."""
    state = guild.voice_states[user_id]
    if channel is None:
        leave(world, guild, user_id)
        note(world, guild, by, Action.MEMBER_DISCONNECT, None, options={"count": "1"})
    elif channel.id != state.channel_id:
        join(world, guild, user_id, channel, self_mute=state.self_mute, self_deaf=state.self_deaf)
        options: JsonObject = {"channel_id": str(channel.id), "count": "1"}
        note(world, guild, by, Action.MEMBER_MOVE, None, options=options)


def change_state(world: World, guild: Guild, state: VoiceState, facts: Mapping[str, Any]) -> None:
    """Set fields of a voice state: self_mute, self_deaf, suppress, asked_to_speak_at."""
    for name, value in facts.items():
        setattr(state, name, value)
    tell(world, guild, state)


def tell(world: World, guild: Guild, state: VoiceState) -> None:
    """Tell who is where and how."""
    world.publish("VOICE_STATE_UPDATE", voice_state_json(guild, state), guild)


# Stages


def open_stage(world: World, guild: Guild, stage: StageInstance, by: By | None = None) -> None:
    """Open a stage in its channel."""
    guild.stages[stage.channel_id] = stage
    world.publish("STAGE_INSTANCE_CREATE", stage_json(guild, stage), guild)
    _note(world, guild, stage, Action.STAGE_INSTANCE_CREATE, by, {}, _facts(stage))


def modify_stage(world: World, guild: Guild, stage: StageInstance, facts: Mapping[str, Any], by: By) -> None:
    """Change the topic or the privacy level of a stage."""
    before = _facts(stage)
    for name, value in facts.items():
        setattr(stage, name, value)
    world.publish("STAGE_INSTANCE_UPDATE", stage_json(guild, stage), guild)
    _note(world, guild, stage, Action.STAGE_INSTANCE_UPDATE, by, before, _facts(stage))


def close_stage(world: World, guild: Guild, stage: StageInstance, by: By | None = None) -> None:
    """Close a stage."""
    del guild.stages[stage.channel_id]
    world.publish("STAGE_INSTANCE_DELETE", stage_json(guild, stage), guild)
    _note(world, guild, stage, Action.STAGE_INSTANCE_DELETE, by, _facts(stage), {})


def _facts(stage: StageInstance) -> JsonObject:
    return {"topic": stage.topic, "privacy_level": stage.privacy_level}


def _note(
    world: World,
    guild: Guild,
    stage: StageInstance,
    action: Action,
    by: By | None,
    *states: JsonObject,
) -> None:
    if by is None:
        return
    before, after = states
    options: JsonObject = {"channel_id": str(stage.channel_id)}
    note(world, guild, by, action, stage.id, changes=difference(before, after), options=options)
