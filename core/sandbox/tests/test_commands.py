"""Application commands: what is kept, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from chandelier_sandbox import Sandbox


@pytest.fixture
def path(sandbox: Sandbox) -> str:
    return f"/applications/{sandbox.application_id}/commands"


def command(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "Does things"} | more


async def test_overwriting_keeps_ids_and_bumps_the_version_of_what_changed(rest: Any, path: str) -> None:
    _, first, _ = await rest("PUT", path, [command("a"), command("b")])
    _, second, _ = await rest("PUT", path, [command("a"), command("b", description="Other")])
    assert [one["id"] for one in first] == [one["id"] for one in second]
    assert first[0]["version"] == second[0]["version"]
    assert int(first[1]["version"]) < int(second[1]["version"])
    _, third, _ = await rest("PUT", path, [command("c")])
    assert [one["name"] for one in third] == ["c"]


async def test_single_commands_are_created_changed_and_deleted(rest: Any, path: str) -> None:
    status, made, _ = await rest("POST", path, command())
    assert status == 201
    assert (await rest("POST", path, command()))[0] == 200
    one = f"{path}/{made['id']}"
    assert (await rest("PATCH", one, {"description": "New"}))[1]["description"] == "New"
    assert (await rest("GET", one))[1]["description"] == "New"
    assert (await rest("DELETE", one))[0] == 204
    assert (await rest("GET", one))[1]["code"] == 10063


async def test_deleting_what_never_was_is_10063(rest: Any, sandbox: Sandbox, path: str) -> None:
    scoped = f"/applications/{sandbox.application_id}/guilds/{sandbox.guild.id}/commands"
    for scope in (path, scoped):
        assert (await rest("DELETE", f"{scope}/5"))[1]["code"] == 10063


async def test_guild_commands_are_their_own_scope(rest: Any, sandbox: Sandbox, path: str) -> None:
    scoped = f"/applications/{sandbox.application_id}/guilds/{sandbox.guild.id}/commands"
    _, made, _ = await rest("PUT", scoped, [command("local")])
    assert made[0]["guild_id"] == str(sandbox.guild.id)
    assert (await rest("GET", path))[1] == []
    assert [one["name"] for one in sandbox.guild_commands()] == ["local"]
    assert (await rest("GET", f"/applications/{sandbox.application_id}/guilds/5/commands"))[1]["code"] == 50001
    assert (await rest("GET", "/applications/5/commands"))[1]["code"] == 20012


OPTION = {"type": 3, "name": "o", "description": "o"}


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (command("Upper"), "name"),
        (command("two words"), "name"),
        (command("x" * 33), "name"),
        (command(description=""), "description"),
        (command(description="x" * 101), "description"),
        ({"description": "x"}, "name"),
        (command(options=[OPTION] * 2), "options"),
        (command(options=[OPTION | {"name": f"o{n}"} for n in range(26)]), "options"),
        (command(options=[OPTION, OPTION | {"name": "p", "required": True}]), "options"),
        (command(options=[OPTION | {"choices": [{"name": f"{n}", "value": "v"} for n in range(26)]}]), "options"),
        (command(options=[OPTION | {"choices": [{"name": "n", "value": "v"}], "autocomplete": True}]), "options"),
        (command(options=[OPTION | {"type": 12}]), "options"),
        (command(options=[OPTION | {"choices": 5}]), "options"),
        (command(options="x"), "options"),
        (command(options=[5]), "options"),
        (command(type=9), "type"),
        (command(type="x"), "type"),
        (command(default_member_permissions="x"), "default_member_permissions"),
    ],
)
async def test_a_command_that_breaks_a_rule_is_50035_where_it_breaks(
    rest: Any, path: str, bad: Any, place: str
) -> None:
    status, body, _ = await rest("PUT", path, [command("fine"), bad])
    assert (status, body["code"]) == (400, 50035)
    assert list(body["errors"]) == ["1"]
    assert place in body["errors"]["1"]
    assert (await rest("GET", path))[1] == []
    assert (await rest("POST", path, bad))[1]["code"] == 50035


async def test_more_than_a_hundred_are_30032(rest: Any, path: str) -> None:
    hundred = [command(f"c{number}") for number in range(100)]
    assert (await rest("PUT", path, hundred))[0] == 200
    assert (await rest("PUT", path, [*hundred, command("more")]))[1]["code"] == 30032
    assert (await rest("POST", path, command("more")))[1]["code"] == 30032
    assert (await rest("PUT", path, [command(), command()]))[1]["code"] == 50035
    assert (await rest("PUT", path, {"name": "x"}))[1]["code"] == 50035
