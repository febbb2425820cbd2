"""The REST API, asked by a raw client: what it accepts, what it refuses and how."""

from __future__ import annotations

import asyncio
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest

from chandelier_sandbox import CannotSend, Overwrite, Permission, PortTaken, Sandbox


def general(sandbox: Sandbox) -> str:
    return f"/channels/{sandbox.guild.channel('general').id}/messages"


async def test_a_wrong_token_is_refused(rest: Any) -> None:
    status, body, _ = await rest("GET", "/users/@me", token="wrong")
    assert (status, body) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_an_unknown_route_is_loud(rest: Any, capfd: pytest.CaptureFixture[str]) -> None:
    status, body, answer = await rest("DELETE", "/nowhere/5")
    assert (status, body) == (404, {"message": "404: Not Found", "code": 0})
    assert answer.headers["X-Sandbox-Unknown"] == "DELETE /api/v10/nowhere/5"
    assert "DELETE /api/v10/nowhere/5" in capfd.readouterr().err


async def test_a_known_path_with_another_method_is_loud_too(rest: Any) -> None:
    status, body, answer = await rest("DELETE", "/gateway/bot")
    assert (status, body) == (405, {"message": "405: Method Not Allowed", "code": 0})
    assert "X-Sandbox-Unknown" in answer.headers


async def test_bad_json_is_50109(rest: Any, sandbox: Sandbox) -> None:
    headers = {"Content-Type": "application/json"}
    status, body, _ = await rest("POST", general(sandbox), data=b"{", headers=headers)
    assert (status, body["code"]) == (400, 50109)
    status, body, _ = await rest("POST", general(sandbox), body=[1, 2])
    assert (status, body["code"]) == (400, 50109)


async def test_every_answer_has_discords_headers(rest: Any, sandbox: Sandbox) -> None:
    sandbox.clock.advance(3600)
    _, body, answer = await rest("POST", general(sandbox), {"content": "hello"})
    assert answer.headers["Content-Type"] == "application/json"
    assert int(answer.headers["X-RateLimit-Remaining"]) < int(answer.headers["X-RateLimit-Limit"])
    assert answer.headers["X-RateLimit-Bucket"]
    date = parsedate_to_datetime(answer.headers["Date"])
    assert abs(date.timestamp() - sandbox.clock.time()) < 5
    assert body["timestamp"][:16] == date.isoformat()[:16]


async def test_messages_are_judged(rest: Any, sandbox: Sandbox) -> None:
    status, body, _ = await rest("POST", general(sandbox), {"content": "x" * 2001})
    assert (status, body["code"]) == (400, 50035)
    assert body["errors"]["content"]["_errors"][0]["code"] == "BASE_TYPE_MAX_LENGTH"
    status, body, _ = await rest("POST", general(sandbox), {"content": "", "embeds": [{"title": "x" * 257}]})
    assert body["errors"]["embeds"]["0"]["title"]["_errors"][0]["message"] == "Must be 256 or fewer in length."
    for empty in ({"content": "  "}, {}, {"content": None}):
        status, body, _ = await rest("POST", general(sandbox), empty)
        assert (status, body["code"]) == (400, 50006)
    status, body, _ = await rest("POST", "/channels/5/messages", {"content": "x"})
    assert (status, body["code"]) == (404, 10003)
    reference = {"message_id": "5"}
    status, body, _ = await rest("POST", general(sandbox), {"content": "x", "message_reference": reference})
    assert (status, body["code"]) == (400, 50035)


