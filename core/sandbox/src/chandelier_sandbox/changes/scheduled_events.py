"""Scheduled events come, change and go; members say that they are interested."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import scheduled_event_json
from chandelier_sandbox.records import Guild, ScheduledEvent
from chandelier_sandbox.world import World

_LOGGED = ("name", "description", "channel_id", "status", "entity_type", "privacy_level")


def create_event(world: World, guild: Guild, event: ScheduledEvent, by: By) -> None:
    """Schedule an event; who makes it is interested."""
    guild.scheduled_events[event.id] = event
    event.users.append(event.creator.id)
    world.publish("GUILD_SCHEDULED_EVENT_CREATE", scheduled_event_json(guild, event), guild)
    changes = difference({}, _logged(guild, event))
    note(world, guild, by, Action.GUILD_SCHEDULED_EVENT_CREATE, event.id, changes=changes)


def modify_event(world: World, guild: Guild, event: ScheduledEvent, facts: Mapping[str, Any], by: By) -> None:
    """Set fields of an event, named as those of the record."""
    before = _logged(guild, event)
    for name, value in facts.items():
        setattr(event, name, value)
    world.publish("GUILD_SCHEDULED_EVENT_UPDATE", scheduled_event_json(guild, event), guild)
    changes = difference(before, _logged(guild, event))
    note(world, guild, by, Action.GUILD_SCHEDULED_EVENT_UPDATE, event.id, changes=changes)


def delete_event(world: World, guild: Guild, event: ScheduledEvent, by: By) -> None:
    """Delete an event."""
    del guild.scheduled_events[event.id]
    world.publish("GUILD_SCHEDULED_EVENT_DELETE", scheduled_event_json(guild, event), guild)
    changes = difference(_logged(guild, event), {})
    note(world, guild, by, Action.GUILD_SCHEDULED_EVENT_DELETE, event.id, changes=changes)


def add_interest(world: World, guild: Guild, event: ScheduledEvent, user_id: int) -> None:
    """Let a member say that they are interested."""
    if user_id not in event.users:
        event.users.append(user_id)
        world.publish("GUILD_SCHEDULED_EVENT_USER_ADD", _interest(guild, event, user_id), guild)


def drop_interest(world: World, guild: Guild, event: ScheduledEvent, user_id: int) -> None:
    """Let a member say that they are not."""
    if user_id in event.users:
        event.users.remove(user_id)
        world.publish("GUILD_SCHEDULED_EVENT_USER_REMOVE", _interest(guild, event, user_id), guild)


def _interest(guild: Guild, event: ScheduledEvent, user_id: int) -> JsonObject:
    return {"guild_scheduled_event_id": str(event.id), "user_id": str(user_id), "guild_id": str(guild.id)}


def _logged(guild: Guild, event: ScheduledEvent) -> JsonObject:
    described = scheduled_event_json(guild, event)
    return {name: described[name] for name in _LOGGED} | ({"location": event.location} if event.location else {})
