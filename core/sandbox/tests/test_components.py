"""Components of messages and forms over raw REST: what is refused, where and why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Sandbox

V2 = 1 << 15
BUTTON = {"type": 2, "style": 1, "custom_id": "b", "label": "B"}
LINK = {"type": 2, "style": 5, "url": "https://example.com", "label": "L"}
PREMIUM = {"type": 2, "style": 6, "sku_id": "5"}
OPTION = {"label": "One", "value": "1"}
MENU = {"type": 3, "custom_id": "m", "options": [OPTION, {"label": "Two", "value": "2"}]}
USERS = {"type": 5, "custom_id": "u"}
ROLES = {"type": 6, "custom_id": "r"}
CHANNELS = {"type": 8, "custom_id": "c"}
TEXT = {"type": 10, "content": "Text"}
THUMBNAIL = {"type": 11, "media": {"url": "https://example.com/a.png"}}
GALLERY: dict[str, Any] = {"type": 12, "items": [{"media": {"url": "https://example.com/a.png"}}]}
SECTION = {"type": 9, "components": [TEXT], "accessory": THUMBNAIL}
INPUT = {"type": 4, "custom_id": "i", "style": 1}
BAD_LENGTH, TOO_LONG, REQUIRED = "BASE_TYPE_BAD_LENGTH", "BASE_TYPE_MAX_LENGTH", "BASE_TYPE_REQUIRED"
CHOICES, UNION, COERCE = "BASE_TYPE_CHOICES", "UNION_TYPE_CHOICES", "NUMBER_TYPE_COERCE"


def row(*components: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def buttons(number: int, first: int = 0) -> list[dict[str, Any]]:
    return [BUTTON | {"custom_id": f"b{first + place}"} for place in range(number)]


def container(*components: Any, **more: Any) -> dict[str, Any]:
    return {"type": 17, "components": list(components)} | more


def codes_at(tree: Any, place: str) -> list[str]:
    for step in place.split("."):
        assert step in tree, tree
        tree = tree[step]
    return [one["code"] for one in tree["_errors"]]


async def send(rest: Any, sandbox: Sandbox, components: list[Any], **more: Any) -> tuple[int, Any]:
    body = {"components": components} | ({} if more.get("flags") else {"content": "Look."}) | more
    status, answer, _ = await rest("POST", f"/channels/{sandbox.guild.channel('general').id}/messages", body)
    return status, answer


@pytest.mark.parametrize(
    "components",
    [
        [row(*buttons(5))],
        [row(*buttons(5, 5 * number)) for number in range(5)],
        [row(LINK), row(PREMIUM)],
        [row(BUTTON | {"label": None, "emoji": {"name": "👍"}})],
        [row(BUTTON | {"custom_id": "x" * 100, "label": "x" * 80, "disabled": True})],
        [row(MENU | {"min_values": 0, "max_values": 2, "placeholder": "x" * 150})],
        [row(MENU | {"options": [OPTION | {"value": f"{number}"} for number in range(25)]})],
        [row(MENU | {"options": [OPTION | {"description": "x" * 100, "default": True, "emoji": {"name": "👍"}}]})],
        [
            row(USERS | {"default_values": [{"id": "5", "type": "user"}]}),
            row(ROLES),
            row(CHANNELS | {"channel_types": [0]}),
        ],
        [row({"type": 7, "custom_id": "m", "default_values": [{"id": "5", "type": "role"}]})],
    ],
)
async def test_rows_as_discord_wants_them_are_posted(rest: Any, sandbox: Sandbox, components: list[Any]) -> None:
    status, message = await send(rest, sandbox, components)
    assert status == 200, message
    ids = [one["id"] for one in message["components"]] + [
        one["id"] for outer in message["components"] for one in outer["components"]
    ]
    assert sorted(ids) == list(range(1, len(ids) + 1))


@pytest.mark.parametrize(
    ("bad", "place", "code"),
    [
        ([BUTTON], "0", UNION),
        ([TEXT], "0", UNION),
        ([{"components": [BUTTON]}], "0", UNION),
        ([row(BUTTON | {"custom_id": f"{number}"}) for number in range(6)], "", BAD_LENGTH),
        ([{"type": 1}], "0.components", REQUIRED),
        ([row()], "0.components", BAD_LENGTH),
        ([row(*buttons(6))], "0.components", BAD_LENGTH),
        ([row(*buttons(6))], "0.components.5", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([row(BUTTON, MENU)], "0.components.1", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([row(MENU, USERS)], "0.components.1", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([row(row(BUTTON))], "0.components.0", UNION),
        ([row(INPUT)], "0.components.0", UNION),
        ([row(BUTTON, BUTTON)], "0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([row(BUTTON), row(MENU | {"custom_id": "b"})], "1.components.0.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([row(BUTTON) | {"id": 5}, row(LINK) | {"id": 5}], "1.id", "COMPONENT_ID_DUPLICATED"),
        ([row(BUTTON) | {"id": -1}], "0.id", "NUMBER_TYPE_MIN"),
    ],
)
async def test_rows_that_break_a_rule_are_50035_where_they_break_it(
    rest: Any, sandbox: Sandbox, bad: list[Any], place: str, code: str
) -> None:
    status, body = await send(rest, sandbox, bad)
    assert (status, body["code"]) == (400, 50035)
    assert code in codes_at(body["errors"], "components" + (f".{place}" if place else ""))


@pytest.mark.parametrize(
    ("bad", "place", "code"),
    [
        (BUTTON | {"style": None}, "style", REQUIRED),
        (BUTTON | {"style": 7}, "style", CHOICES),
        (BUTTON | {"custom_id": None}, "custom_id", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"),
        (BUTTON | {"custom_id": ""}, "custom_id", BAD_LENGTH),
        (BUTTON | {"custom_id": "x" * 101}, "custom_id", BAD_LENGTH),
        (BUTTON | {"label": "x" * 81}, "label", TOO_LONG),
        (BUTTON | {"disabled": "perhaps"}, "disabled", "BOOLEAN_TYPE_CONVERT"),
        (BUTTON | {"emoji": {"name": "smile"}}, "emoji.name", "BUTTON_COMPONENT_INVALID_EMOJI"),
        (BUTTON | {"emoji": {"id": "x", "name": "smile"}}, "emoji.id", COERCE),
        (LINK | {"url": None}, "url", REQUIRED),
        (LINK | {"url": "ftp://example.com"}, "url", "URL_TYPE_INVALID_SCHEME"),
        (LINK | {"url": "https://example.com/" + "x" * 500}, "url", TOO_LONG),
        (PREMIUM | {"sku_id": None}, "sku_id", REQUIRED),
        (MENU | {"custom_id": None}, "custom_id", REQUIRED),
        (MENU | {"placeholder": "x" * 151}, "placeholder", TOO_LONG),
        (MENU | {"options": None}, "options", REQUIRED),
        (MENU | {"options": []}, "options", BAD_LENGTH),
        (MENU | {"options": [OPTION | {"value": f"{number}"} for number in range(26)]}, "options", BAD_LENGTH),
        (MENU | {"max_values": 3}, "options", BAD_LENGTH),
        (MENU | {"max_values": 26}, "max_values", "NUMBER_TYPE_MAX"),
        (MENU | {"max_values": 0}, "max_values", "NUMBER_TYPE_MIN"),
        (MENU | {"min_values": 26}, "min_values", "NUMBER_TYPE_MAX"),
        (MENU | {"min_values": 2, "max_values": 1}, "min_values", "NUMBER_TYPE_MAX"),
        (MENU | {"options": [OPTION, OPTION]}, "options.1", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"),
        (MENU | {"options": [{"value": "1"}]}, "options.0.label", REQUIRED),
        (MENU | {"options": [{"label": "1"}]}, "options.0.value", REQUIRED),
        (MENU | {"options": [OPTION | {"label": "x" * 101}]}, "options.0.label", BAD_LENGTH),
        (MENU | {"options": [OPTION | {"value": "x" * 101}]}, "options.0.value", BAD_LENGTH),
        (MENU | {"options": [OPTION | {"description": "x" * 101}]}, "options.0.description", TOO_LONG),
        (CHANNELS | {"channel_types": [99]}, "channel_types.0", CHOICES),
        (USERS | {"default_values": [{"id": "5", "type": "role"}]}, "default_values.0.type", CHOICES),
        (USERS | {"default_values": [{"type": "user"}]}, "default_values.0.id", REQUIRED),
    ],
)
async def test_a_component_that_breaks_a_rule_is_50035_where_it_breaks_it(
    rest: Any, sandbox: Sandbox, bad: Any, place: str, code: str
) -> None:
    status, body = await send(rest, sandbox, [row(bad)])
    assert (status, body["code"]) == (400, 50035)
    assert code in codes_at(body["errors"], f"components.0.components.0.{place}")


@pytest.mark.parametrize(
    "bad",
    [
        BUTTON | {"url": "https://example.com"},
        BUTTON | {"sku_id": "5"},
        LINK | {"custom_id": "b"},
        PREMIUM | {"custom_id": "b"},
        PREMIUM | {"label": "B"},
        PREMIUM | {"emoji": {"name": "👍"}},
        BUTTON | {"label": None},
        MENU | {"options": [OPTION | {"default": True}, OPTION | {"value": "2", "default": True}]},
        USERS | {"default_values": [{"id": "5", "type": "user"}, {"id": "6", "type": "user"}]},
    ],
)
async def test_fields_that_exclude_one_another_are_50035(rest: Any, sandbox: Sandbox, bad: Any) -> None:
    status, body = await send(rest, sandbox, [row(bad)])
    assert (status, body["code"]) == (400, 50035)
    assert "0" in body["errors"]["components"]["0"]["components"]


async def test_a_message_in_components_v2_comes_back_whole_with_its_file(rest: Any, sandbox: Sandbox) -> None:
    components = [
        TEXT | {"id": 2},
        SECTION,
        SECTION | {"accessory": BUTTON},
        container(row(MENU), {"type": 14, "spacing": 2}, {"type": 13, "file": {"url": "attachment://a.txt"}}),
        GALLERY,
    ]
    parts = aiohttp.FormData()
    parts.add_field("payload_json", json.dumps({"flags": V2, "components": components}))
    parts.add_field("files[0]", b"hello", filename="a.txt", content_type="text/plain")
    path = f"/channels/{sandbox.guild.channel('general').id}/messages"
    status, message, _ = await rest("POST", path, data=parts)
    assert status == 200, message
    assert message["flags"] & V2
    text, _, section, box, _ = message["components"]
    assert text["id"] == 2
    assert section["accessory"]["custom_id"] == "b"
    file = box["components"][2]
    assert (file["name"], file["size"]) == ("a.txt", 5)
    assert file["file"]["url"].startswith(sandbox.world.origin)
    ids = list(all_ids(message["components"]))
    assert len(set(ids)) == len(ids)


def all_ids(components: list[Any]) -> Iterator[int]:
    for one in components:
        yield one["id"]
        yield from all_ids(one.get("components") or [])
        yield from all_ids([one["accessory"]] if "accessory" in one else [])


@pytest.mark.parametrize(
    ("bad", "place", "code"),
    [
        ([BUTTON], "0", UNION),
        ([container(container(TEXT))], "0.components.0", UNION),
        ([container()], "0.components", BAD_LENGTH),
        ([container(TEXT, accent_color=0x1000000)], "0.accent_color", "NUMBER_TYPE_MAX"),
        ([TEXT | {"content": ""}], "0.content", BAD_LENGTH),
        ([{"type": 10}], "0.content", REQUIRED),
        ([TEXT | {"content": "x" * 4001}], "0.content", BAD_LENGTH),
        ([TEXT | {"content": "x" * 2001}] * 2, "", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        ([container(*[TEXT] * 20), container(*[TEXT] * 19)], "", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
        ([{"type": 9, "components": [TEXT]}], "0.accessory", REQUIRED),
        ([SECTION | {"components": [TEXT] * 4}], "0.components", BAD_LENGTH),
        ([SECTION | {"components": [BUTTON]}], "0.components.0", UNION),
        ([SECTION | {"accessory": MENU}], "0.accessory", UNION),
        (
            [SECTION | {"accessory": BUTTON | {"custom_id": None}}],
            "0.accessory.custom_id",
            "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
        ),
        ([GALLERY | {"items": []}], "0.items", BAD_LENGTH),
        ([GALLERY | {"items": GALLERY["items"] * 11}], "0.items", BAD_LENGTH),
        ([GALLERY | {"items": [{}]}], "0.items.0.media", REQUIRED),
        ([GALLERY | {"items": [{"media": {"url": "ftp://a/b"}}]}], "0.items.0.media.url", "URL_TYPE_INVALID_SCHEME"),
        ([{"type": 13, "file": {"url": "https://example.com/a"}}], "0.file.url", "URL_TYPE_INVALID_SCHEME"),
        ([{"type": 13}], "0.file", REQUIRED),
        ([{"type": 14, "spacing": 3}], "0.spacing", CHOICES),
        ([SECTION | {"accessory": THUMBNAIL | {"description": "x" * 1025}}], "0.accessory.description", None),
    ],
)
async def test_components_v2_that_break_a_rule_are_50035_where_they_break_it(
    rest: Any, sandbox: Sandbox, bad: list[Any], place: str, code: str | None
) -> None:
    status, body = await send(rest, sandbox, bad, flags=V2)
    assert (status, body["code"]) == (400, 50035)
    found = codes_at(body["errors"], "components" + (f".{place}" if place else ""))
    assert code is None or code in found


async def test_a_file_that_the_message_does_not_have_is_50035(rest: Any, sandbox: Sandbox) -> None:
    status, body = await send(rest, sandbox, [{"type": 13, "file": {"url": "attachment://a.txt"}}], flags=V2)
    assert (status, body["code"]) == (400, 50035)
    assert "0" in body["errors"]["components"]


@pytest.mark.parametrize(
    "more",
    [
        {"content": "x"},
        {"embeds": [{"title": "x"}]},
        {"poll": {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "!"}}]}},
    ],
)
async def test_components_v2_go_without_what_messages_had_before(rest: Any, sandbox: Sandbox, more: Any) -> None:
    status, body = await send(rest, sandbox, [TEXT], flags=V2, **more)
    assert (status, body["code"]) == (400, 50035)
    assert codes_at(body["errors"], next(iter(more))) == ["MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"]


async def test_forty_components_and_4000_characters_are_not_too_many(rest: Any, sandbox: Sandbox) -> None:
    short = [TEXT | {"content": "x" * 100}] * 40
    assert (await send(rest, sandbox, short, flags=V2))[0] == 200


@pytest.fixture
async def callback(rest: Any, sandbox: Sandbox) -> AsyncIterator[str]:
    await rest("PUT", f"/applications/{sandbox.application_id}/commands", [{"name": "a", "description": "a"}])
    task = asyncio.create_task(sandbox.member("bob").slash("a"))
    await asyncio.sleep(0)
    interaction = next(reversed(sandbox._discord.interactions._by_id.values()))
    yield f"/interactions/{interaction.id}/{interaction.token}/callback"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def label(component: Any, **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": "L", "component": component} | more


def form(*components: Any, **more: Any) -> dict[str, Any]:
    return {"title": "T", "custom_id": "form", "components": list(components)} | more


RADIO = {"type": 21, "custom_id": "o", "options": [OPTION, {"label": "Two", "value": "2"}]}
BOXES = {"type": 22, "custom_id": "x", "options": [OPTION, {"label": "Two", "value": "2"}]}


async def test_a_form_with_everything_is_taken(rest: Any, callback: str) -> None:
    parts = form(TEXT, label(INPUT), label(MENU), label(RADIO), label(BOXES | {"max_values": 2}))
    assert (await rest("POST", callback, {"type": 9, "data": parts}))[0] == 204


@pytest.mark.parametrize(
    ("bad", "place", "code"),
    [
        (form(label(INPUT), title=None), "title", REQUIRED),
        (form(label(INPUT), title="x" * 46), "title", BAD_LENGTH),
        (form(label(INPUT), custom_id=None), "custom_id", REQUIRED),
        (form(label(INPUT), custom_id="x" * 101), "custom_id", BAD_LENGTH),
        (form(components=None), "components", REQUIRED),
        (form(), "components", BAD_LENGTH),
        (form(*(label(INPUT | {"custom_id": f"{number}"}) for number in range(6))), "components", BAD_LENGTH),
        (form(INPUT), "components.0", UNION),
        (form(row(BUTTON)), "components.0.components.0", UNION),
        (form(row(INPUT)), "components.0.components.0.label", REQUIRED),
        (form(row(*[INPUT | {"label": "x"}] * 2)), "components.0.components", BAD_LENGTH),
        (form(label(INPUT), label(INPUT)), "components.1.component.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (form(label(INPUT, label="x" * 46)), "components.0.label", BAD_LENGTH),
        (form(label(INPUT, label=None)), "components.0.label", REQUIRED),
        (form(label(None)), "components.0.component", REQUIRED),
        (form(label(BUTTON)), "components.0.component", UNION),
        (form(label(TEXT)), "components.0.component", UNION),
        (form(label(INPUT | {"style": 3})), "components.0.component.style", CHOICES),
        (form(label(INPUT | {"style": None})), "components.0.component.style", REQUIRED),
        (form(label(INPUT | {"max_length": 4001})), "components.0.component.max_length", "NUMBER_TYPE_MAX"),
        (form(label(INPUT | {"max_length": 0})), "components.0.component.max_length", "NUMBER_TYPE_MIN"),
        (
            form(label(INPUT | {"min_length": 3, "max_length": 2})),
            "components.0.component.min_length",
            "NUMBER_TYPE_MAX",
        ),
        (form(label(INPUT | {"value": "x" * 4001})), "components.0.component.value", TOO_LONG),
        (form(label(INPUT | {"value": "xxx", "max_length": 2})), "components.0.component.value", TOO_LONG),
        (form(label(INPUT | {"placeholder": "x" * 101})), "components.0.component.placeholder", TOO_LONG),
        (form(label(MENU | {"options": []})), "components.0.component.options", BAD_LENGTH),
        (form(label(RADIO | {"options": [OPTION]})), "components.0.component.options", BAD_LENGTH),
        (form(label(BOXES | {"max_values": 11})), "components.0.component.max_values", "NUMBER_TYPE_MAX"),
        (
            form(label({"type": 19, "custom_id": "f", "max_values": 11})),
            "components.0.component.max_values",
            "NUMBER_TYPE_MAX",
        ),
        (form(label({"type": 23})), "components.0.component.custom_id", REQUIRED),
    ],
)
async def test_a_form_that_breaks_a_rule_is_50035_under_data(
    rest: Any, callback: str, bad: Any, place: str, code: str
) -> None:
    status, body, _ = await rest("POST", callback, {"type": 9, "data": bad})
    assert (status, body["code"]) == (400, 50035)
    assert code in codes_at(body["errors"], f"data.{place}")
    assert (await rest("POST", callback, {"type": 9, "data": form(label(INPUT))}))[0] == 204


async def test_components_of_an_answer_are_refused_under_data(rest: Any, callback: str) -> None:
    _, body, _ = await rest("POST", callback, {"type": 4, "data": {"components": [row(BUTTON, BUTTON)]}})
    place = "data.components.0.components.1.custom_id"
    assert codes_at(body["errors"], place) == ["COMPONENT_CUSTOM_ID_DUPLICATED"]
