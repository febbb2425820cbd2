"""The soundboard of a guild; sounds are kept by name, what they sound like is not."""

from __future__ import annotations

import re

from chandelier_sandbox.changes import expressions
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import sound_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Guild, Sound
from chandelier_sandbox.rest.access import by, may_edit_expression, open_channel, open_guild, sees_creators
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route, Standing
from chandelier_sandbox.shapes import ObjectOf, Plain, TextOf, checked

_MOST_CHARACTERS = 700_000  # 512 KiB as base64
_AUDIO = re.compile(r"data:audio/(?:mp3|mpeg|ogg);base64,[A-Za-z0-9+/=]+")
_SOUND = ObjectOf(
    {
        "name": TextOf(32, least=2),
        "sound": Plain.TEXT,
        "volume": Plain.ANY,
        "emoji_id": Plain.SNOWFLAKE,
        "emoji_name": TextOf(32),
    },
    required=("name", "sound"),
)


def list_sounds(call: Call) -> Answer:
    """List a guild's sounds."""
    guild = open_guild(call)
    whole = sees_creators(call, guild)
    return Answer({"items": [sound_json(one, guild.id, with_creator=whole) for one in guild.sounds.values()]})


def _find(call: Call) -> tuple[Guild, Sound]:
    guild = open_guild(call)
    sound = guild.sounds.get(call.number("sound_id"))
    if sound is None:
        raise refusal(10097)
    return guild, sound


def get_sound(call: Call) -> Answer:
    """Describe a sound."""
    guild, sound = _find(call)
    return Answer(sound_json(sound, guild.id, with_creator=sees_creators(call, guild)))


def create_sound(call: Call) -> Answer:
    """Add a sound."""
    guild = open_guild(call, Permission.CREATE_GUILD_EXPRESSIONS)
    body = checked(call.body, _SOUND)
    facts, errors = _facts(body), FormErrors()
    if _AUDIO.fullmatch(str(body["sound"])) is None:
        errors.add(("sound",), "SOUND_INVALID", "Invalid sound")
    elif len(str(body["sound"])) > _MOST_CHARACTERS:
        errors.add(("sound",), "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 512.0 kb.")
    errors.raise_any()
    sound = Sound(call.discord.snowflakes.make(), facts["name"], call.user)
    expressions.put_sound(call.discord.world, guild, sound, facts, by(call))
    return Answer(sound_json(sound, guild.id, with_creator=True), 201)


def patch_sound(call: Call) -> Answer:
    """Change a sound's name, volume or emoji."""
    guild, sound = _find(call)
    may_edit_expression(call, guild, sound.creator)
    facts = _facts(checked(call.body, _SOUND, partial=True))
    expressions.put_sound(call.discord.world, guild, sound, facts, by(call))
    return Answer(sound_json(sound, guild.id, with_creator=True))


def delete_sound(call: Call) -> Answer:
    """Delete a sound."""
    guild, sound = _find(call)
    may_edit_expression(call, guild, sound.creator)
    expressions.delete_sound(call.discord.world, guild, sound, by(call))
    return NO_CONTENT


def _facts(body: JsonObject) -> JsonObject:
    facts: JsonObject = {}
    if body.get("name") is not None:
        facts["name"] = str(body["name"])
    if body.get("volume") is not None:
        volume, errors = body["volume"], FormErrors()
        if isinstance(volume, bool) or not isinstance(volume, (int, float)) or not 0 <= volume <= 1:
            errors.add(("volume",), "NUMBER_TYPE_MAX", "float value should be between 0.0 and 1.0.")
        errors.raise_any()
        facts["volume"] = float(volume)
    if "emoji_id" in body:
        facts["emoji_id"] = None if body["emoji_id"] is None else int(body["emoji_id"])
    if "emoji_name" in body:
        facts["emoji_name"] = body["emoji_name"]
    return facts


def list_default_sounds(call: Call) -> Answer:
    """List the sounds every server has: here none."""
    return Answer([])


def send_sound(call: Call) -> Answer:
    """Play a sound where the bot is connected; nobody hears it."""
    channel = open_channel(call, Permission.SPEAK, Permission.USE_SOUNDBOARD)
    if channel.guild_id is None:
        raise refusal(50003)
    guild = call.discord.world.guild(channel.guild_id)
    body = checked(call.body, ObjectOf({"sound_id": Plain.SNOWFLAKE}, ("sound_id",)))
    state = guild.voice_states.get(call.user.id)
    if state is None or state.channel_id != channel.id:
        raise refusal(40032)
    if int(body["sound_id"]) not in guild.sounds:
        raise refusal(10097)
    return NO_CONTENT


_SOUNDS = "/guilds/{guild_id}/soundboard-sounds"
_T = Standing.TOLERATED
ROUTES: tuple[Route, ...] = (
    Route("GET", _SOUNDS, list_sounds, standing=_T),
    Route("POST", _SOUNDS, create_sound, standing=_T),
    Route("GET", _SOUNDS + "/{sound_id}", get_sound, standing=_T),
    Route("PATCH", _SOUNDS + "/{sound_id}", patch_sound, standing=_T),
    Route("DELETE", _SOUNDS + "/{sound_id}", delete_sound, standing=_T),
    Route("GET", "/soundboard-default-sounds", list_default_sounds, standing=_T),
    Route("POST", "/channels/{channel_id}/send-soundboard-sound", send_sound, standing=_T),
)
