"""What holds for every route, in a running bot: rates, requests sent twice, changes that meet, names of requests."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ..house import House, open_house

MOST = 40


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("conventions")
    async with open_house(chandelier_database, folder, CHANDELIER_API_RATE=str(MOST)) as found:
        yield found


def custom(house: House) -> str:
    return f"/api/v1/guilds/{house.one.id}/custom"


async def test_a_caller_may_ask_so_often_in_a_minute_and_no_more_often(house: House):
    token = await house.token("alice", "*:read")
    answers = await asyncio.gather(
        *(
            house.ask("GET", "/api/v1/me", token=token, X_Forwarded_For=f"10.0.0.{number}")
            for number in range(MOST + 10)
        )
    )
    assert sorted(status for status, _, _ in answers) == [200] * MOST + [429] * 10
    status, body, headers = await house.ask("GET", "/api/v1/nowhere", token=token)
    assert (status, body["code"]) == (429, "too_soon")
    assert 1 <= int(headers["Retry-After"]) <= 60
    assert headers["RateLimit-Policy"] == f'"default";q={MOST};w=60'
    assert headers["RateLimit"].startswith('"default";r=0;t=')


async def test_one_caller_does_not_use_up_what_another_has(house: House):
    first, second = await house.token("alice", "*:read"), await house.token("alice", "*:read")
    for _ in range(3):
        _, _, headers = await house.ask("GET", "/api/v1/me", token=first)
    assert f"r={MOST - 3};" in headers["RateLimit"]
    _, _, headers = await house.ask("GET", "/api/v1/me", token=second)
    assert f"r={MOST - 1};" in headers["RateLimit"]


async def test_tokens_that_open_nothing_cannot_be_tried_for_ever_and_good_ones_still_work(house: House):
    seen = [(await house.ask("GET", "/api/v1/me", token=f"wrong{number}"))[0] for number in range(25)]
    assert seen == [401] * 20 + [429] * 5
    assert (await house.ask("GET", "/api/v1/me", token=await house.token("alice")))[0] == 200


async def test_strangers_are_counted_and_health_is_not(house: House):
    seen = [(await house.ask("GET", f"/nowhere/{number}", token=None))[0] for number in range(MOST + 5)]
    assert set(seen) == {401, 429}
    assert (await house.ask("GET", "/health/live", token=None))[0] == 200


async def test_a_request_that_is_sent_twice_is_done_once(house: House):
    key, wish = str(uuid.uuid4()), {"name": "twice", "content": "x"}
    first, again = [await house.ask("POST", custom(house), body=wish, Idempotency_Key=key, X_Discord_User_Id=house.id_of("alice"))
                    for _ in range(2)]  # fmt: skip
    assert first[0] == again[0] == 201
    assert first[1] == again[1]
    assert (again[2]["Idempotent-Replayed"], "Idempotent-Replayed" in first[2]) == ("true", False)
    changed = await house.ask("POST", custom(house), body={**wish, "content": "y"}, Idempotency_Key=key)
    assert (changed[0], changed[1]["code"]) == (422, "key_reused")
    somebody_else = await house.ask(
        "POST", custom(house), token=await house.token("alice"), body=wish, Idempotency_Key=key
    )
    assert somebody_else[1]["code"] == "exists", "keys are each caller's own"


async def test_a_refusal_is_answered_alike_too(house: House):
    key, wish = str(uuid.uuid4()), {"name": "bad name!", "content": "x"}
    first, again = [await house.ask("POST", custom(house), body=wish, Idempotency_Key=key) for _ in range(2)]
    assert (first[0], first[1]) == (again[0], again[1])
    assert first[0] in (409, 422)


async def test_of_two_at_once_one_is_done(house: House):
    key, wish = str(uuid.uuid4()), {"name": "at_once", "content": "x"}
    alice = house.id_of("alice")
    answers = await asyncio.gather(
        *(house.ask("POST", custom(house), body=wish, Idempotency_Key=key, X_Discord_User_Id=alice) for _ in range(5))
    )
    assert {(status, body.get("code")) for status, body, _ in answers} <= {(201, None), (409, "still_running")}
    assert any(status == 201 for status, _, _ in answers)
    _, listed, _ = await house.ask("GET", custom(house))
    assert [one["name"] for one in listed["items"]].count("at_once") == 1


async def test_the_answer_with_a_new_token_is_not_kept(house: House):
    key, wish = str(uuid.uuid4()), {"name": "once", "scopes": ["*:read"]}
    first = await house.ask("POST", "/api/v1/tokens", body=wish, Idempotency_Key=key)
    again = await house.ask("POST", "/api/v1/tokens", body=wish, Idempotency_Key=key)
    assert (first[0], again[0], again[1]["code"]) == (201, 409, "answer_not_kept")


@pytest.mark.parametrize("key", ["short", "with a space", "x" * 65])
async def test_a_key_that_is_none_is_refused(house: House, key: str):
    status, body, _ = await house.ask("POST", custom(house), body={"name": "k", "content": "x"}, Idempotency_Key=key)
    assert (status, body["code"]) == (422, "bad_option")


async def test_what_has_not_changed_is_not_sent_again(house: House):
    path = f"/api/v1/guilds/{house.one.id}/settings"
    status, _, headers = await house.ask("GET", path)
    assert status == 200
    status, body, again = await house.ask("GET", path, If_None_Match=f'"other", W/{headers["ETag"]}')
    assert (status, body, again["ETag"]) == (304, None, headers["ETag"])
    assert (await house.ask("GET", path, If_None_Match='"other"'))[0] == 200


async def test_a_change_of_what_has_changed_meanwhile_is_refused(house: House):
    path = f"/api/v1/guilds/{house.one.id}/settings"
    _, _, read = await house.ask("GET", path)
    changed = await house.ask("PUT", path, body={"text_prefix": "?"}, If_Match=read["ETag"])
    assert changed[0] == 200
    status, body, headers = await house.ask("PUT", path, body={"text_prefix": "%"}, If_Match=read["ETag"])
    assert (status, body["code"]) == (412, "changed_meanwhile")
    assert (await house.ask("GET", path))[1]["text_prefix"] == "?"
    assert (await house.ask("PUT", path, body={"text_prefix": None}, If_Match=headers["ETag"]))[0] == 200


async def test_of_two_changes_of_one_state_one_is_made(house: House):
    path = f"/api/v1/guilds/{house.one.id}/settings"
    _, _, read = await house.ask("GET", path)
    answers = await asyncio.gather(
        *(house.ask("PUT", path, body={"text_prefix": prefix}, If_Match=read["ETag"]) for prefix in ("a!", "b!"))
    )
    assert sorted(status for status, _, _ in answers) == [200, 412]


async def test_a_plugins_own_route_is_held_to_its_tag_too(house: House):
    alice = {"X_Discord_User_Id": house.id_of("alice")}
    await house.ask("POST", custom(house), body={"name": "tagged", "content": "x"}, **alice)
    path = f"{custom(house)}/tagged"
    _, _, read = await house.ask("GET", path)
    assert (await house.ask("DELETE", path, If_Match='"stale"', **alice))[0] == 412
    assert (await house.ask("DELETE", path, If_Match=read["ETag"], **alice))[0] == 200
    assert (await house.ask("DELETE", path, If_Match=read["ETag"], **alice))[0] == 412


async def test_a_request_keeps_the_name_that_its_caller_gave_it(house: House):
    _, _, headers = await house.ask("GET", "/api/v1/ping", X_Request_Id="order-12345678")
    assert headers["X-Request-Id"] == "order-12345678"
    await house.process.logged("call", request_id="order-12345678", command="ping")
    _, _, headers = await house.ask("GET", "/api/v1/ping", X_Request_Id="no good\tname")
    assert headers["X-Request-Id"] != "no good\tname"


async def test_a_page_of_another_site_is_told_nothing(house: House):
    for method in ("OPTIONS", "GET"):
        _, _, headers = await house.ask(method, "/api/v1/me", Origin="https://evil.example")
        assert not [name for name in headers if name.lower().startswith("access-control")]
