"""Emojis, stickers and sounds of a server."""

from __future__ import annotations

import base64
from typing import Any

import aiohttp

from chandelier_sandbox import Permission

from .guild_steps import Desk, changes
from .requests_table import IMAGE, PNG

P = Permission
GIF = b"GIF89a" + bytes(20)
HORN = {"name": "horn", "sound": "data:audio/ogg;base64,T2dnUw=="}


def uri(content: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


async def test_an_emoji_is_made_changed_and_deleted(desk: Desk) -> None:
    role = desk.sandbox.world.add_role(desk.guild, "Helpers")
    made = await desk.ask("POST", "emojis", {"name": "wave", "image": IMAGE, "roles": [str(role.id)]})
    assert (made["name"], made["roles"], made["animated"]) == ("wave", [str(role.id)], False)
    assert made["user"]["id"] == str(desk.sandbox.bot_id)
    assert [one["name"] for one in desk.last("GUILD_EMOJIS_UPDATE")["emojis"]] == ["wave"]
    assert (await desk.last_entry())["action_type"] == 60
    path = f"emojis/{made['id']}"
    assert (await desk.ask("PATCH", path, {"name": "bow", "roles": None}))["roles"] == []
    entry = await desk.last_entry()
    assert (entry["action_type"], changes(entry)) == (61, {"name": ("wave", "bow")})
    assert (await desk.ask("GET", "emojis"))[0] == await desk.ask("GET", path)
    assert await desk.status("DELETE", path) == 204
    assert desk.last("GUILD_EMOJIS_UPDATE")["emojis"] == []
    assert (await desk.last_entry())["action_type"] == 62
    assert await desk.refused("GET", path) == (400, 10014) == await desk.refused("DELETE", path)


async def test_an_animated_emoji_is_a_gif(desk: Desk) -> None:
    assert (await desk.ask("POST", "emojis", {"name": "spin", "image": uri(GIF, "image/gif")}))["animated"] is True


async def test_bad_emojis_are_50035(desk: Desk) -> None:
    fine = {"name": "wave", "image": IMAGE}
    assert await desk.form_error("emojis", fine | {"name": "no spaces"}, "name") == "STRING_TYPE_REGEX"
    assert await desk.form_error("emojis", fine | {"name": "x"}, "name") == "BASE_TYPE_BAD_LENGTH"
    assert await desk.form_error("emojis", fine | {"image": "nonsense"}, "image") == "IMAGE_INVALID"
    large = uri(PNG + bytes(256 * 1024))
    assert await desk.form_error("emojis", fine | {"image": large}, "image") == "BINARY_TYPE_MAX_SIZE"
    assert await desk.form_error("emojis", fine | {"roles": ["5"]}, "roles", "0") == "INVALID_ROLE"
    assert desk.guild.emojis == {}


async def test_a_guild_has_fifty_emojis_of_each_sort(desk: Desk) -> None:
    first = await desk.ask("POST", "emojis", {"name": "wave", "image": IMAGE})
    one = desk.guild.emojis[int(first["id"])]
    desk.guild.emojis |= dict.fromkeys(range(49), one)
    assert await desk.refused("POST", "emojis", {"name": "more", "image": IMAGE}) == (400, 30008)
    assert await desk.status("POST", "emojis", {"name": "spin", "image": uri(GIF, "image/gif")}) == 201


async def test_expressions_take_permissions_but_their_maker_may_change_them(desk: Desk) -> None:
    own = await desk.ask("POST", "emojis", {"name": "wave", "image": IMAGE})
    desk.without(P.MANAGE_GUILD_EXPRESSIONS)
    assert await desk.status("PATCH", f"emojis/{own['id']}", {"name": "bow"}) == 200
    desk.guild.emojis[int(own["id"])].creator = desk.sandbox.world.add_user("bob")
    assert await desk.refused("PATCH", f"emojis/{own['id']}", {"name": "nod"}) == (403, 50013)
    assert await desk.refused("DELETE", f"emojis/{own['id']}") == (403, 50013)
    desk.without(P.CREATE_GUILD_EXPRESSIONS, P.MANAGE_GUILD_EXPRESSIONS)
    assert "user" not in (await desk.ask("GET", "emojis"))[0]
    assert await desk.refused("POST", "emojis", {"name": "more", "image": IMAGE}) == (403, 50013)
    assert await desk.refused("POST", "soundboard-sounds", HORN) == (403, 50013)
    assert await send_sticker(desk, PNG) == (403, 50013)


async def send_sticker(desk: Desk, content: bytes | None, **fields: str) -> Any:
    """Send the form of a sticker; return the answer, or status and code of a refusal."""
    form = aiohttp.FormData()
    for name, value in ({"name": "wave", "tags": "hand", "description": "A hand"} | fields).items():
        form.add_field(name, value)
    if content is not None:
        form.add_field("file", content, filename="sticker.png", content_type="image/png")
    else:
        form.add_field("other", b"x", filename="")
    status, answer, _ = await desk.rest("POST", f"{desk.path}/stickers", data=form)
    return answer if status == 201 else (status, answer["code"])


async def test_a_sticker_is_made_changed_and_deleted(desk: Desk) -> None:
    made = await send_sticker(desk, PNG)
    assert (made["name"], made["tags"], made["format_type"]) == ("wave", "hand", 1)
    assert [one["name"] for one in desk.last("GUILD_STICKERS_UPDATE")["stickers"]] == ["wave"]
    assert (await desk.last_entry())["action_type"] == 90
    path = f"stickers/{made['id']}"
    assert (await desk.ask("PATCH", path, {"name": "bow", "description": None}))["description"] is None
    assert (await desk.last_entry())["action_type"] == 91
    assert (await desk.ask("GET", f"/stickers/{made['id']}"))["name"] == "bow"
    assert len(await desk.ask("GET", "stickers")) == 1
    assert await desk.status("DELETE", path) == 204
    assert (await desk.last_entry())["action_type"] == 92
    assert await desk.refused("GET", path) == (404, 10060) == await desk.refused("GET", f"/{path}")


async def test_a_sticker_is_a_picture_of_some_size_at_most(desk: Desk) -> None:
    assert (await send_sticker(desk, GIF))["format_type"] == 4
    assert (await send_sticker(desk, PNG + b"acTL"))["format_type"] == 2
    assert await send_sticker(desk, b"words") == (400, 50046)
    assert await send_sticker(desk, PNG + bytes(512 * 1024)) == (400, 50045)
    assert await send_sticker(desk, PNG, name="x") == (400, 50035)
    assert await send_sticker(desk, PNG, description="x") == (400, 50035)
    while len(desk.guild.stickers) < 5:
        await send_sticker(desk, PNG)
    assert await send_sticker(desk, PNG) == (400, 30039)


async def test_there_are_no_sticker_packs(desk: Desk) -> None:
    assert await desk.ask("GET", "/sticker-packs") == {"sticker_packs": []}
    assert await desk.refused("GET", "/sticker-packs/5") == (404, 10061)


async def test_a_sound_is_made_changed_and_deleted(desk: Desk) -> None:
    made = await desk.ask("POST", "soundboard-sounds", HORN | {"volume": 0.5})
    assert (made["name"], made["volume"]) == ("horn", 0.5)
    path = f"soundboard-sounds/{made['sound_id']}"
    assert (await desk.ask("PATCH", path, {"name": "trumpet"}))["name"] == "trumpet"
    assert len((await desk.ask("GET", "soundboard-sounds"))["items"]) == 1
    assert await desk.status("DELETE", path) == 204
    names = [name for name in desk.names() if name.startswith("GUILD_SOUNDBOARD")]
    assert names == [f"GUILD_SOUNDBOARD_SOUND_{what}" for what in ("CREATE", "UPDATE", "DELETE")]
    assert await desk.refused("GET", path) == (404, 10097)
    assert await desk.form_error("soundboard-sounds", HORN | {"sound": "x"}, "sound") == "SOUND_INVALID"
    assert await desk.form_error("soundboard-sounds", HORN | {"volume": 2}, "volume") == "NUMBER_TYPE_MAX"
