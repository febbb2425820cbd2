"""Plugins that stop, start and misfit; the native door; the host's own reports."""

from __future__ import annotations

from dataclasses import replace

import pytest
from api_kit import ALICE, GUILD, FakeHost, custom, ping, view_of
from quart import Blueprint

from chandelier import Context, Permission, Plugin, State
from chandelier_api import create_app, native
from chandelier_core.host import Check

SETTINGS = f"/api/v1/guilds/{GUILD}/settings"


@pytest.mark.parametrize("path", ["/api/v1/ping", "/api/v1/ping/echo", "/api/v1/ping/whatever"])
async def test_a_stopped_plugin_answers_that_it_is_off(client, host, path) -> None:
    host.set_state("ping", State.STOPPED, "It was asked to stop.")
    answer = await (client.post(path, json={}) if path.endswith("echo") else client.get(path))
    problem = await answer.get_json()
    assert (answer.status_code, problem["code"]) == (404, "plugin_off")
    assert "It was asked to stop." in problem["detail"]
    host.set_state("ping", State.STARTED)
    assert (await client.get("/api/v1/ping")).status_code == 200


async def test_a_plugin_that_failed_answers_503(client, host) -> None:
    host.set_state("ping", State.FAILED, "Its lifespan raised; tried again in 5 s.")
    answer = await client.get("/api/v1/ping")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


async def test_the_routes_of_a_stopped_blueprint_are_off_too(client, host) -> None:
    assert (await client.get("/api/v1/native/raw")).status_code == 200
    host.set_state("native", State.STOPPED)
    assert (await client.get("/api/v1/native/raw")).status_code == 404