@pytest.mark.parametrize(
    "body",
    [
        {"content": ["a"]},
        {"embeds": "x"},
        {"embeds": [5]},
        {"embeds": [{"fields": "x"}]},
        {"embeds": [{"fields": [1]}]},
        {"components": "x"},
        {"components": [1]},
        {"flags": "x", "content": "a"},
        {"message_reference": {"message_id": "x"}, "content": "a"},
        {"allowed_mentions": {"parse": 5}, "content": "<@5>"},
        {"allowed_mentions": {"users": 5}, "content": "<@5>"},
        {"attachments": [5], "content": "a"},
        {"nonce": {"a": 1}, "enforce_nonce": True, "content": "a"},
    ],
)
async def test_no_body_breaks_the_server(rest: Any, sandbox: Sandbox, body: Any) -> None:
    status, answer, _ = await rest("POST", general(sandbox), body)
    assert status in (200, 400)
    assert status == 200 or answer["code"] in (50035, 50006)


async def test_channels_close_to_the_bot_by_overwrites(rest: Any, sandbox: Sandbox) -> None:
    channel = sandbox.guild.channel("random")
    path = f"/channels/{channel.id}/messages"
    channel.overwrites.append(Overwrite(sandbox.bot_id, 1, deny=int(Permission.SEND_MESSAGES)))
    assert (await rest("POST", path, {"content": "x"}))[1] == {"message": "Missing Permissions", "code": 50013}
    channel.overwrites[:] = [Overwrite(sandbox.guild.id, 0, deny=int(Permission.VIEW_CHANNEL))]
    assert (await rest("POST", path, {"content": "x"}))[1] == {"message": "Missing Access", "code": 50001}
    with pytest.raises(CannotSend, match="bob may not send messages in #random"):
        sandbox.member("bob", channel="random").post("hello")
    sandbox.member("alice", channel="random").post("an owner sees everything")


async def test_a_message_can_be_read_edited_and_deleted(rest: Any, sandbox: Sandbox) -> None:
    _, sent, _ = await rest("POST", general(sandbox), {"content": "one"})
    path = f"{general(sandbox)}/{sent['id']}"
    _, edited, _ = await rest("PATCH", path, {"content": "two"})
    assert edited["content"] == "two"
    assert edited["edited_timestamp"] is not None
    assert [message["content"] for message in (await rest("GET", general(sandbox)))[1]] == ["two"]
    assert (await rest("DELETE", path))[0] == 204
    assert (await rest("GET", path))[1]["code"] == 10008
    others = sandbox.member("bob").post("mine")
    assert (await rest("PATCH", f"{general(sandbox)}/{others}", {"content": "x"}))[1]["code"] == 50005


async def test_nothing_is_mentioned_unless_allowed(rest: Any, sandbox: Sandbox) -> None:
    bob = sandbox.member("bob")
    text = f"@everyone {bob.mention}"
    _, quiet, _ = await rest("POST", general(sandbox), {"content": text, "allowed_mentions": {"parse": []}})
    assert (quiet["mentions"], quiet["mention_everyone"]) == ([], False)
    allowed = {"parse": ["everyone"], "users": [str(bob.id)]}
    _, loud, _ = await rest("POST", general(sandbox), {"content": text, "allowed_mentions": allowed})
    assert ([user["id"] for user in loud["mentions"]], loud["mention_everyone"]) == ([str(bob.id)], True)


async def test_the_same_nonce_is_one_message_within_its_window(rest: Any, sandbox: Sandbox) -> None:
    body = {"content": "once", "nonce": "n1", "enforce_nonce": True}
    first, second = (await rest("POST", general(sandbox), body))[1], (await rest("POST", general(sandbox), body))[1]
    assert first["id"] == second["id"]
    sandbox.nonce_window_s = 5
    sandbox.clock.advance(6)
    assert (await rest("POST", general(sandbox), body))[1]["id"] != first["id"]


async def test_a_file_can_be_sent_and_fetched(rest: Any, sandbox: Sandbox) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "see"}', content_type="application/json")
    form.add_field("files[0]", b"a,b\n", filename="rows.csv", content_type="text/csv")
    status, sent, _ = await rest("POST", general(sandbox), data=form)
    assert status == 200
    assert (sent["attachments"][0]["filename"], sent["attachments"][0]["size"]) == ("rows.csv", 4)
    async with rest.session.get(sent["attachments"][0]["url"]) as answer:
        assert await answer.read() == b"a,b\n"


