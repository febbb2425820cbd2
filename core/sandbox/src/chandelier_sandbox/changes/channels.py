"""Channels come, change, move and go; what they allow and deny."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chandelier_sandbox.changes import voice
from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import channel_json, guild_json
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Overwrite
from chandelier_sandbox.world import World

_LOGGED = (
    "name",
    "type",
    "topic",
    "nsfw",
    "rate_limit_per_user",
    "bitrate",
    "user_limit",
    "rtc_region",
    "default_auto_archive_duration",
    "default_thread_rate_limit_per_user",
    "available_tags",
    "default_reaction_emoji",
)
_BOUND = (
    "system_channel_id",
    "afk_channel_id",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
)


def create_channel(world: World, guild: Guild, kind: ChannelKind, facts: Mapping[str, Any], by: By) -> Channel:
    """Add a channel; without overwrites of its own it takes those of its category."""
    channel = Channel(world.snowflakes.make(), "", kind, guild.id, position=_end(guild))
    parent = guild.channels.get(facts.get("parent_id") or 0)
    if parent is not None:
        channel.overwrites = [Overwrite(one.id, one.kind, one.allow, one.deny) for one in parent.overwrites]
    _fill(channel, facts)
    guild.channels[channel.id] = channel
    world.know_channel(channel)
    if "position" in facts:
        _arrange(world, guild, {channel.id: facts["position"]}, quiet=channel)
    world.publish("CHANNEL_CREATE", channel_json(channel), guild)
    note(world, guild, by, Action.CHANNEL_CREATE, channel.id, changes=difference({}, _logged(channel)))
    return channel


def modify_channel(world: World, guild: Guild, channel: Channel, facts: Mapping[str, Any], by: By) -> None:
    """Set fields of a channel, named as those of the record; those of its kind under `settings`."""
    before, overwrites = _logged(channel), [*channel.overwrites]
    _fill(channel, {name: value for name, value in facts.items() if name != "position"})
    if "position" in facts:
        _arrange(world, guild, {channel.id: facts["position"]}, quiet=channel)
    tell(world, guild, channel)
    changes = difference(before, _logged(channel))
    if changes:
        note(world, guild, by, Action.CHANNEL_UPDATE, channel.id, changes=changes)
    _note_overwrites(world, guild, channel, overwrites, by)


def delete_channel(world: World, guild: Guild, channel: Channel, by: By) -> None:
    """Delete a channel; children of a category stay, whoever speaks there is disconnected."""
    logged = _logged(channel)
    for child in [one for one in guild.channels.values() if one.parent_id == channel.id]:
        child.parent_id = None
        tell(world, guild, child)
    for state in [one for one in guild.voice_states.values() if one.channel_id == channel.id]:
        voice.leave(world, guild, state.user_id)
    if channel.id in guild.stages:
        voice.close_stage(world, guild, guild.stages[channel.id])
    world.remove_channel(guild, channel)
    bound = [name for name in _BOUND if guild.settings.get(name) == str(channel.id)]
    if bound:
        guild.settings.update(dict.fromkeys(bound))
        world.publish("GUILD_UPDATE", guild_json(guild), guild)
    note(world, guild, by, Action.CHANNEL_DELETE, channel.id, changes=difference(logged, {}))


def move_channels(world: World, guild: Guild, wanted: Mapping[int, int], parents: Mapping[int, int | None]) -> None:
    """Put channels at positions and under categories (Discord: Modify Guild Channel Positions)."""
    moved = [guild.channels[channel_id] for channel_id, parent in parents.items()]
    for channel in moved:
        channel.parent_id = parents[channel.id]
    told = _arrange(world, guild, wanted)
    for channel in moved:
        if channel not in told:
            tell(world, guild, channel)


def put_overwrite(world: World, guild: Guild, channel: Channel, overwrite: Overwrite, by: By) -> None:
    """Set what a channel allows and denies somebody."""
    before = [*channel.overwrites]
    channel.overwrites = [one for one in before if one.id != overwrite.id] + [overwrite]
    tell(world, guild, channel)
    _note_overwrites(world, guild, channel, before, by)


def delete_overwrite(world: World, guild: Guild, channel: Channel, overwrite: Overwrite, by: By) -> None:
    """Forget what a channel allows and denies somebody."""
    before = [*channel.overwrites]
    channel.overwrites.remove(overwrite)
    tell(world, guild, channel)
    _note_overwrites(world, guild, channel, before, by)


def tell(world: World, guild: Guild, channel: Channel) -> None:
    """Tell that a channel has changed."""
    world.publish("CHANNEL_UPDATE", channel_json(channel), guild)


def _fill(channel: Channel, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name == "settings":
            merged = channel.settings | value
            channel.settings = {name: inner for name, inner in merged.items() if inner is not None}
        elif name != "position":
            setattr(channel, name, value)


def _end(guild: Guild) -> int:
    return max((channel.position for channel in guild.channels.values()), default=-1) + 1


def _arrange(world: World, guild: Guild, wanted: Mapping[int, int], *, quiet: Channel | None = None) -> list[Channel]:
    """Let the channels at wanted places push the others on; tell of each that moved, but not of the quiet one."""
    order = sorted(
        (one for one in guild.channels.values() if one.id not in wanted), key=lambda one: (one.position, one.id)
    )
    for channel_id in sorted(wanted, key=lambda one: wanted[one]):
        order.insert(max(0, wanted[channel_id]), guild.channels[channel_id])
    moved = [channel for place, channel in enumerate(order) if channel.position != place]
    for place, channel in enumerate(order):
        channel.position = place
    for channel in moved:
        if channel is not quiet:
            tell(world, guild, channel)
    return moved


def _logged(channel: Channel) -> JsonObject:
    described = channel_json(channel)
    return {name: described[name] for name in _LOGGED if name in described}


def _note_overwrites(world: World, guild: Guild, channel: Channel, before: Iterable[Overwrite], by: By) -> None:
    """Write one entry for each overwrite that came, changed or went."""
    old = {one.id: one for one in before}
    new = {one.id: one for one in channel.overwrites}
    for target in {**old, **new}:
        was, now = _overwrite_facts(old.get(target)), _overwrite_facts(new.get(target))
        if was == now:
            continue
        action = Action.CHANNEL_OVERWRITE_UPDATE
        if target not in old:
            action = Action.CHANNEL_OVERWRITE_CREATE
        elif target not in new:
            action = Action.CHANNEL_OVERWRITE_DELETE
        kind = (new.get(target) or old[target]).kind
        options: JsonObject = {"id": str(target), "type": str(kind)}
        if kind == 0 and target in guild.roles:
            options["role_name"] = guild.roles[target].name
        note(world, guild, by, action, channel.id, changes=difference(was, now), options=options)


def _overwrite_facts(overwrite: Overwrite | None) -> JsonObject:
    if overwrite is None:
        return {}
    return {
        "id": str(overwrite.id),
        "type": overwrite.kind,
        "allow": str(overwrite.allow),
        "deny": str(overwrite.deny),
    }
