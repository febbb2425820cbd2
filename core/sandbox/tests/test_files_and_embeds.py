"""Files and embeds of messages: what they may be, and what becomes of them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Permission, Sandbox

from .guild_steps import Desk
from .requests_table import PNG, someone_uses_the_command


@pytest.fixture
def desk(rest: Any, sandbox: Sandbox) -> Desk:
    return Desk(rest, sandbox)


@pytest.fixture
def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}/messages"


def form(body: Any, **files: bytes) -> aiohttp.FormData:
    """Write a form: payload_json, and files by name as files[0], files[1] …"""
    data = aiohttp.FormData()
    data.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, (name, content) in enumerate(files.items()):
        data.add_field(f"files[{number}]", content, filename=name.replace("__", "."), content_type="image/png")
    return data


# Files


async def test_a_file_is_named_and_described_by_its_number(desk: Desk, general: str) -> None:
    about = {"id": 1, "filename": "my täble (1).png", "description": "A pixel", "is_spoiler": True}
    sent = await desk.ask("POST", general, data=form({"attachments": [about]}, a__png=b"a", b__png=PNG))
    first, second = sent["attachments"]
    assert (first["filename"], first["size"], "description" in first) == ("a.png", 1, False)
    assert (second["filename"], second["description"], second["flags"]) == ("my_tble_1.png", "A pixel", 8)
    assert (second["width"], second["height"]) == (1, 1)


async def test_an_edit_keeps_the_files_that_it_lists(desk: Desk, general: str) -> None:
    sent = await desk.ask("POST", general, data=form({"content": "two"}, a__png=b"a", b__png=b"b"))
    path, kept = f"{general}/{sent['id']}", sent["attachments"][1]
    body = {"attachments": [{"id": kept["id"]}, {"id": "0", "filename": "c.png"}]}
    edited = await desk.ask("PATCH", path, data=form(body, new__png=b"c"))
    assert [one["filename"] for one in edited["attachments"]] == ["b.png", "c.png"]
    assert len((await desk.ask("PATCH", path, {"content": "same"}))["attachments"]) == 2
    assert (await desk.ask("PATCH", path, {"attachments": []}))["attachments"] == []


async def test_a_file_that_nobody_sent_cannot_be_listed(desk: Desk, general: str) -> None:
    body = {"content": "x", "attachments": [{"id": "0", "filename": "a.png"}]}
    assert await desk.form_error(general, body, "attachments", "0", "uploaded_filename") == "BASE_TYPE_REQUIRED"


async def test_more_than_ten_files_are_30015(desk: Desk, general: str) -> None:
    files = {f"f{number}__png": b"x" for number in range(11)}
    assert await desk.refused("POST", general, data=form({}, **files)) == (400, 30015)


async def test_a_file_over_ten_mebibytes_is_40005(desk: Desk, general: str) -> None:
    most = 10 * 1024 * 1024
    await desk.ask("POST", general, data=form({}, a__png=b"x" * most))
    assert await desk.refused("POST", general, data=form({}, a__png=b"x" * (most + 1))) == (413, 40005)


async def test_files_take_a_permission(desk: Desk, general: str) -> None:
    desk.without(Permission.ATTACH_FILES)
    assert await desk.refused("POST", general, data=form({"content": "x"}, a__png=b"a")) == (403, 50013)


async def test_an_embed_shows_a_file_of_its_message(desk: Desk, general: str) -> None:
    embed = {"title": "t", "image": {"url": "attachment://a_b.png"}, "footer": {"text": "f"}}
    body = {"embeds": [embed], "attachments": [{"id": "0", "filename": "a b.png"}]}
    sent = await desk.ask("POST", general, data=form(body, x__png=PNG))
    picture = sent["embeds"][0]["image"]
    assert sent["attachments"] == []
    assert (picture["width"], picture["height"]) == (1, 1)
    async with desk.rest.session.get(picture["url"]) as answer:
        assert await answer.read() == PNG


async def test_a_file_in_an_embed_stays_with_its_embed(desk: Desk, general: str) -> None:
    body = {"embeds": [{"image": {"url": "attachment://x.png"}}]}
    sent = await desk.ask("POST", general, data=form(body, x__png=PNG))
    edited = await desk.ask("PATCH", f"{general}/{sent['id']}", {"content": "y", "attachments": []})
    assert edited["attachments"] == []
    async with desk.rest.session.get(edited["embeds"][0]["image"]["url"]) as answer:
        assert answer.status == 200
    bare = await desk.ask("PATCH", f"{general}/{sent['id']}", {"embeds": []})
    assert [one["filename"] for one in bare["attachments"]] == ["x.png"]


async def test_an_answer_to_an_interaction_describes_its_files(desk: Desk) -> None:
    await desk.ask("PUT", f"/applications/{desk.sandbox.application_id}/commands", [{"name": "a", "description": "a"}])
    interaction = await someone_uses_the_command(desk.sandbox)
    path = f"/interactions/{interaction['interaction']}/{interaction['interaction_token']}/callback?with_response=true"
    data = {"attachments": [{"id": "0", "filename": "b.png", "description": "A pixel"}]}
    answer = await desk.ask("POST", path, data=form({"type": 4, "data": data}, a__png=PNG))
    shown = answer["resource"]["message"]["attachments"][0]
    assert (shown["filename"], shown["description"]) == ("b.png", "A pixel")
    await asyncio.sleep(0)


VOICE = {"flags": 1 << 13, "attachments": [{"id": "0", "duration_secs": 1.5, "waveform": "AAAA"}]}


def spoken(body: Any, kind: str = "audio/ogg") -> aiohttp.FormData:
    data = aiohttp.FormData()
    data.add_field("payload_json", json.dumps(body), content_type="application/json")
    data.add_field("files[0]", b"OggS", filename="voice.ogg", content_type=kind)
    return data


async def test_a_voice_message_is_one_sound_with_its_waveform(desk: Desk, general: str) -> None:
    sent = await desk.ask("POST", general, data=spoken(VOICE))
    sound = sent["attachments"][0]
    assert (sent["flags"], sound["duration_secs"], sound["waveform"]) == (1 << 13, 1.5, "AAAA")
    assert await desk.refused("PATCH", f"{general}/{sent['id']}", {"content": "x"}) == (400, 50162)
    assert await desk.refused("POST", general, data=spoken(VOICE | {"content": "x"})) == (400, 50159)
    assert await desk.refused("POST", general, data=spoken(VOICE, "image/png")) == (400, 50160)
    assert await desk.refused("POST", general, data=spoken(VOICE | {"attachments": [{"id": 0}]})) == (400, 50161)
    desk.without(Permission.SEND_VOICE_MESSAGES)
    assert await desk.refused("POST", general, data=spoken(VOICE)) == (403, 50173)


# Embeds


@pytest.mark.parametrize(
    ("embed", "place", "code"),
    [
        ({"title": "x" * 257}, ("title",), "BASE_TYPE_MAX_LENGTH"),
        ({"description": "x" * 4097}, ("description",), "BASE_TYPE_MAX_LENGTH"),
        ({"footer": {"text": "x" * 2049}}, ("footer", "text"), "BASE_TYPE_MAX_LENGTH"),
        ({"footer": {"icon_url": "https://example.com"}}, ("footer", "text"), "BASE_TYPE_REQUIRED"),
        ({"author": {"name": "x" * 257}}, ("author", "name"), "BASE_TYPE_MAX_LENGTH"),
        ({"author": {"url": "https://example.com"}}, ("author", "name"), "BASE_TYPE_REQUIRED"),
        ({"fields": [{"name": "n", "value": "v"}] * 26}, ("fields",), "BASE_TYPE_MAX_LENGTH"),
        ({"fields": [{"name": "x" * 257, "value": "v"}]}, ("fields", "0", "name"), "BASE_TYPE_MAX_LENGTH"),
        ({"fields": [{"name": "n", "value": "x" * 1025}]}, ("fields", "0", "value"), "BASE_TYPE_MAX_LENGTH"),
        ({"fields": [{"name": "n"}]}, ("fields", "0", "value"), "BASE_TYPE_REQUIRED"),
        ({"fields": [{"name": " ", "value": "v"}]}, ("fields", "0", "name"), "BASE_TYPE_REQUIRED"),
        ({"title": "t", "url": "example.com"}, ("url",), "URL_TYPE_INVALID_URL"),
        ({"title": "t", "url": "ftp://example.com"}, ("url",), "URL_TYPE_INVALID_SCHEME"),
        ({"image": {"url": "data://x"}}, ("image", "url"), "URL_TYPE_INVALID_SCHEME"),
        ({"title": "t", "timestamp": "yesterday"}, ("timestamp",), "DATE_TIME_TYPE_PARSE"),
        ({"title": "t", "color": 0x1000000}, ("color",), "NUMBER_TYPE_MAX"),
        ({"title": "t", "color": -1}, ("color",), "NUMBER_TYPE_MIN"),
        ({"color": 5}, ("description",), "BASE_TYPE_REQUIRED"),
    ],
)
async def test_an_embed_has_limits(desk: Desk, general: str, embed: Any, place: tuple[str, ...], code: str) -> None:
    assert await desk.form_error(general, {"embeds": [embed]}, "embeds", "0", *place) == code


async def test_all_embeds_together_have_6000_characters(desk: Desk, general: str) -> None:
    embeds = [{"description": "x" * 3000}, {"description": "x" * 3000}]
    await desk.ask("POST", general, {"embeds": embeds})
    longer = [*embeds, {"title": "x"}]
    assert await desk.form_error(general, {"embeds": longer}, "embeds") == "MAX_EMBED_SIZE_EXCEEDED"
    assert await desk.form_error(general, {"embeds": [{"title": "t"}] * 11}, "embeds") == "BASE_TYPE_MAX_LENGTH"


async def test_an_embed_comes_back_as_rich_with_what_was_left_out(desk: Desk, general: str) -> None:
    embed = {"fields": [{"name": "n", "value": "v"}], "timestamp": "2026-01-02T03:04:05Z", "type": "video"}
    shown = (await desk.ask("POST", general, {"embeds": [embed]}))["embeds"][0]
    assert shown["type"] == "rich"
    assert shown["fields"] == [{"name": "n", "value": "v", "inline": False}]
    assert shown["timestamp"] == "2026-01-02T03:04:05.000000+00:00"


async def test_embeds_take_a_permission(desk: Desk, general: str) -> None:
    desk.without(Permission.EMBED_LINKS)
    assert await desk.refused("POST", general, {"embeds": [{"title": "t"}]}) == (403, 50013)
