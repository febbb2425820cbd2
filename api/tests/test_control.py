"""Switching plugins and parts over REST: the operator's alone."""

from __future__ import annotations

import pytest
from api_kit import ALICE

from chandelier import State


async def test_a_plugin_is_stopped_and_started_and_the_answer_says_how_it_is(client, host) -> None:
    answer = await client.post("/api/v1/plugins/ping/stop")
    said = await answer.get_json()
    assert (answer.status_code, said["state"], said["running"]) == (200, "stopped", False)
    assert host.views["ping"].state is State.STOPPED
    assert (await client.get("/api/v1/ping")).status_code == 404
    assert (await (await client.post("/api/v1/plugins/ping/start")).get_json())["running"] is True
    assert (await client.get("/api/v1/ping")).status_code == 200


async def test_a_part_is_named_as_logs_name_it_slashes_and_blanks_included(client, host) -> None:
    assert (await client.post("/api/v1/plugins/native/parts/route GET /api/v1/native/raw/park")).status_code == 200
    assert (await client.post("/api/v1/plugins/ping/parts/command%20ping/resume")).status_code == 200
    assert host.switched == [("native", "route GET /api/v1/native/raw", False), ("ping", "command ping", True)]
    parts = (await (await client.get("/api/v1/plugins/ping")).get_json())["parts"]
    assert parts[0] == {
        "name": "command measure", "state": "in_use", "sentence": "It is in use.",
        "reference": None, "since": None, "probe_at": None,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["stop", "start", "parts/command ping/park", "parts/command ping/resume"])
async def test_nobody_but_the_operator_switches_and_nothing_is_switched_for_others(client, host, path) -> None:
    answer = await client.post(f"/api/v1/plugins/ping/{path}", headers={"X-Discord-User-Id": str(ALICE)})
    assert (answer.status_code, (await answer.get_json())["code"]) == (403, "not_allowed")
    assert (host.views["ping"].state, host.switched) == (State.STARTED, [])
    assert (await client.post(f"/api/v1/plugins/nobody/{path}")).status_code == 404
    extra = await client.post(f"/api/v1/plugins/ping/{path}", json={"hard": True})
    assert (extra.status_code, (await extra.get_json())["code"]) == (422, "unknown_option")
