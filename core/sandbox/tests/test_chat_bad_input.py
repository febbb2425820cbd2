"""Whatever is wrong in a request of the chat page is one sentence, and no traceback."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from chandelier_sandbox import Sandbox

from .answering import Answering, button, menu, row
from .chat_steps import Page, Visit

WRONG: list[Any] = [
    None, [], {}, "", "x" * 5000, "\x00", "\u200b", "-1", "1e3", "9" * 30, "\u0663", True, -1, 7.5, 10**19, [None], [{}], [[]],
    ["9" * 5000], {"": None}, {"x": {}},
]  # fmt: skip
ROUTES: dict[str, list[str]] = {  # what each needs
    "GET start": ["as"],
    "POST people": ["name"],
    "GET messages": ["as", "channel"],
    "POST messages": ["as", "channel", "content"],
    "PATCH messages": ["as", "channel", "message", "content"],
    "DELETE messages": ["as", "channel", "message"],
    "POST reactions": ["as", "channel", "message", "emoji", "on"],
    "POST typing": ["as", "channel"],
    "POST vote": ["as", "channel", "message", "answers"],
    "GET commands": ["as", "channel"],
    "POST slash": ["as", "channel", "command"],
    "POST menu": ["as", "channel", "command", "type", "target"],
    "POST component": ["as", "channel", "message", "custom_id"],
    "POST modal": ["as", "channel", "modal"],
    "POST autocomplete": ["as", "channel", "command", "option"],
    "POST clock": ["seconds"],
}
MAY_BE_ANYTHING = {"name", "content", "typed", "before", "limit", "guild_id", "reply_to"}  # or left out, or any text
OPTIONAL = {
    "POST people": {"guild_id"},
    "GET messages": {"before", "limit"},
    "POST messages": {"reply_to"},
    "POST slash": {"options"},
    "POST component": {"values"},
    "POST modal": {"fields"},
    "POST autocomplete": {"typed", "options"},
}
COMMAND = {
    "name": "all",
    "description": "x",
    "options": [
        {"type": kind, "name": f"o{kind}", "description": "x", **({"autocomplete": True} if kind == 3 else {})}
        for kind in range(3, 12)
    ],
}
FORM = [
    {"type": 18, "label": "A", "component": {"type": 4, "custom_id": "text", "style": 1, "required": False}},
    {
        "type": 18,
        "label": "B",
        "component": {
            "type": 3, "custom_id": "menu", "required": False, "options": [{"label": "A", "value": "a"}],
        },
    },
    {"type": 18, "label": "C", "component": {"type": 5, "custom_id": "who", "required": False}},
    {"type": 18, "label": "D", "component": {"type": 19, "custom_id": "file", "required": False}},
]  # fmt: skip


async def must_be_calm(page: Page, method: str, path: str, fields: Any) -> int:
    """Ask; whatever comes of it is JSON, and one sentence if it is a refusal."""
    if method == "GET":
        fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    status, answer = await page.call(method, path, fields)
    assert status == 200 or status in range(400, 500), (method, path, fields, status)
    if status != 200:
        assert set(answer) == {"error"}
        assert isinstance(answer["error"], str)
        assert answer["error"]
        assert "\n" not in answer["error"].strip(), answer
        assert len(answer["error"]) < 6000
    return status


class Agreeing(list[Any]):
    """Answers without end, each of the kind that is asked for."""

    def __init__(self, asked: list[Any]) -> None:
        super().__init__([None])
        self._asked = asked

    def pop(self, index: Any = 0) -> Any:
        """Return choices for what is being typed, else a message."""
        completing = self._asked[-1]["type"] == 4
        return {"type": 8, "data": {"choices": []}} if completing else {"type": 4, "data": {"content": "ok"}}


@pytest.fixture
async def valid(visit: Visit, answering: Answering, sandbox: Sandbox) -> dict[str, Any]:
    """Make what each field may rightly name."""
    alice = visit("alice")
    await answering.knows(COMMAND, {"name": "Quote", "type": 3}, {"name": "form", "description": "x"})
    poll = {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "Yes"}}], "duration": 1}
    message = await answering.shows(row(button("go")), row(menu("fruit", "a", "b")), content="x")
    voted = await answering.shows(poll=poll, content="x")
    own = (await alice.does("POST", "messages", content="mine"))["id"]
    answering.opens(*FORM)
    token = (await alice.does("POST", "slash", command="form"))["modal"]["token"]
    answering.answers = Agreeing(answering.asked)
    names = {"as": "alice", "channel": str(alice.channel.id), "name": "bob", "content": "x", "emoji": "\N{SPARKLES}"}
    return names | {
        "message": str(message), "voted": str(voted), "own": own, "on": True, "answers": [1], "command": "all",
        "type": 3, "target": own, "custom_id": "fruit", "values": ["a"], "modal": token, "option": "o3", "seconds": 0,
    }  # fmt: skip


def fields_of(route: str, valid: dict[str, Any]) -> dict[str, Any]:
    fields = {name: valid[name] for name in ROUTES[route]}
    if route in ("PATCH messages", "DELETE messages"):
        fields["message"] = valid["own"]
    if route == "POST vote":
        fields["message"] = valid["voted"]
    if route == "POST menu":
        fields["command"] = "Quote"
    return fields


@pytest.mark.parametrize("route", ROUTES)
async def test_a_wrong_field_is_refused_in_one_sentence(
    route: str, valid: dict[str, Any], visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    (method, path), alice, right = route.split(), visit("alice"), fields_of(route, valid)
    for name in right:
        without = {key: value for key, value in right.items() if key != name}
        if name not in ("content",):
            assert await must_be_calm(alice, method, path, without) != 200, (route, name, "left out")
        for wrong in WRONG:
            if name == "answers" and wrong == []:
                continue  # takes the votes back
            if name in ("on", "seconds") and (wrong is True or wrong == 7.5):
                continue
            status = await must_be_calm(alice, method, path, right | {name: wrong})
            if name not in MAY_BE_ANYTHING and (name, wrong) != ("emoji", "\u200b"):
                assert status != 200, (route, name, wrong)
    for name in OPTIONAL.get(route, ()):
        for wrong in WRONG:
            await must_be_calm(alice, method, path, right | {name: wrong})
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("kind", range(3, 12))
async def test_no_option_takes_what_is_no_such_value(
    kind: int, valid: dict[str, Any], visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    alice = visit("alice")
    for wrong in WRONG:
        fields = alice.place({"command": "all", "options": {f"o{kind}": wrong}})
        status = await must_be_calm(alice, "POST", "slash", fields)
        if isinstance(wrong, (list, dict)):
            assert status == 422, (kind, wrong)
        typing = {"command": "all", "option": "o3", "options": {f"o{kind}": wrong}}
        await must_be_calm(alice, "POST", "autocomplete", alice.place(typing))
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("name", ["text", "menu", "who", "file", "nothing"])
async def test_no_field_of_a_form_takes_what_is_no_such_value(
    name: str, valid: dict[str, Any], visit: Visit, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    alice = visit("alice")
    for wrong in WRONG:
        answering.answers = []
        answering.opens(*FORM)
        token = (await alice.does("POST", "slash", command="form"))["modal"]["token"]
        await must_be_calm(alice, "POST", "modal", alice.place({"modal": token, "fields": {name: wrong}}))
    for wrong in WRONG:
        fields = {"message": valid["message"], "custom_id": "fruit", "values": [wrong]}
        assert await must_be_calm(alice, "POST", "component", alice.place(fields)) != 200
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[]", "application/json"),
        (b'"x"', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "application/json"),
        (b"x=1", "application/x-www-form-urlencoded"),
        (b"{}", "text/plain"),
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=abc"),
        (b"--abc\r\n\r\nx\r\n--abc--\r\n", "multipart/form-data; boundary=abc"),
        (b'--abc\r\nContent-Disposition: form-data; name="payload_json"\r\n\r\n[]\r\n--abc--\r\n',
         "multipart/form-data; boundary=abc"),
        (b"--abc\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x--\r\n--abc--\r\n",
         "multipart/form-data; boundary=abc"),
        (b'--abc\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: x\r\n\r\nx\r\n--abc--\r\n',
         "multipart/form-data; boundary=abc"),
        (b"0" * (26 * 1024 * 1024), "application/json"),
    ],
    ids=range(15),
)  # fmt: skip
async def test_a_broken_body_is_refused_in_one_sentence(
    body: bytes, kind: str, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    for route in ("messages", "slash", "modal"):
        status, answer = await visit("alice").call("POST", route, data=body, headers={"Content-Type": kind})
        assert status in range(400, 500)
        assert set(answer) == {"error"}
        assert isinstance(answer["error"], str)
    assert not [record for record in caplog.records if record.exc_info]


async def test_the_live_line_and_the_transcript_refuse_what_is_wrong(visit: Visit) -> None:
    alice = visit("alice")
    for query in ({}, {"as": ""}, {"as": "nobody"}, {"as": "Chandelier"}):
        status, answer = await alice.call("GET", "live", query)
        assert (status, list(answer)) == (422, ["error"])
    assert await alice.call("GET", "live", {"as": "alice"}) == (400, {"error": "This address is for a WebSocket."})
    for number in ("0", "x", "-1", "9" * 30, "%00"):
        status, answer = await alice.call("GET", f"transcript/{number}")
        assert (status, list(answer)) == (422, ["error"])
