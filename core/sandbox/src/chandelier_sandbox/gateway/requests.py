"""What a client asks for over the gateway: members, sounds, channel facts, a presence, a place in a voice channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from chandelier_sandbox.changes.voice import join, leave
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.gateway.closing import Closed
from chandelier_sandbox.gateway.identity import checked_presence, is_whole
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.gateway.sessions import Session
from chandelier_sandbox.payloads import guild_create_json, member_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind, Guild, Membership

if TYPE_CHECKING:
    from chandelier_sandbox.gateway.gateway import Gateway

CHUNK = 1000
MEMBERS_MOST = 100
NONCE_MOST_BYTES = 32
ALL_MEMBERS_WINDOW_S = 30.0
_Request = Callable[["Gateway", Session, JsonObject], None]


def change_presence(gateway: Gateway, session: Session, data: JsonObject) -> None:
    """Take the bot's presence (op 3)."""
    presence = checked_presence(data)
    gateway.presences.set(gateway.world.bot, presence["status"], presence["activities"])


def change_voice_state(gateway: Gateway, session: Session, data: JsonObject) -> None:
    """Join, change or leave a voice channel (op 4); without the permission nothing happens, and nothing is said."""
    guild = _guild(gateway, session, data.get("guild_id"))
    channel_id = data.get("channel_id")
    flags = (data.get("self_mute", False), data.get("self_deaf", False))
    if (channel_id is not None and not _is_id(channel_id)) or not all(isinstance(flag, bool) for flag in flags):
        raise Closed(4002)
    if guild is None:
        return
    world, own = gateway.world, gateway.world.bot
    if channel_id is None:
        leave(world, guild, own.id)
        return
    channel = guild.channels.get(int(channel_id))
    needed = Permission.VIEW_CHANNEL | Permission.CONNECT
    fits = channel is not None and channel.kind in (ChannelKind.VOICE, ChannelKind.STAGE)
    if channel is not None and fits and world.permissions_in(channel, own) & needed == needed:
        join(world, guild, own.id, channel, self_mute=flags[0], self_deaf=flags[1])


