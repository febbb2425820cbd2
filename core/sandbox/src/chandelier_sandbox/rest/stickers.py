"""The stickers of a guild; Discord's own packs are empty here."""

from __future__ import annotations

from chandelier_sandbox.changes import expressions
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import sticker_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Guild, Sticker, StickerFormat
from chandelier_sandbox.rest.access import by, may_edit_expression, open_guild, sees_creators
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route, Standing
from chandelier_sandbox.shapes import ObjectOf, TextOf, checked

STICKERS_MOST = 5  # in a guild without boosts
_MOST_BYTES = 512 * 1024
_STICKER = ObjectOf(
    {"name": TextOf(30, least=2), "tags": TextOf(200, least=1), "description": TextOf(100)}, required=("name", "tags")
)


def list_stickers(call: Call) -> Answer:
    """List a guild's stickers."""
    guild = open_guild(call)
    whole = sees_creators(call, guild)
    return Answer([sticker_json(one, guild.id, with_creator=whole) for one in guild.stickers.values()])


def _find(call: Call) -> tuple[Guild, Sticker]:
    guild = open_guild(call)
    sticker = guild.stickers.get(call.number("sticker_id"))
    if sticker is None:
        raise refusal(10060)
    return guild, sticker


def get_sticker(call: Call) -> Answer:
    """Describe a sticker of the guild."""
    guild, sticker = _find(call)
    return Answer(sticker_json(sticker, guild.id, with_creator=sees_creators(call, guild)))


def find_anywhere(call: Call) -> Answer:
    """Describe a sticker of any guild."""
    number = call.number("sticker_id")
    for guild in call.discord.world.guilds.values():
        if number in guild.stickers:
            return Answer(sticker_json(guild.stickers[number], guild.id))
    raise refusal(10060)


def create_sticker(call: Call) -> Answer:
    """Create a sticker from a form with a PNG, APNG or GIF of at most 512 KiB."""
    guild = open_guild(call, Permission.CREATE_GUILD_EXPRESSIONS)
    facts = _facts(checked(call.body, _STICKER))
    form = _format(call)
    if len(guild.stickers) >= STICKERS_MOST:
        raise refusal(30039)
    number = call.discord.snowflakes.make()
    sticker = Sticker(number, facts["name"], facts["tags"], "", call.user, form)
    expressions.put_sticker(call.discord.world, guild, sticker, facts, by(call))
    return Answer(sticker_json(sticker, guild.id, with_creator=True), 201)


def patch_sticker(call: Call) -> Answer:
    """Change a sticker's name, tags or description."""
    guild, sticker = _find(call)
    may_edit_expression(call, guild, sticker.creator)
    facts = _facts(checked(call.body, _STICKER, partial=True))
    expressions.put_sticker(call.discord.world, guild, sticker, facts, by(call))
    return Answer(sticker_json(sticker, guild.id, with_creator=True))


def delete_sticker(call: Call) -> Answer:
    """Delete a sticker."""
    guild, sticker = _find(call)
    may_edit_expression(call, guild, sticker.creator)
    expressions.delete_sticker(call.discord.world, guild, sticker, by(call))
    return NO_CONTENT


def _facts(body: JsonObject) -> JsonObject:
    facts: JsonObject = {name: str(body[name]) for name in ("name", "tags") if body.get(name) is not None}
    if "description" in body:
        facts["description"] = str(body["description"] or "")
        if len(facts["description"]) == 1:
            errors = FormErrors()
            errors.add(("description",), "BASE_TYPE_BAD_LENGTH", "Must be between 2 and 100 in length.")
            errors.raise_any()
    return facts


def _format(call: Call) -> StickerFormat:
    """Return what kind of picture came with the form; none is 50035, too large 50045, another kind 50046."""
    if not call.files:
        errors = FormErrors()
        errors.missing(("file",))
        errors.raise_any()
    content = call.files[0].content
    if len(content) > _MOST_BYTES:
        raise refusal(50045)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return StickerFormat.APNG if b"acTL" in content[:4096] else StickerFormat.PNG
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return StickerFormat.GIF
    raise refusal(50046)  # Lottie is for verified and partnered servers


def list_packs(call: Call) -> Answer:
    """List Discord's own packs: there are none."""
    return Answer({"sticker_packs": []})


def get_pack(call: Call) -> Answer:
    """Refuse: there are no packs."""
    call.number("pack_id")
    raise refusal(10061)


_STICKERS = "/guilds/{guild_id}/stickers"
ROUTES: tuple[Route, ...] = (
    Route("GET", _STICKERS, list_stickers),
    Route("POST", _STICKERS, create_sticker),
    Route("GET", _STICKERS + "/{sticker_id}", get_sticker),
    Route("PATCH", _STICKERS + "/{sticker_id}", patch_sticker),
    Route("DELETE", _STICKERS + "/{sticker_id}", delete_sticker),
    Route("GET", "/stickers/{sticker_id}", find_anywhere),
    Route("GET", "/sticker-packs", list_packs, standing=Standing.TOLERATED),
    Route("GET", "/sticker-packs/{pack_id}", get_pack, standing=Standing.TOLERATED),
)
