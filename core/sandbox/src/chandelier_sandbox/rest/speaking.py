"""What every handler about messages asks first: does the channel hold messages, is its thread open, may this be said."""

from __future__ import annotations

from chandelier_sandbox.drafts import check_draft
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.gateway.visibility import without_content
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Guild, Message, MessageFlag
from chandelier_sandbox.rest.access import open_channel
from chandelier_sandbox.rest.routing import Call

_FORUMS = (ChannelKind.FORUM, ChannelKind.MEDIA)


def open_talk(call: Call, *needed: Permission) -> Channel:
    """Return the channel of the path, which must hold messages (50008; 40058 for forums)."""
    channel = open_channel(call)
    if channel.kind in _FORUMS:
        raise refusal(40058)
    if not channel.kind.holds_messages:
        raise refusal(50008)
    return open_channel(call, *needed)


def must_hold(call: Call, channel: Channel, *needed: Permission) -> None:
    """Raise 50013 unless the caller holds all of this in the channel."""
    held = call.discord.world.permissions_in(channel, call.user)
    if any(not held & permission for permission in needed):
        raise refusal(50013)


def must_be_open(channel: Channel) -> None:
    """Raise 50083 in an archived thread."""
    if channel.thread is not None and channel.thread.archived:
        raise refusal(50083)


def must_be_by_people(message: Message) -> None:
    """Raise 50021 for what Discord itself wrote."""
    if message.kind.is_system:
        raise refusal(50021)


def guild_of(call: Call, channel: Channel) -> Guild:
    """Return the guild of a channel; 50003 in direct messages."""
    if channel.guild_id is None:
        raise refusal(50003)
    return call.discord.world.guild(channel.guild_id)


def judge_new(call: Call, channel: Channel, body: JsonObject) -> None:
    """Raise what is wrong with a new message: its form (50035), then what the caller may not send (50013)."""
    check_draft(body)
    wanted = {
        Permission.ATTACH_FILES: bool(call.files),
        Permission.EMBED_LINKS: bool(body.get("embeds")),
        Permission.SEND_TTS_MESSAGES: body.get("tts") in (True, "true", "True"),
        Permission.SEND_POLLS: body.get("poll") is not None,
    }
    if channel.guild_id is not None:
        must_hold(call, channel, *(permission for permission, is_wanted in wanted.items() if is_wanted))
    if int(body.get("flags") or 0) & MessageFlag.IS_VOICE_MESSAGE:
        _judge_voice(call, channel, body)


def _judge_voice(call: Call, channel: Channel, body: JsonObject) -> None:
    """Raise what is wrong with a voice message (Discord: Message, Voice Messages)."""
    held = call.discord.world.permissions_in(channel, call.user)
    if channel.guild_id is not None and not held & Permission.SEND_VOICE_MESSAGES:
        raise refusal(50173)
    if any(body.get(part) for part in ("content", "embeds", "components", "sticker_ids", "poll")):
        raise refusal(50159)
    if len(call.files) != 1 or not call.files[0].content_type.startswith("audio/"):
        raise refusal(50160)
    described = body.get("attachments") or [{}]
    if not described[0].get("waveform") or described[0].get("duration_secs") is None:
        raise refusal(50161)


def quiet(call: Call, channel: Channel, message: Message) -> Message:
    """Take "@everyone" from a message whose author may not mention everyone."""
    held = call.discord.world.permissions_in(channel, call.user)
    if channel.guild_id is not None and not held & Permission.MENTION_EVERYONE:
        message.mention_everyone = False
    return message


def shown(call: Call, message: Message) -> JsonObject:
    """Describe a message as the bot may read it: what others say is withheld without the privileged intent."""
    world = call.discord.world
    answer = world.render(message)
    if message.guild_id is None or call.discord.gateway.privileged & Intent.MESSAGE_CONTENT:
        return answer
    place = {"guild_id": str(message.guild_id)}
    judged = without_content("MESSAGE_CREATE", answer | place, str(world.bot.id))
    return {name: value for name, value in judged.items() if name not in place}
