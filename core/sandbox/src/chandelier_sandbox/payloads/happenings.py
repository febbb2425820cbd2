"""Voice states, stages and scheduled events as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.members import member_json
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import EventPlace, Guild, ScheduledEvent, StageInstance, VoiceState


def voice_state_json(guild: Guild, state: VoiceState, *, in_guild: bool = False) -> JsonObject:
    """Describe a voice state (Discord: Voice State Object); in_guild: as GUILD_CREATE carries it."""
    member = guild.members.get(state.user_id)
    answer: JsonObject = {
        "channel_id": str(state.channel_id),
        "user_id": str(state.user_id),
        "session_id": state.session_id,
        "deaf": member is not None and member.deaf,
        "mute": member is not None and member.mute,
        "self_deaf": state.self_deaf,
        "self_mute": state.self_mute,
        "self_stream": False,
        "self_video": False,
        "suppress": state.suppress,
        "request_to_speak_timestamp": timestamp(state.asked_to_speak_at),
    }
    if in_guild:
        return answer
    answer["guild_id"] = str(guild.id)
    return answer | ({} if member is None else {"member": member_json(member)})


def stage_json(guild: Guild, stage: StageInstance) -> JsonObject:
    """Describe an open stage (Discord: Stage Instance Object)."""
    return {
        "id": str(stage.id),
        "guild_id": str(guild.id),
        "channel_id": str(stage.channel_id),
        "topic": stage.topic,
        "privacy_level": stage.privacy_level,
        "discoverable_disabled": True,
        "guild_scheduled_event_id": _id(stage.scheduled_event_id),
    }


def scheduled_event_json(guild: Guild, event: ScheduledEvent) -> JsonObject:
    """Describe a scheduled event (Discord: Guild Scheduled Event Object)."""
    return {
        "id": str(event.id),
        "guild_id": str(guild.id),
        "channel_id": _id(event.channel_id),
        "creator_id": str(event.creator.id),
        "creator": user_json(event.creator),
        "name": event.name,
        "description": event.description,
        "image": event.image,
        "scheduled_start_time": timestamp(event.starts_at),
        "scheduled_end_time": timestamp(event.ends_at),
        "privacy_level": 2,
        "status": int(event.status),
        "entity_type": int(event.place),
        "entity_id": None,
        "entity_metadata": {"location": event.location} if event.place is EventPlace.EXTERNAL else None,
        "recurrence_rule": event.recurrence,
    }


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
