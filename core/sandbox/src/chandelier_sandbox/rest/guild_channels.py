"""The channels of a guild: list, create, move."""

from __future__ import annotations

from chandelier_sandbox.changes import channels
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.payloads import channel_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind
from chandelier_sandbox.rest.access import by, held_in, open_guild
from chandelier_sandbox.rest.channel_fields import CHANNEL, channel_facts, checked_parent
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.shapes import ListOf, ObjectOf, Plain, WholeOf, check_shape, checked, is_true

CHANNELS_MOST = 500
_CATEGORIES_MOST = 50
_POSITIONS = ListOf(
    ObjectOf(
        {
            "id": Plain.SNOWFLAKE,
            "position": WholeOf(0, (1 << 31) - 1),
            "parent_id": Plain.SNOWFLAKE,
            "lock_permissions": Plain.FLAG,
        },
        ("id",),
    )
)


def list_channels(call: Call) -> Answer:
    """List a guild's channels."""
    return Answer([channel_json(channel) for channel in open_guild(call).channels.values()])


def create_channel(call: Call) -> Answer:
    """Create a channel; with overwrites it takes MANAGE_ROLES too."""
    guild = open_guild(call, Permission.MANAGE_CHANNELS)
    body = checked(call.body, CHANNEL)
    kind = ChannelKind(int(body.get("type") or 0))
    if body.get("permission_overwrites") and not held_in(call, guild) & Permission.MANAGE_ROLES:
        raise refusal(50013)
    facts = channel_facts(call, guild, kind, body, None)
    if len(guild.channels) >= CHANNELS_MOST:
        raise refusal(30013)
    categories = [one for one in guild.channels.values() if one.kind is ChannelKind.CATEGORY]
    if kind is ChannelKind.CATEGORY and len(categories) >= _CATEGORIES_MOST:
        raise refusal(30030)
    return Answer(channel_json(channels.create_channel(call.discord.world, guild, kind, facts, by(call))), 201)


def move_channels(call: Call) -> Answer:
    """Put channels at positions and under categories; lock_permissions gives them the category's overwrites."""
    guild, errors = open_guild(call, Permission.MANAGE_CHANNELS), FormErrors()
    check_shape(call.body or [], _POSITIONS, (), errors)
    errors.raise_any()
    rows = {int(row["id"]): row for row in call.body or []}
    if any(channel_id not in guild.channels for channel_id in rows):
        raise refusal(10003)
    wanted = {key: int(row["position"]) for key, row in rows.items() if row.get("position") is not None}
    parents = {
        key: checked_parent(guild, row["parent_id"], guild.channels[key])
        for key, row in rows.items()
        if "parent_id" in row
    }
    for channel_id, parent_id in parents.items():
        if is_true(rows[channel_id].get("lock_permissions")) and parent_id is not None:
            guild.channels[channel_id].overwrites = [*guild.channels[parent_id].overwrites]
    channels.move_channels(call.discord.world, guild, wanted, parents)
    return NO_CONTENT


_CHANNELS = "/guilds/{guild_id}/channels"
ROUTES: tuple[Route, ...] = (
    Route("GET", _CHANNELS, list_channels),
    Route("POST", _CHANNELS, create_channel),
    Route("PATCH", _CHANNELS, move_channels),
)
