"""The judge of fidelity: what it finds, how it words it, and what it leaves alone."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chandelier_sandbox import Sandbox
from chandelier_sandbox.judge import DEVIATIONS, UNDESCRIBED, Deviation, Judge, find_descriptions
from chandelier_sandbox.transcript.transcript import Exchange

USER = {
    "id": "5",
    "username": "alice",
    "avatar": None,
    "discriminator": "0",
    "public_flags": 0,
    "flags": 0,
    "global_name": "Alice",
    "primary_guild": None,
}


def exchange(method: str, path: str, status: int, request: bytes = b"", answer: bytes = b"") -> Exchange:
    return Exchange(1, 0.0, method, "", status, 0.1, 0, path, request, answer)


# Answers


def test_a_right_answer_has_no_findings(judge: Judge) -> None:
    assert judge.answer_findings("GET", "/users/{user_id}", 200, USER) == []
    assert judge.answer_findings("GET", "/api/v10/users/5", 200, USER) == []
    assert judge.answer_findings("DELETE", "/channels/5/messages/6", 204, None) == []


def test_a_missing_field_is_named_with_its_place(judge: Judge) -> None:
    message = {"author": {name: value for name, value in USER.items() if name != "username"}}
    found = judge.answer_findings("GET", "/channels/5/messages", 200, [message])
    assert "GET /channels/{channel_id}/messages answered 200: [0].author.username is missing" in found
    assert "GET /channels/{channel_id}/messages answered 200: [0].id is missing" in found


def test_a_wrong_type_is_named_with_the_value(judge: Judge) -> None:
    found = judge.answer_findings("GET", "/users/5", 200, USER | {"id": 5})
    assert found == ['GET /users/{user_id} answered 200: id is not of type "string" (5)']


def test_of_several_shapes_the_one_that_was_meant_is_judged(judge: Judge) -> None:
    overwrite = {"id": "7", "type": 0, "allow": "0", "deny": 0}
    channel = {"id": "5", "type": 0, "guild_id": "6", "name": "general", "position": 0, "flags": 0}
    found = judge.answer_findings("GET", "/channels/5", 200, channel | {"permission_overwrites": [overwrite]})
    assert found == [
        'GET /channels/{channel_id} answered 200: permission_overwrites[0].deny is not of type "string" (0)'
    ]


def test_a_type_that_no_shape_has_is_one_finding(judge: Judge) -> None:
    found = judge.answer_findings("GET", "/channels/5", 200, {"id": "5", "type": 77})
    assert found == ["GET /channels/{channel_id} answered 200: type is none of the described values (77)"]


def test_a_status_that_is_not_described_is_found(judge: Judge) -> None:
    found = judge.answer_findings("GET", "/users/5", 201, USER)
    assert found == ["GET /users/{user_id} answered 201: this status is not described; 200, 429, 4XX are"]


def test_errors_are_described_and_judged_too(judge: Judge) -> None:
    assert judge.answer_findings("GET", "/users/5", 404, {"message": "Unknown User", "code": 10013}) == []
    form = {
        "message": "Invalid Form Body",
        "code": 50035,
        "errors": {"content": {"_errors": [{"code": "BASE_TYPE_REQUIRED"}]}},
    }
    found = judge.answer_findings("POST", "/channels/5/messages", 400, form)
    assert found == ["POST /channels/{channel_id}/messages answered 400: errors.content._errors[0].message is missing"]
    limited = judge.answer_findings("GET", "/users/5", 429, {"message": "Slow down", "code": 0, "global": False})
    assert limited == ["GET /users/{user_id} answered 429: retry_after is missing"]


def test_a_body_where_there_is_none_and_none_where_there_is_one_are_found(judge: Judge) -> None:
    found = judge.answer_findings("DELETE", "/channels/5/messages/6", 204, {})
    assert found == ["DELETE /channels/{channel_id}/messages/{message_id} answered 204: there may be no body"]
    found = judge.answer_findings("GET", "/users/5", 200, None)
    assert found == ['GET /users/{user_id} answered 200: the body is not of type "object" (null)']


def test_an_unknown_operation_is_found(judge: Judge) -> None:
    assert judge.answer_findings("GET", "/api/v10/nowhere", 200, {}) == ["GET /nowhere: there is no such operation"]
    assert judge.answer_findings("DELETE", "/gateway", 204, None) == ["DELETE /gateway: there is no such operation"]


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("GET", "/users/@me", "/users/@me"),
        ("GET", "/users/5", "/users/{user_id}"),
        ("GET", "/guilds/5/members/search", "/guilds/{guild_id}/members/search"),
        ("POST", "/channels/5/messages/bulk-delete", "/channels/{channel_id}/messages/bulk-delete"),
        (
            "PATCH",
            "/api/v10/webhooks/5/t/messages/@original",
            "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        ),
        ("PATCH", "/webhooks/5/t/messages/6?wait=true", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"),
        ("DELETE", "/channels/{channel_id}", "/channels/{channel_id}"),
    ],
)
def test_literal_segments_win_over_parameters(judge: Judge, method: str, path: str, template: str) -> None:
    operation = judge.operation(method, path)
    assert operation is not None
    assert operation.template == template


def test_all_operations_are_known(judge: Judge) -> None:
    assert len(judge.operations) == 242
    assert all(judge.operation(one.method, one.template) is one for one in judge.operations)


# Requests


def test_a_string_where_a_number_belongs_is_found(judge: Judge) -> None:
    found = judge.request_findings("POST", "/channels/5/messages", {}, {"content": "hi", "flags": "64"})
    assert found == ['POST /channels/{channel_id}/messages: flags is not of types "null", "integer" ("64")']


def test_unknown_fields_are_left_alone_where_they_are_not_forbidden(judge: Judge) -> None:
    body = {"content": "hi", "nonce": "1", "enforce_nonce": True, "colour": "red"}
    assert judge.request_findings("POST", "/channels/5/messages", {"shade": "dark"}, body) == []


def test_a_missing_body_is_found(judge: Judge) -> None:
    found = judge.request_findings("POST", "/channels/5/messages/bulk-delete", {}, None)
    assert found == ["POST /channels/{channel_id}/messages/bulk-delete: the body is missing"]
    assert judge.request_findings("DELETE", "/guilds/5/bans/6", {}, None) == []


def test_queries_are_read_as_what_they_are_meant_to_be(judge: Judge) -> None:
    right = {"author_type": ["user", "bot"], "include_nsfw": "true", "limit": "5", "mentions": "5,6"}
    assert judge.request_findings("GET", "/guilds/5/messages/search", right, None) == []
    wrong = {"author_type": "user,ghost", "include_nsfw": "perhaps", "limit": "500"}
    assert sorted(judge.request_findings("GET", "/guilds/5/messages/search", wrong, None)) == [
        'GET /guilds/{guild_id}/messages/search: query author_type[1] is none of the described values ("ghost")',
        'GET /guilds/{guild_id}/messages/search: query include_nsfw is not of type "boolean" ("perhaps")',
        "GET /guilds/{guild_id}/messages/search: query limit is greater than the maximum of 25 (500)",
    ]


def test_a_path_that_holds_no_id_is_found(judge: Judge) -> None:
    found = judge.request_findings("GET", "/channels/general", {}, None)
    assert found == ['GET /channels/{channel_id}: path channel_id does not match "^(0|[1-9][0-9]*)$" ("general")']


def test_the_fields_of_a_form_are_judged(judge: Judge) -> None:
    sticker = {"name": "Wave", "tags": "wave", "description": "A hand"}
    assert judge.request_findings("POST", "/guilds/5/stickers", {}, sticker, files=True) == []
    assert judge.request_findings("POST", "/guilds/5/stickers", {}, sticker) == [
        "POST /guilds/{guild_id}/stickers: file is missing"
    ]
    found = judge.request_findings("POST", "/channels/5/messages", {}, {"content": 5}, files=True)
    assert found == ['POST /channels/{channel_id}/messages: content is not of types "null", "string" (5)']
    assert judge.request_findings("POST", "/channels/5/messages", {}, None, files=True) == []


# The gateway


def test_an_event_with_a_wrong_type_is_found(judge: Judge) -> None:
    typing = {"channel_id": "5", "user_id": "6", "timestamp": 7}
    assert judge.event_findings("TYPING_START", typing) == []
    found = judge.event_findings("TYPING_START", typing | {"timestamp": "7"})
    assert found == ['TYPING_START: timestamp is not of type "number" ("7")']
    assert judge.event_findings("TYPING_STOP", typing) == ["TYPING_STOP: there is no such event"]


def test_a_message_on_the_gateway_is_judged_as_a_message_too(sandbox: Sandbox, judge: Judge) -> None:
    sandbox.member("alice").post("hello")
    message = next(iter(sandbox.world.messages[sandbox.guild.channel("general").id].values()))
    payload = sandbox.world.render(message)
    assert judge.event_findings("MESSAGE_CREATE", payload) == []
    del payload["flags"]
    assert judge.event_findings("MESSAGE_CREATE", payload) == ["MESSAGE_CREATE (as a message): flags is missing"]


def test_what_a_client_sends_is_judged(judge: Judge) -> None:
    properties = {"os": "linux", "browser": "raw", "device": "raw"}
    identity = {"token": "t", "intents": 1, "properties": properties}
    assert judge.command_findings(2, identity) == []
    assert judge.command_findings(2, identity | {"intents": "1"}) == [
        'opcode 2: d.intents is not of type "number" ("1")'
    ]
    assert judge.command_findings(1, None) == []
    assert judge.command_findings(11, None) == ["opcode 11: a client may not send it"]


# Transcripts


def test_a_transcript_is_judged_in_both_directions(judge: Judge) -> None:
    wrong = exchange("POST", "/api/v10/channels/5/typing", 204, b"", b"{}")
    assert judge.findings_of([wrong]) == ["POST /channels/{channel_id}/typing answered 204: there may be no body"]
    asked = exchange("GET", "/api/v10/users/@me/guilds?limit=many", 200, b"", b"[]")
    assert judge.findings_of([asked]) == [
        'GET /users/@me/guilds: query limit is not of type "integer" ("many")',
    ]


def test_a_request_that_was_refused_is_judged_on_demand(judge: Judge) -> None:
    refused = exchange(
        "POST", "/api/v10/channels/5/messages", 400, b'{"content":5}', b'{"message":"Invalid Form Body","code":50035}'
    )
    assert judge.findings_of([refused]) == []
    assert len(judge.findings_of([refused], refused=True)) == 1


def test_hidden_secrets_still_fit(judge: Judge) -> None:
    hidden = exchange("PATCH", "/api/v10/webhooks/5/secret", 204, b'{"name":"x"}', b"")
    assert judge.findings_of([hidden]) == [
        "PATCH /webhooks/{webhook_id}/{webhook_token} answered 204: this status is not described; 200, 429, 4XX are"
    ]
    assert judge.command_findings(2, {"token": "…", "intents": 1, "properties": {}}) != []
    url = {"url": "https://discord.test/api/webhooks/5/…"}
    found = judge.shape_findings("GuildIncomingWebhookResponse", url)
    assert not [one for one in found if ": url " in one]


def test_what_is_documented_but_not_described_is_left_alone(judge: Judge) -> None:
    for method, path in UNDESCRIBED:
        assert judge.operation(method, path) is None, f"{method} {path} is described now: take it out of UNDESCRIBED"
        assert judge.findings_of([exchange(method, f"/api/v10{path}", 200, b"grant_type=x", b"{}")]) == []


def test_no_finding_holds_a_secret(judge: Judge) -> None:
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.abcdefghijklmnopqrstuvwxyz0123456789AB"
    found = judge.command_findings(2, {"token": {"is": token}, "intents": token, "properties": [token]})
    found += judge.command_findings(6, {"token": [token], "session_id": 5, "seq": token})
    assert len(found) >= 5
    assert token not in "".join(found)


def test_a_long_value_is_shortened(judge: Judge) -> None:
    (found,) = judge.request_findings("POST", "/channels/5/messages", {}, {"content": "x" * 100_000})
    assert len(found) < 250


# The descriptions and what is mended in them


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda one: "/".join(map(str, one.keys)))
def test_every_deviation_is_needed_and_enough(deviation: Deviation) -> None:
    folder = find_descriptions(Path(__file__))
    if folder is None:
        pytest.skip("Discord's own descriptions are not here; CHANDELIER_DISCORD_SPEC names their folder")
    assert deviation.reason.endswith(".")
    keys = deviation.keys[:-1] if deviation.keys[-1] == "required" else deviation.keys
    place = (deviation.document, *map(str, keys))
    others = [one for one in DEVIATIONS if one is not deviation]
    without, with_it = Judge(folder, others), Judge(folder)
    assert without._descriptions.errors(place, copy.deepcopy(deviation.example)), "the description allows it now"
    assert not with_it._descriptions.errors(place, copy.deepcopy(deviation.example))


def test_the_folder_is_found_by_variable_and_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHANDELIER_DISCORD_SPEC", raising=False)
    assert find_descriptions(tmp_path) is None
    for name in ("discord-api-spec/openapi.json", "discord-gateway-schema/gateway-v10.schema.json"):
        file = tmp_path / "shared" / name
        file.parent.mkdir(parents=True)
        file.write_text("{}")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_descriptions(deep) == tmp_path / "shared"
    monkeypatch.chdir(deep)
    assert find_descriptions() == tmp_path / "shared"
    monkeypatch.setenv("CHANDELIER_DISCORD_SPEC", str(tmp_path / "elsewhere"))
    assert find_descriptions() is None
    monkeypatch.setenv("CHANDELIER_DISCORD_SPEC", str(tmp_path / "shared"))
    assert find_descriptions(Path("/")) == tmp_path / "shared"


def test_the_sandbox_works_without_the_library() -> None:
    code = "import sys; sys.modules['jsonschema_rs'] = None; import chandelier_sandbox, chandelier_sandbox.judge"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30, env=environment)


def test_a_judge_without_the_library_says_what_to_install(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = find_descriptions(Path(__file__))
    assert folder is not None
    fresh: Any = Judge(folder)
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    with pytest.raises(ImportError, match=r"pip install 'chandelier-sandbox\[judge\]'"):
        fresh.answer_findings("GET", "/users/5", 200, USER)
