"""What the sandbox says and accepts, judged by Discord's own OpenAPI document and the gateway schema."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import aiohttp
import hikari
import pytest

from chandelier_sandbox import Sandbox
from chandelier_sandbox.events import Event
from chandelier_sandbox.judge import UNDESCRIBED, Judge
from chandelier_sandbox.judge.operations import Matcher
from chandelier_sandbox.rest import ROUTES
from chandelier_sandbox.rest.routing import Standing

from .requests_table import REQUESTS, SUBJECTS, Request, placeholders

_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


async def test_every_event_and_command_fits_the_descriptions(
    sandbox: Sandbox, bot: hikari.GatewayBot, judge: Judge
) -> None:
    alice = sandbox.member("alice")
    await asyncio.gather(
        alice.slash("ping"),
        alice.slash("slow"),
        alice.slash("echo", text="hi", count=3, who="bob", where="random", colour="Red"),
        alice.in_direct_messages().slash("ping"),
        alice.autocomplete("find", "word", "he"),
        alice.say("!ping"),
    )
    await alice.say("!dm", wait=False)
    await alice.next_message(timeout_s=3)
    button = await alice.say("!button")
    assert button is not None
    await alice.press(button, "go")
    message = alice.post(f"hello {sandbox.member('bob').mention}")
    alice.edit(message, "changed")
    alice.react(message, "👍")
    sandbox.world.unreact(sandbox.world.message(alice.channel.id, message), sandbox.world.users[alice.id], "👍")
    alice.delete(message)
    sandbox.world.typing(alice.channel, sandbox.world.users[alice.id])
    guild = sandbox.world.add_guild("Annex")
    erin = sandbox.member("erin", guild=guild, permissions=["KICK_MEMBERS"])
    sandbox.member("erin", guild=guild, permissions=["BAN_MEMBERS"])
    sandbox.world.remove_channel(guild, sandbox.world.add_channel(guild, "attic"))
    sandbox.world.remove_member(guild, sandbox.world.users[erin.id])
    sandbox.world.remove_guild(guild)
    async with asyncio.timeout(3):
        chunks = bot.stream(hikari.MemberChunkEvent, timeout=3)
        with chunks:
            await bot.request_guild_members(sandbox.guild.id)
            await anext(aiter(chunks))
    findings = judge.findings_of(sandbox.transcript.entries)
    assert not findings, "\n".join(findings)
    assert len({one.name for one in sandbox.transcript.dispatches}) >= 17
    assert {one.opcode for one in sandbox.transcript.commands} >= {1, 2, 8}


@pytest.mark.parametrize("subject", [name for name, rows in SUBJECTS.items() if rows])
async def test_every_route_takes_and_gives_what_is_described(subject: str, sandbox: Sandbox, judge: Judge) -> None:
    known = placeholders(sandbox)
    findings: list[str] = []
    events: list[Event] = []
    sandbox.world.feed.subscribe(events.append)
    async with aiohttp.ClientSession() as session:
        for row in SUBJECTS[subject]:
            if row.before is not None:
                known |= await row.before(sandbox)
            try:
                path, query, body = _filled(row.path, known), _filled(row.query, known), _filled(row.body, known)
            except LookupError as error:
                findings.append(f"{row.method} {row.path}: no earlier row keeps {error}")
                continue
            status, answer = await _sent(session, sandbox, row, path, query, body, known)
            if status != row.status:
                findings.append(f"{row.method} {row.path}: answered {status}, not {row.status}: {answer!s:.300}")
                continue
            known |= {name: str(_dug(answer, place)) for name, place in row.keep.items()}
    findings += judge.findings_of(sandbox.transcript.entries, refused=True)
    public = [event for event in events if event.private_to is None]
    findings += [finding for event in public for finding in judge.event_findings(event.name, event.payload)]
    assert not findings, "\n".join(findings)


def test_every_real_route_has_a_request_that_succeeds() -> None:
    routes = Matcher([(route.method, route.template, route) for route in ROUTES])
    asked = {routes.find(row.method, row.path) for row in REQUESTS if row.status < 300}
    real = [route for route in ROUTES if route.standing is Standing.REAL]
    described = [route for route in real if (route.method, route.template) not in UNDESCRIBED]
    missing = [f"{route.method} {route.template}" for route in described if route not in asked]
    assert not missing, "core/sandbox/tests/requests_table.py has no valid request for:\n" + "\n".join(missing)


def test_every_row_has_a_route() -> None:
    routes = Matcher([(route.method, route.template, route) for route in ROUTES])
    strays = [f"{row.method} {row.path}" for row in REQUESTS if routes.find(row.method, row.path) is None]
    assert not strays, "requests_table.py asks for what the sandbox does not have:\n" + "\n".join(strays)


async def _sent(
    session: aiohttp.ClientSession, sandbox: Sandbox, row: Request, path: str, query: str, body: Any, known: Any
) -> tuple[int, Any]:
    headers = {"Authorization": _filled(row.token, known)} if row.token else {}
    more: dict[str, Any] = {} if body is None else {"json": body}
    if row.files or row.parts:
        more = {"data": _form(row, body)}
    url = sandbox.api_url + path + (f"?{query}" if query else "")
    async with asyncio.timeout(10), session.request(row.method, url, headers=headers, **more) as answer:
        raw = await answer.read()
        is_json = raw and answer.headers.get("Content-Type", "").startswith("application/json")
        return answer.status, json.loads(raw) if is_json else raw


def _form(row: Request, body: Any) -> aiohttp.FormData:
    form = aiohttp.FormData()
    if not row.parts and body is not None:
        form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for name, value in (body if row.parts else {}).items():
        form.add_field(name, str(value))
    for name, content in row.files.items():
        form.add_field(name, content, filename="picture.png", content_type="image/png")
    return form


def _filled(value: Any, known: dict[str, str]) -> Any:
    """Put what the placeholders stand for into a text, or every text inside; LookupError names what is unknown."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: known[found[1]], value)
    if isinstance(value, dict):
        return {name: _filled(inner, known) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, known) for inner in value]
    return value


def _dug(answer: Any, place: str) -> Any:
    for part in place.split("."):
        answer = answer[int(part) if isinstance(answer, list) else part]
    return answer