async def test_direct_messages_reach_who_accepts_them(rest: Any, sandbox: Sandbox) -> None:
    bob = sandbox.member("bob")
    _, channel, _ = await rest("POST", "/users/@me/channels", {"recipient_id": str(bob.id)})
    assert (channel["type"], channel["recipients"][0]["username"]) == (1, "bob")
    await rest("POST", f"/channels/{channel['id']}/messages", {"content": "psst"})
    assert (await bob.next_message(timeout_s=1)).text == "psst"
    sandbox.world.users[bob.id].accepts_dms = False
    assert (await rest("POST", f"/channels/{channel['id']}/messages", {"content": "x"}))[1]["code"] == 50007
    assert (await rest("POST", "/users/@me/channels", {"recipient_id": "5"}))[1]["code"] == 10013
    assert (await rest("POST", "/users/@me/channels", {}))[1]["code"] == 50035


async def test_reactions_are_kept(rest: Any, sandbox: Sandbox) -> None:
    message = sandbox.member("bob").post("like me")
    path = f"{general(sandbox)}/{message}/reactions/%F0%9F%91%8D"
    assert (await rest("PUT", f"{path}/@me"))[0] == 204
    assert (await rest("GET", f"{general(sandbox)}/{message}"))[1]["reactions"][0]["me"] is True
    assert [user["id"] for user in (await rest("GET", path))[1]] == [str(sandbox.bot_id)]
    assert (await rest("DELETE", f"{path}/@me"))[0] == 204
    assert (await rest("PUT", f"{general(sandbox)}/{message}/reactions/nope/@me"))[1]["code"] == 10014


async def test_a_fault_hits_as_often_as_asked(rest: Any, sandbox: Sandbox) -> None:
    sandbox.faults.fail(method="POST", path_contains="/messages", status=429, times=2)
    for _ in range(2):
        status, body, answer = await rest("POST", general(sandbox), {"content": "x"})
        assert (status, answer.headers["Retry-After"]) == (429, "1")
        assert body["retry_after"] == 1.0
    assert (await rest("POST", general(sandbox), {"content": "x"}))[0] == 200
    assert len(sandbox.world.messages[sandbox.guild.channel("general").id]) == 1


async def test_the_transcript_holds_no_secret(rest: Any, sandbox: Sandbox) -> None:
    await rest("POST", "/interactions/5/verysecret/callback", {"type": 4, "token": "verysecret"})
    said = repr([(one.path, one.request, one.answer) for one in sandbox.transcript.exchanges])
    assert "verysecret" not in said
    assert sandbox.token not in said


async def test_a_page_of_another_origin_is_turned_away(rest: Any, sandbox: Sandbox) -> None:
    assert (await rest("GET", "/users/@me", headers={"Origin": "http://evil.example"}))[0] == 403
    assert (await rest("GET", "/users/@me", headers={"Host": "evil.example"}))[0] == 403


async def test_it_listens_on_loopback_only_and_says_when_the_port_is_taken(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        Sandbox(host="0.0.0.0")
    with pytest.raises(PortTaken, match="another program does"):
        async with Sandbox(port=sandbox.port):
            pass


async def test_a_hidden_ephemeral_answer_is_not_in_the_channel(rest: Any, sandbox: Sandbox) -> None:
    await rest("PUT", f"/applications/{sandbox.application_id}/commands", [{"name": "a", "description": "a"}])
    asking = asyncio.create_task(sandbox.member("bob").slash("a"))
    await asyncio.sleep(0)
    interaction = next(iter(sandbox._discord.interactions._by_id.values()))
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    assert (await rest("POST", path, {"type": 4, "data": {"content": "shh", "flags": 64}}))[0] == 204
    assert (await asking).ephemeral
    assert (await rest("GET", general(sandbox)))[1] == []