async def test_a_blueprint_speaks_in_problems(client) -> None:
    refused = await (await client.get("/api/v1/native/raw/no")).get_json()
    assert (refused["type"], refused["status"]) == ("/problems/native.file_locked", 409)
    gone = await (await client.get("/api/v1/native/raw/gone")).get_json()
    assert (gone["code"], gone["status"]) == ("not_found", 404)
    for body in (b"\xff", b"[" * 200_000, b"NaN"):
        answer = await client.post("/api/v1/native/raw/json", data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400
    assert (
        await client.post("/api/v1/native/raw/json", data=b"{}", headers={"Content-Type": "text/plain"})
    ).status_code == 415


async def test_a_blueprint_that_is_stuck_is_ended(host, monkeypatch) -> None:
    monkeypatch.setattr(native, "LIMIT_S", 0.05)
    answer = await create_app(host).test_client().get("/api/v1/native/raw/stuck")
    assert (answer.status_code, (await answer.get_json())["code"]) == (504, "timed_out")


async def test_a_blueprint_that_reaches_for_the_whole_application_is_left_out() -> None:
    greedy = Blueprint("greedy", __name__)

    @greedy.before_app_request
    async def spy() -> None:
        raise AssertionError

    client = create_app(FakeHost(Plugin("greedy", summary="Greedy.", blueprint=greedy), ping)).test_client()
    assert (await client.get("/api/v1/ping")).status_code == 200
    detail = await (await client.get("/api/v1/plugins/greedy")).get_json()
    assert "whole application" in detail["findings"][0]["sentence"]


async def test_what_cannot_be_mounted_is_a_finding_and_the_rest_works() -> None:
    odd = Plugin("odd", summary="Odd.")

    @odd.command(http="GET /{nobody}")
    async def lost(ctx: Context) -> None:
        """Name what is not there."""

    @odd.command(http="GET /a", short="/health")
    async def thief(ctx: Context) -> None:
        """Take what is the host's."""

    docs = Plugin("docs", summary="Has a reserved name.")
    docs.command(http="GET /")(lost.handler)
    client = create_app(FakeHost(odd, docs, ping)).test_client()
    findings = (await (await client.get("/api/v1/plugins/odd")).get_json())["findings"]
    assert [finding["place"] for finding in findings] == ["command lost", "command thief"]
    assert (await client.get("/api/v1/odd/a")).status_code == 204
    assert "checks" in await (await client.get("/health")).get_json()


async def test_of_two_that_claim_a_short_path_the_first_has_it(host) -> None:
    twin = replace(view_of(custom), name="twin")
    host.views["twin"] = twin
    client = create_app(host).test_client()
    await client.get("/commands")
    assert host.calls[-1].plugin == "custom"
    findings = (await (await client.get("/api/v1/plugins/twin")).get_json())["findings"]
    assert "taken by custom" in findings[0]["sentence"]


async def test_a_plugin_that_could_not_be_loaded_is_shown(client, host) -> None:
    host.views["broken"] = replace(host.views["ping"], name="broken", state=State.REJECTED, sentence="It cannot be imported.",
                                   declaration=None)  # fmt: skip
    detail = await (await client.get("/api/v1/plugins/broken")).get_json()
    assert (detail["state"], detail["sentence"], detail["commands"]) == ("rejected", "It cannot be imported.", [])
    assert "It cannot be imported." in (await (await client.get("/api/v1/broken")).get_json())["detail"]


async def test_a_plugin_is_told_with_its_commands_and_options(client) -> None:
    detail = await (await client.get("/api/v1/plugins/custom")).get_json()
    add = next(command for command in detail["commands"] if command["path"] == "custom add")
    assert add["allow"] == "Manage Guild"
    assert [option["name"] for option in add["options"]] == ["name", "text"]
    assert add["http"] == {"method": "POST", "path": "/", "short": "/commands"}
    assert (await client.get("/api/v1/plugins/nobody")).status_code == 404


async def test_the_overview_has_ids_as_text_and_times_in_utc(client) -> None:
    overview = await (await client.get("/api/data")).get_json()
    assert overview["bot"]["started_at"] == "2026-06-10T12:00:00Z"
    assert overview["guilds"] == [{"id": str(GUILD), "name": "Test server"}]
    assert [plugin["state"] for plugin in overview["plugins"]] == ["started"] * 3
    assert overview["calls"] == {"total": 4, "answered": 3, "refused": 1}


async def test_health_tells_degraded_from_failing(client, host) -> None:
    host.checks = (Check("database", True, "Fine."), Check("gateway", False, "Discord is away.", required=False))
    answer = await client.get("/health")
    assert (answer.status_code, (await answer.get_json())["status"]) == (200, "degraded")
    assert (await client.get("/health/ready")).status_code == 200
    host.checks = (Check("database", False, "The database does not answer."),)
    answer = await client.get("/health")
    assert (answer.status_code, (await answer.get_json())["status"]) == (503, "failing")
    ready = await client.get("/health/ready")
    assert (ready.status_code, (await ready.get_json())["checks"][0]["sentence"]) == (
        503,
        "The database does not answer.",
    )
    assert (await client.get("/health/live")).status_code == 200


async def test_a_prefix_is_set_and_given_back(client) -> None:
    assert await (await client.get(SETTINGS)).get_json() == {"text_prefix": "!"}
    assert await (await client.put(SETTINGS, json={"text_prefix": "?"})).get_json() == {"text_prefix": "?"}
    assert await (await client.put(SETTINGS, json={"text_prefix": None})).get_json() == {"text_prefix": "!"}


@pytest.mark.parametrize(
    "body", [{}, {"text_prefix": 1}, {"text_prefix": "123456"}, {"prefix": "?"}, {"text_prefix": "?", "x": 1}]
)
async def test_a_bad_setting_is_422_and_changes_nothing(client, host, body) -> None:
    assert (await client.put(SETTINGS, json=body)).status_code == 422
    assert host.prefixes == {}


async def test_settings_need_the_right_to_change_a_server(client, host) -> None:
    header = {"X-Discord-User-Id": str(ALICE)}
    assert (await client.put(SETTINGS, json={"text_prefix": "?"}, headers=header)).status_code == 403
    host.members[ALICE] = Permission.MANAGE_GUILD
    assert (await client.put(SETTINGS, json={"text_prefix": "?"}, headers=header)).status_code == 200
    assert (await client.get("/api/v1/guilds/5/settings")).status_code == 404
