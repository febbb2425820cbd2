"""Scheduled events: list, create, change, delete, and who is interested."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chandelier_sandbox.changes import scheduled_events
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.payloads import member_json, scheduled_event_json, user_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind, EventPlace, EventStatus, Guild, ScheduledEvent
from chandelier_sandbox.rest.access import by, held_in, open_guild
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.shapes import ObjectOf, OneOf, Plain, TextOf, checked, moment

EVENTS_MOST = 100
_EVENT = ObjectOf(
    {
        "name": TextOf(100, least=1),
        "description": TextOf(1000),
        "image": Plain.ANY,
        "scheduled_start_time": Plain.MOMENT,
        "scheduled_end_time": Plain.MOMENT,
        "privacy_level": OneOf((2,)),
        "entity_type": OneOf((1, 2, 3)),
        "channel_id": Plain.SNOWFLAKE,
        "entity_metadata": ObjectOf({"location": TextOf(100)}),
        "recurrence_rule": ObjectOf(),
        "status": OneOf((1, 2, 3, 4)),
    },
    required=("name", "scheduled_start_time", "privacy_level", "entity_type"),
)
_KINDS = {EventPlace.STAGE: ChannelKind.STAGE, EventPlace.VOICE: ChannelKind.VOICE}
# Discord: Guild Scheduled Event, Valid Status Transitions
_NEXT = {
    EventStatus.SCHEDULED: (EventStatus.ACTIVE, EventStatus.CANCELED),
    EventStatus.ACTIVE: (EventStatus.COMPLETED,),
}
_OPEN = (EventStatus.SCHEDULED, EventStatus.ACTIVE)


def list_events(call: Call) -> Answer:
    """List the events that are not over."""
    guild, counted = open_guild(call), call.flag("with_user_count")
    events = [one for one in guild.scheduled_events.values() if one.status in _OPEN]
    return Answer([shown_event(guild, event, with_count=counted) for event in events])


def shown_event(guild: Guild, event: ScheduledEvent, *, with_count: bool = False) -> JsonObject:
    """Describe an event as answers do, which events do not."""
    answer = scheduled_event_json(guild, event) | {"guild_scheduled_event_exceptions": []}
    return answer | ({"user_count": len(event.users)} if with_count else {})


def _find(call: Call) -> tuple[Guild, ScheduledEvent]:
    guild = open_guild(call)
    event = guild.scheduled_events.get(call.number("guild_scheduled_event_id"))
    if event is None:
        raise refusal(10070)
    return guild, event


def get_event(call: Call) -> Answer:
    """Describe an event."""
    guild, event = _find(call)
    return Answer(shown_event(guild, event, with_count=call.flag("with_user_count")))


def create_event(call: Call) -> Answer:
    """Schedule an event."""
    guild = open_guild(call, Permission.CREATE_EVENTS)
    body = checked(call.body, _EVENT)
    if sum(one.status in _OPEN for one in guild.scheduled_events.values()) >= EVENTS_MOST:
        raise refusal(30038)
    place = EventPlace(int(body["entity_type"]))
    event = ScheduledEvent(call.discord.snowflakes.make(), "", call.user, place, call.discord.clock.now())
    for name, value in _facts(call, guild, event, body).items():
        setattr(event, name, value)
    scheduled_events.create_event(call.discord.world, guild, event, by(call))
    return Answer(shown_event(guild, event))


def _may_change(call: Call, guild: Guild, event: ScheduledEvent) -> None:
    held, own = held_in(call, guild), event.creator.id == call.user.id
    if not held & Permission.MANAGE_EVENTS and not (own and held & Permission.CREATE_EVENTS):
        raise refusal(50013)


def patch_event(call: Call) -> Answer:
    """Change an event that is not over; its status only moves on."""
    guild, event = _find(call)
    _may_change(call, guild, event)
    body = checked(call.body, _EVENT, partial=True)
    if event.status not in _OPEN:
        raise refusal(180000)
    facts = _facts(call, guild, event, body)
    if body.get("status") is not None and int(body["status"]) != event.status:
        facts["status"] = EventStatus(int(body["status"]))
        if facts["status"] not in _NEXT[event.status]:
            errors = FormErrors()
            errors.add(("status",), "TRANSITION_INVALID", "Invalid Guild Scheduled Event Status Transition")
            errors.raise_any()
    scheduled_events.modify_event(call.discord.world, guild, event, facts, by(call))
    return Answer(shown_event(guild, event))


def delete_event(call: Call) -> Answer:
    """Delete an event."""
    guild, event = _find(call)
    _may_change(call, guild, event)
    scheduled_events.delete_event(call.discord.world, guild, event, by(call))
    return NO_CONTENT


def _facts(call: Call, guild: Guild, event: ScheduledEvent, body: JsonObject) -> JsonObject:
    """Turn a body into fields of the record, or refuse what does not go together."""
    facts: JsonObject = {}
    if body.get("name") is not None:
        facts["name"] = str(body["name"])
    if "description" in body:
        facts["description"] = body["description"] or None
    if "image" in body:
        facts["image"] = image_hash(body["image"], "image")
    if "recurrence_rule" in body:
        facts["recurrence"] = body["recurrence_rule"]
    if body.get("entity_type") is not None:
        facts["place"] = EventPlace(int(body["entity_type"]))
    errors = FormErrors()
    facts |= _times(call, event, body, errors) | _place(guild, event, facts.get("place", event.place), body, errors)
    if facts.get("place", event.place) is EventPlace.EXTERNAL and facts.get("ends_at", event.ends_at) is None:
        errors.missing(("scheduled_end_time",))
    errors.raise_any()
    return facts


def _times(call: Call, event: ScheduledEvent, body: JsonObject, errors: FormErrors) -> JsonObject:
    facts: dict[str, datetime | None] = {}
    if body.get("scheduled_start_time") is not None:
        facts["starts_at"] = start = moment(body["scheduled_start_time"])
        if start is not None and start < call.discord.clock.now():
            sentence = "Cannot schedule event in the past."
            errors.add(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", sentence)
    if "scheduled_end_time" in body:
        end: Any = body["scheduled_end_time"]
        facts["ends_at"] = None if end is None else moment(end)
    start, end = facts.get("starts_at", event.starts_at), facts.get("ends_at", event.ends_at)
    if start is not None and end is not None and end <= start:
        sentence = "Event end time must be after its start time."
        errors.add(("scheduled_end_time",), "GUILD_SCHEDULED_EVENT_END_BEFORE_START", sentence)
    return facts


def _place(guild: Guild, event: ScheduledEvent, place: EventPlace, body: JsonObject, errors: FormErrors) -> JsonObject:
    """Read where an event takes place: in a channel of its kind, or at a location."""
    if place is EventPlace.EXTERNAL:
        location = (body.get("entity_metadata") or {}).get("location") or event.location
        if not location:
            errors.missing(("entity_metadata", "location"))
        return {"location": location, "channel_id": None}
    channel_id = body.get("channel_id") or event.channel_id
    if channel_id is None:
        errors.missing(("channel_id",))
        return {}
    channel = guild.channels.get(int(channel_id))
    if channel is None:
        raise refusal(10003)
    if channel.kind is not _KINDS[place]:
        errors.add(("channel_id",), "CHANNEL_INVALID", "Invalid channel type for this event")
    return {"channel_id": channel.id, "location": None}


def list_users(call: Call) -> Answer:
    """List who is interested, by rising id (before, after, limit)."""
    guild, event = _find(call)
    most, before, after = call.count("limit", 100, 100), call.marker("before"), call.marker("after")
    ids = sorted(event.users)
    if before is not None:
        ids = [user_id for user_id in ids if user_id < before][-most:]
    elif after is not None:
        ids = [user_id for user_id in ids if user_id > after]
    return Answer([_interested(call, guild, event, user_id) for user_id in ids[:most]])


def _interested(call: Call, guild: Guild, event: ScheduledEvent, user_id: int) -> JsonObject:
    answer: JsonObject = {
        "guild_scheduled_event_id": str(event.id),
        "user_id": str(user_id),
        "user": user_json(call.discord.world.users[user_id]),
        "response": 1,
    }
    if call.flag("with_member") and user_id in guild.members:
        answer["member"] = member_json(guild.members[user_id])
    return answer


def count_users(call: Call) -> Answer:
    """Tell how many are interested."""
    _, event = _find(call)
    return Answer({"guild_scheduled_event_count": len(event.users), "guild_scheduled_event_exception_counts": {}})


_EVENTS = "/guilds/{guild_id}/scheduled-events"
_ONE = _EVENTS + "/{guild_scheduled_event_id}"
ROUTES: tuple[Route, ...] = (
    Route("GET", _EVENTS, list_events),
    Route("POST", _EVENTS, create_event),
    Route("GET", _ONE, get_event),
    Route("PATCH", _ONE, patch_event),
    Route("DELETE", _ONE, delete_event),
    Route("GET", _ONE + "/users", list_users),
    Route("GET", _ONE + "/users/counts", count_users),
)
