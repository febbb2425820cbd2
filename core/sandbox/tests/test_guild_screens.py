"""Welcome screen, onboarding, widget, integrations and templates: kept, and answered as Discord does."""

from __future__ import annotations

import pytest

from chandelier_sandbox import Permission

from .guild_steps import Desk

P = Permission


async def test_a_welcome_screen_is_unknown_until_made(desk: Desk) -> None:
    assert await desk.refused("GET", "welcome-screen") == (404, 10069)
    general = str(desk.guild.channel("general").id)
    body = {"description": "Hello", "welcome_channels": [{"channel_id": general, "description": "Start"}]}
    made = await desk.ask("PATCH", "welcome-screen", body)
    assert (made["description"], made["welcome_channels"][0]["channel_id"]) == ("Hello", general)
    assert await desk.ask("GET", "welcome-screen") == made
    wrong = {"welcome_channels": [{"channel_id": "5", "description": "Start"}]}
    assert await desk.refused("PATCH", "welcome-screen", wrong) == (404, 10003)


async def test_the_onboarding_is_kept(desk: Desk) -> None:
    assert (await desk.ask("GET", "onboarding"))["enabled"] is False
    await desk.ask("PUT", "onboarding", {"enabled": True, "prompts": [{"title": "Who?", "options": [{"title": "Me"}]}]})
    kept = await desk.ask("GET", "onboarding")
    assert (kept["enabled"], kept["prompts"][0]["options"][0]["title"]) == (True, "Me")
    until = "2099-01-01T00:00:00+00:00"
    assert (await desk.ask("PUT", "incident-actions", {"dms_disabled_until": until}))["dms_disabled_until"] == until


async def test_the_widget_is_shown_once_it_is_switched_on(desk: Desk) -> None:
    assert await desk.refused("GET", "widget.json", headers={"Authorization": ""}) == (403, 50004)
    await desk.ask("PATCH", "widget", {"enabled": True})
    shown = await desk.ask("GET", "widget.json", headers={"Authorization": ""})
    assert shown["name"] == desk.guild.name
    assert (await desk.ask("GET", ""))["widget_enabled"] is True
    assert await desk.refused("PATCH", "widget", {"channel_id": "5"}) == (404, 10003)


async def test_the_bot_is_the_only_integration(desk: Desk) -> None:
    (own,) = await desk.ask("GET", "integrations")
    assert own["application"]["bot"]["id"] == str(desk.sandbox.bot_id)
    assert await desk.refused("DELETE", "integrations/5") == (404, 10005)
    assert await desk.ask("GET", "vanity-url") == {"code": None, "uses": 0}


async def test_a_guild_has_one_template(desk: Desk) -> None:
    made = await desk.ask("POST", "templates", {"name": "Copy"})
    assert await desk.refused("POST", "templates", {"name": "Copy"}) == (400, 30031)
    assert await desk.ask("GET", f"/guilds/templates/{made['code']}", headers={"Authorization": ""}) == made
    desk.sandbox.world.add_channel(desk.guild, "late")
    synced = await desk.ask("PUT", f"templates/{made['code']}")
    assert synced["serialized_source_guild"]["channels"][-1]["name"] == "late"
    assert (await desk.ask("PATCH", f"templates/{made['code']}", {"name": "Other"}))["name"] == "Other"
    await desk.ask("DELETE", f"templates/{made['code']}")
    assert await desk.refused("GET", f"/guilds/templates/{made['code']}") == (404, 10057)
    assert await desk.refused("DELETE", f"templates/{made['code']}") == (404, 10057)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "welcome-screen"),
        ("PUT", "onboarding"),
        ("PUT", "incident-actions"),
        ("GET", "widget"),
        ("PATCH", "widget"),
        ("GET", "vanity-url"),
        ("GET", "integrations"),
        ("GET", "templates"),
        ("POST", "templates"),
    ],
)
async def test_the_screens_take_manage_guild(desk: Desk, method: str, path: str) -> None:
    desk.without(P.MANAGE_GUILD)
    body = None if method == "GET" else {"name": "x"}
    assert await desk.refused(method, path, body) == (403, 50013)