def send_members(gateway: Gateway, session: Session, data: JsonObject) -> None:
    """Answer REQUEST_GUILD_MEMBERS (op 8) with chunks (Discord: Gateway Events, Request Guild Members)."""
    query, wanted, limit = data.get("query"), data.get("user_ids"), data.get("limit") or 0
    if not isinstance(query, (str, type(None))) or not is_whole(limit) or limit < 0 or not _are_ids(wanted):
        raise Closed(4002)
    guild = _guild(gateway, session, data.get("guild_id"))
    nonce = data.get("nonce")
    fits = isinstance(nonce, str) and 0 < len(nonce.encode()) <= NONCE_MOST_BYTES
    label: JsonObject = {"nonce": nonce} if fits else {}  # a longer one is ignored, as Discord says
    if guild is None:
        return
    if wanted is None and not query and limit == 0:
        if Intent.GUILD_MEMBERS not in session.intents:
            raise Closed(4014)
        if _asks_too_soon(gateway, session, guild, label):
            return
    ids = None if wanted is None else [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    members = _found(guild, query or "", limit, None if ids is None else ids[:MEMBERS_MOST])
    with_presences = data.get("presences") is True and Intent.GUILD_PRESENCES in session.intents
    chunks = [members[start : start + CHUNK] for start in range(0, len(members), CHUNK)] or [[]]
    for index, chunk in enumerate(chunks):
        answer: JsonObject = {
            "guild_id": str(guild.id),
            "members": [member_json(member) for member in chunk],
            "chunk_index": index,
            "chunk_count": len(chunks),
        }
        if with_presences:
            answer["presences"] = _presences(gateway, guild, chunk)
        if ids is not None:
            answer["not_found"] = [one for one in ids[:MEMBERS_MOST] if int(one) not in guild.members]
        gateway.send(session, "GUILD_MEMBERS_CHUNK", answer | label)


def _found(guild: Guild, query: str, limit: int, ids: list[str] | None) -> list[Membership]:
    if ids is not None:
        return [guild.members[int(one)] for one in dict.fromkeys(ids) if int(one) in guild.members]
    start = query.lower()
    members = [
        member
        for member in guild.members.values()
        if any(name.lower().startswith(start) for name in (member.user.name, member.nick or member.user.name))
    ]
    most = min(limit or MEMBERS_MOST, MEMBERS_MOST) if query else limit
    return members[:most] if most else members


def _presences(gateway: Gateway, guild: Guild, members: list[Membership]) -> list[JsonObject]:
    shown = [
        gateway.presences.json(one.user, guild) for one in members if gateway.presences.status(one.user) != "offline"
    ]
    return [{name: value for name, value in presence.items() if name != "guild_id"} for presence in shown]


def _asks_too_soon(gateway: Gateway, session: Session, guild: Guild, label: JsonObject) -> bool:
    now = gateway.clock.time()
    left_s = session.members_asked_at.get(guild.id, 0.0) + ALL_MEMBERS_WINDOW_S - now
    if gateway.limits.enforced and left_s > 0:
        meta = {"guild_id": str(guild.id)} | label
        gateway.send(session, "RATE_LIMITED", {"opcode": 8, "retry_after": round(left_s, 3), "meta": meta})
        return True
    session.members_asked_at[guild.id] = now
    return False


def send_sounds(gateway: Gateway, session: Session, data: JsonObject) -> None:
    """Answer with the soundboard sounds of guilds (op 31)."""
    wanted = data.get("guild_ids")
    if not isinstance(wanted, list) or not _are_ids(wanted):
        raise Closed(4002)
    for one in wanted:
        if (guild := _guild(gateway, session, one)) is not None:
            sounds = guild_create_json(guild, ())["soundboard_sounds"]
            gateway.send(session, "SOUNDBOARD_SOUNDS", {"guild_id": str(guild.id), "soundboard_sounds": sounds})


def send_channel_info(gateway: Gateway, session: Session, data: JsonObject) -> None:
    """Answer with the status and start of voice channels (op 43)."""
    fields = data.get("fields")
    if not isinstance(fields, list) or not all(isinstance(one, str) for one in fields):
        raise Closed(4002)
    guild = _guild(gateway, session, data.get("guild_id"))
    if guild is None:
        return
    asked = [name for name in ("status", "voice_start_time") if name in fields]
    channels = [
        {"id": str(channel.id)} | {name: channel.settings.get(name) for name in asked}
        for channel in guild.channels.values()
        if channel.kind in (ChannelKind.VOICE, ChannelKind.STAGE) and gateway.visibility.sees(channel)
    ]
    gateway.send(session, "CHANNEL_INFO", {"guild_id": str(guild.id), "channels": channels})


REQUESTS: Mapping[int, _Request] = {
    3: change_presence,
    4: change_voice_state,
    8: send_members,
    31: send_sounds,
    43: send_channel_info,
}


def _guild(gateway: Gateway, session: Session, guild_id: Any) -> Guild | None:
    """Return a guild of this shard, None for one the bot is not in; a list of one id is accepted, as Discord does."""
    guild_id = guild_id[0] if isinstance(guild_id, list) and len(guild_id) == 1 else guild_id
    if not _is_id(guild_id):
        raise Closed(4002)
    guild = gateway.world.guilds.get(int(guild_id))
    return guild if guild is not None and session.sees(guild.id) else None


def _is_id(value: Any) -> bool:
    return (is_whole(value) and value >= 0) or (isinstance(value, str) and value.isdecimal() and len(value) <= 20)


def _are_ids(wanted: Any) -> bool:
    return wanted is None or all(_is_id(one) for one in (wanted if isinstance(wanted, list) else [wanted]))
