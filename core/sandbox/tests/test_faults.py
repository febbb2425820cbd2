"""Faults: each kind hits what it is meant for, as often as asked, and is counted."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import Sandbox

MESSAGES = "/channels/{channel_id}/messages"


def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}/messages"


def said(sandbox: Sandbox) -> int:
    return len(sandbox.world.messages[sandbox.guild.channel("general").id])


async def post(rest: Any, sandbox: Sandbox) -> Any:
    return await rest("POST", general(sandbox), {"content": "x"})


async def test_a_fault_by_template_hits_no_other_route(rest: Any, sandbox: Sandbox) -> None:
    fault = sandbox.faults.fail(route=MESSAGES, status=503, times=2)
    assert (await rest("POST", f"{general(sandbox)[:-9]}/typing"))[0] == 204
    assert [(await post(rest, sandbox))[0] for _ in range(3)] == [503, 503, 200]
    assert (fault.hits, said(sandbox)) == (2, 1)


async def test_a_limit_says_how_long_and_whose_it_is(rest: Any, sandbox: Sandbox) -> None:
    sandbox.faults.limit(route=MESSAGES, retry_after_s=2.5, scope="shared")
    status, body, answer = await post(rest, sandbox)
    assert (status, body["retry_after"], body["global"]) == (429, 2.5, False)
    assert (answer.headers["Retry-After"], answer.headers["X-RateLimit-Scope"]) == ("3", "shared")
    sandbox.faults.limit(scope="global")
    status, body, answer = await post(rest, sandbox)
    assert (status, body["global"], answer.headers["X-RateLimit-Global"]) == (429, True, "true")


async def test_what_hangs_goes_on_when_it_is_released(rest: Any, sandbox: Sandbox) -> None:
    fault = sandbox.faults.hang(route=MESSAGES)
    waiting = asyncio.create_task(post(rest, sandbox))
    async with asyncio.timeout(3):
        while not fault.hits:
            await asyncio.sleep(0.005)
    assert not waiting.done()
    assert said(sandbox) == 0
    fault.release()
    assert (await asyncio.wait_for(waiting, 3))[0] == 200


async def test_what_hangs_ends_with_the_sandbox(rest: Any, sandbox: Sandbox) -> None:
    async with Sandbox() as other:
        fault = other.faults.hang(most_s=60)
        headers = {"Authorization": f"Bot {other.token}"}
        asking = asyncio.create_task(rest.session.get(other.api_url + "/users/@me", headers=headers))
        async with asyncio.timeout(3):
            while not fault.hits:
                await asyncio.sleep(0.005)
    await asyncio.wait([asking], timeout=3)
    assert asking.done()
    asking.exception()


async def test_a_lost_answer_is_a_message_nobody_hears_of(rest: Any, sandbox: Sandbox) -> None:
    fault = sandbox.faults.lose_answer(route=MESSAGES)
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(rest, sandbox)
    assert (said(sandbox), fault.hits) == (1, 1)
    assert sandbox.transcript.exchanges[-1].status == 0
    assert (await post(rest, sandbox))[0] == 200


async def test_a_reset_connection_has_done_nothing(rest: Any, sandbox: Sandbox) -> None:
    with sandbox.faults.during(sandbox.faults.reset_connection(route=MESSAGES, times=None)) as fault:
        for _ in range(2):
            with pytest.raises(aiohttp.ClientConnectionError):
                await post(rest, sandbox)
    assert (said(sandbox), fault.hits) == (0, 2)
    assert (await post(rest, sandbox))[0] == 200


async def test_a_garbled_answer_is_no_json(rest: Any, sandbox: Sandbox) -> None:
    sandbox.faults.garble(route=MESSAGES)
    with pytest.raises(json.JSONDecodeError):
        await post(rest, sandbox)
    assert said(sandbox) == 1


async def test_a_fault_after_the_work_has_done_it(rest: Any, sandbox: Sandbox) -> None:
    sandbox.faults.fail(path_contains="/messages", status=500, after_work=True)
    assert (await post(rest, sandbox))[0] == 500
    assert said(sandbox) == 1


async def test_a_slow_answer_comes_late_and_is_noted_so(rest: Any, sandbox: Sandbox) -> None:
    with sandbox.faults.during(sandbox.faults.slow(0.05, route=MESSAGES)):
        assert (await post(rest, sandbox))[0] == 200
    assert sandbox.transcript.exchanges[-1].ms >= 50
    assert sandbox.faults.pending == []


async def test_chance_is_the_same_at_every_start(rest: Any, sandbox: Sandbox) -> None:
    sandbox.faults.fail(method="*", times=None, probability=0.5)
    first = [(await rest("GET", "/users/@me"))[0] for _ in range(20)]
    async with Sandbox(rate_limits=False) as other:
        other.faults.fail(method="*", times=None, probability=0.5)
        headers = {"Authorization": f"Bot {other.token}"}
        second = []
        for _ in range(20):
            async with rest.session.get(other.api_url + "/users/@me", headers=headers) as answer:
                second.append(answer.status)
    assert first == second
    assert set(first) == {200, 502}
    with pytest.raises(ValueError, match="from 0 to 1"):
        sandbox.faults.fail(probability=2)


async def test_the_gateway_drops_after_so_many_events(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify()
    await socket.until("GUILD_CREATE")
    sandbox.faults.drop_gateway(4000, after_events=2)
    for _ in range(3):
        sandbox.member("alice").post("x")
    await socket.until("MESSAGE_CREATE")
    await socket.until("MESSAGE_CREATE")
    assert await socket.closing() == 4000


async def test_heartbeats_are_left_unanswered_and_resumes_refused(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    ready = await socket.identify(0)
    sandbox.faults.swallow_acks(1)
    await socket.send(1, None)
    await socket.send(1, None)
    assert (await socket.receive())["op"] == 11
    sandbox.ask_for_heartbeat()
    assert (await socket.receive())["op"] == 1
    sandbox.faults.refuse_resumes()
    again = await open_socket()
    await again.receive()
    await again.send(6, {"token": sandbox.token, "session_id": ready["session_id"], "seq": 1})
    assert await again.receive() == {"op": 9, "d": False}


async def test_events_can_be_late(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    await socket.identify()
    await socket.until("GUILD_CREATE")
    sandbox.faults.delay_events(0.1)
    began = asyncio.get_running_loop().time()
    sandbox.member("alice").post("x")
    await socket.until("MESSAGE_CREATE")
    assert asyncio.get_running_loop().time() - began >= 0.1


async def test_a_cut_line_can_be_resumed(open_socket: Any, sandbox: Sandbox) -> None:
    socket = await open_socket()
    ready = await socket.identify()
    await socket.until("GUILD_CREATE")
    sandbox.cut_gateway()
    assert await socket.closing() in (None, 1006)
    again = await open_socket()
    await again.receive()
    await again.send(6, {"token": sandbox.token, "session_id": ready["session_id"], "seq": 2})
    assert (await again.receive())["t"] == "RESUMED"


async def test_a_running_sandbox_takes_faults_from_outside(rest: Any, sandbox: Sandbox) -> None:
    url = sandbox.world.origin + "/sandbox/faults"
    body = {"kind": "status", "status": 503, "route": MESSAGES, "times": 1}
    async with rest.session.post(url, json=body) as answer:
        assert answer.status == 200
    async with rest.session.get(url) as answer:
        assert [one["kind"] for one in (await answer.json())["faults"]] == ["status"]
    assert [(await post(rest, sandbox))[0] for _ in range(2)] == [503, 200]
    async with rest.session.post(url, json={"kind": "nonsense"}) as answer:
        assert answer.status == 422
        assert "status, limit, slow" in (await answer.json())["error"]
    await rest.session.post(url, json={"kind": "hang", "times": None})
    async with rest.session.delete(url) as answer:
        assert answer.status == 200
    assert sandbox.faults.pending == []
