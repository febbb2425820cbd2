"""Voice: who is where, the bot's own voice state, statuses of channels, regions."""

from __future__ import annotations

from chandelier_sandbox.changes import voice
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import voice_state_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind, Guild, VoiceState
from chandelier_sandbox.rest.access import find_user, open_channel, open_guild
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route, Standing
from chandelier_sandbox.shapes import ObjectOf, Plain, TextOf, checked, is_true, moment

P = Permission
_STATE = ObjectOf({"channel_id": Plain.SNOWFLAKE, "suppress": Plain.FLAG, "request_to_speak_timestamp": Plain.MOMENT})
_REGIONS = ("rotterdam", "singapore", "us-east")


def _find(call: Call, user_id: int) -> tuple[Guild, VoiceState]:
    guild = open_guild(call)
    state = guild.voice_states.get(user_id)
    if state is None:
        raise refusal(10065)
    return guild, state


def get_own(call: Call) -> Answer:
    """Describe the bot's own voice state."""
    return Answer(voice_state_json(*_find(call, call.user.id)))


def get_other(call: Call) -> Answer:
    """Describe a member's voice state."""
    open_guild(call)
    return Answer(voice_state_json(*_find(call, find_user(call).id)))


def patch_own(call: Call) -> Answer:
    """Speak, fall silent or ask to speak on a stage; speaking takes MUTE_MEMBERS, asking REQUEST_TO_SPEAK."""
    guild, state = _find(call, call.user.id)
    body = checked(call.body, _STATE)
    held = _held_on_stage(call, guild, state, body)
    facts: JsonObject = {}
    if "request_to_speak_timestamp" in body:
        if body["request_to_speak_timestamp"] is not None and not held & P.REQUEST_TO_SPEAK:
            raise refusal(50013)
        asked = body["request_to_speak_timestamp"]
        facts["asked_to_speak_at"] = None if asked is None else moment(asked)
    if body.get("suppress") is not None:
        facts |= _silence(body)
        if not facts["suppress"] and not held & P.MUTE_MEMBERS:
            raise refusal(50013)
    voice.change_state(call.discord.world, guild, state, facts)
    return NO_CONTENT


def patch_other(call: Call) -> Answer:
    """Let a member speak on a stage, or silence them."""
    open_guild(call)
    guild, state = _find(call, find_user(call).id)
    body = checked(call.body, _STATE)
    if not _held_on_stage(call, guild, state, body) & P.MUTE_MEMBERS:
        raise refusal(50013)
    voice.change_state(call.discord.world, guild, state, _silence(body) if body.get("suppress") is not None else {})
    return NO_CONTENT


def _silence(body: JsonObject) -> JsonObject:
    return {"suppress": is_true(body["suppress"]), "asked_to_speak_at": None}


def _held_on_stage(call: Call, guild: Guild, state: VoiceState, body: JsonObject) -> int:
    """Return what the caller may do in the stage channel of a voice state, which the body may have to name."""
    channel = guild.channels[state.channel_id]
    if body.get("channel_id") is not None and int(body["channel_id"]) != channel.id:
        raise refusal(40032)
    if channel.kind is not ChannelKind.STAGE:
        raise refusal(50024)
    return call.discord.world.permissions_in(channel, call.user)


def put_status(call: Call) -> Answer:
    """Set what a voice channel says it is about; it is told and not kept."""
    channel = open_channel(call, P.SET_VOICE_CHANNEL_STATUS)
    if channel.kind is not ChannelKind.VOICE or channel.guild_id is None:
        raise refusal(50024)
    status = checked(call.body, ObjectOf({"status": TextOf(500)})).get("status") or None
    payload: JsonObject = {"id": str(channel.id), "guild_id": str(channel.guild_id), "status": status}
    world = call.discord.world
    world.publish("VOICE_CHANNEL_STATUS_UPDATE", payload, world.guild(channel.guild_id))
    return NO_CONTENT


def list_regions(call: Call) -> Answer:
    """List where voice could be served."""
    if "guild_id" in call.path:
        open_guild(call)
    names = {one: one.replace("-", " ").title() for one in _REGIONS}
    return Answer(
        [
            {"id": one, "name": name, "custom": False, "deprecated": False, "optimal": one == _REGIONS[0]}
            for one, name in names.items()
        ]
    )


_STATES = "/guilds/{guild_id}/voice-states"
ROUTES: tuple[Route, ...] = (
    Route("GET", _STATES + "/@me", get_own),
    Route("PATCH", _STATES + "/@me", patch_own),
    Route("GET", _STATES + "/{user_id}", get_other),
    Route("PATCH", _STATES + "/{user_id}", patch_other),
    Route("PUT", "/channels/{channel_id}/voice-status", put_status, standing=Standing.TOLERATED),
    Route("GET", "/guilds/{guild_id}/regions", list_regions, standing=Standing.TOLERATED),
    Route("GET", "/voice/regions", list_regions, standing=Standing.TOLERATED),
)
