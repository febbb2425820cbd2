"""Application commands: what is kept, what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
WHOLE = OPTION | {"type": 4}
SUB = {"type": 1, "name": "s", "description": "s"}
GROUP = {"type": 2, "name": "g", "description": "g"}
CHOICE = {"name": "n", "value": "v"}


def with_option(**more: Any) -> dict[str, Any]:
    return command(options=[OPTION | more])


@pytest.mark.parametrize(
    ("bad", "place", "code"),
    [
        (command("Upper"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
        (command("two words"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
        (command("line\n"), "name", "APPLICATION_COMMAND_INVALID_NAME"),
        (command("x" * 33), "name", "BASE_TYPE_BAD_LENGTH"),
        (command(5), "name", "STRING_TYPE_CONVERT"),  # type: ignore[arg-type]  # what a client may get wrong
        (command(""), "name", "BASE_TYPE_BAD_LENGTH"),
        ({"description": "x"}, "name", "BASE_TYPE_REQUIRED"),
        (command(name_localizations={"xx": "a"}), "name_localizations.xx", "BASE_TYPE_CHOICES"),
        (command(name_localizations={"de": "Oben"}), "name_localizations.de", "APPLICATION_COMMAND_INVALID_NAME"),
        (command(name_localizations=["de"]), "name_localizations", "DICT_TYPE_CONVERT"),
        (command(description=""), "description", "BASE_TYPE_REQUIRED"),
        (command(description="x" * 101), "description", "BASE_TYPE_BAD_LENGTH"),
        (command(description_localizations={"de": ""}), "description_localizations.de", "BASE_TYPE_BAD_LENGTH"),
        (command(type=9), "type", "BASE_TYPE_CHOICES"),
        (command(type="x"), "type", "BASE_TYPE_CHOICES"),
        (command(type=2), "description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_EXISTS"),
        (
            command(type=3, description="", options=[OPTION]),
            "options",
            "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_EXISTS",
        ),
        (command(default_member_permissions="x"), "default_member_permissions", "INTEGER_TYPE_CONVERT"),
        (command(default_member_permissions=str(1 << 54)), "default_member_permissions", "NUMBER_TYPE_MAX"),
        (command(nsfw=5), "nsfw", "BOOLEAN_TYPE_CONVERT"),
        (command(contexts=[3]), "contexts.0", "BASE_TYPE_CHOICES"),
        (command(contexts=[]), "contexts", "BASE_TYPE_MIN_LENGTH"),
        (command(contexts=[0, 0]), "contexts.1", "SET_TYPE_ALREADY_CONTAINS_VALUE"),
        (command(contexts="x"), "contexts", "LIST_TYPE_CONVERT"),
        (command(integration_types=[2]), "integration_types.0", "BASE_TYPE_CHOICES"),
        (command(handler=1), "handler", "APPLICATION_COMMAND_HANDLER_INVALID"),
        (command(handler=3, type=4, description=""), "handler", "BASE_TYPE_CHOICES"),
        (command(options="x"), "options", "LIST_TYPE_CONVERT"),
        (command(options=[5]), "options.0", "MODEL_TYPE_CONVERT"),
        (command(options=[OPTION] * 2), "options.1.name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
        (command(options=[OPTION | {"name": f"o{n}"} for n in range(26)]), "options", "BASE_TYPE_MAX_LENGTH"),
        (
            command(options=[OPTION, OPTION | {"name": "p", "required": True}]),
            "options.1",
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (command(options=[OPTION, SUB]), "options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"),
        (command(options=[{"name": "o", "description": "o"}]), "options.0.type", "BASE_TYPE_REQUIRED"),
        (with_option(type=12), "options.0", "UNION_TYPE_CHOICES"),
        (with_option(name="O"), "options.0.name", "APPLICATION_COMMAND_INVALID_NAME"),
        (with_option(description=None), "options.0.description", "BASE_TYPE_REQUIRED"),
        (with_option(required="x"), "options.0.required", "BOOLEAN_TYPE_CONVERT"),
        (command(options=[SUB | {"options": [SUB]}]), "options.0.options.0", "UNION_TYPE_CHOICES"),
        (command(options=[GROUP | {"options": [OPTION]}]), "options.0.options.0", "UNION_TYPE_CHOICES"),
        (command(options=[GROUP | {"options": [GROUP]}]), "options.0.options.0", "UNION_TYPE_CHOICES"),
        (
            command(options=[GROUP | {"options": [SUB | {"options": [GROUP]}]}]),
            "options.0.options.0.options.0",
            "UNION_TYPE_CHOICES",
        ),
        (with_option(choices=5), "options.0.choices", "LIST_TYPE_CONVERT"),
        (with_option(choices=[5]), "options.0.choices.0", "MODEL_TYPE_CONVERT"),
        (
            with_option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)]),
            "options.0.choices",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            with_option(choices=[CHOICE], autocomplete=True),
            "options.0.choices",
            "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
        ),
        (with_option(type=5, autocomplete=True), "options.0.autocomplete", "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID"),
        (with_option(choices=[{"value": "v"}]), "options.0.choices.0.name", "BASE_TYPE_REQUIRED"),
        (with_option(choices=[{"name": "n"}]), "options.0.choices.0.value", "BASE_TYPE_REQUIRED"),
        (with_option(choices=[{"name": "x" * 101, "value": "v"}]), "options.0.choices.0.name", "BASE_TYPE_BAD_LENGTH"),
        (with_option(choices=[{"name": "n", "value": "x" * 101}]), "options.0.choices.0.value", "BASE_TYPE_MAX_LENGTH"),
        (with_option(choices=[{"name": "n", "value": 5}]), "options.0.choices.0.value", "STRING_TYPE_CONVERT"),
        (
            with_option(choices=[CHOICE, CHOICE | {"value": "w"}]),
            "options.0.choices.1.name",
            "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
        ),
        (with_option(type=4, choices=[CHOICE]), "options.0.choices.0.value", "NUMBER_TYPE_COERCE"),
        (with_option(type=4, choices=[{"name": "n", "value": 1.5}]), "options.0.choices.0.value", "NUMBER_TYPE_COERCE"),
        (with_option(type=4, min_value=1 << 53), "options.0.min_value", "NUMBER_TYPE_MAX"),
        (with_option(type=4, max_value=-(1 << 53)), "options.0.max_value", "NUMBER_TYPE_MIN"),
        (
            with_option(type=10, min_value=2, max_value=1.5),
            "options.0.max_value",
            "APPLICATION_COMMAND_OPTION_VALUES_INVALID",
        ),
        (with_option(min_length=-1), "options.0.min_length", "NUMBER_TYPE_MIN"),
        (with_option(min_length=6001), "options.0.min_length", "NUMBER_TYPE_MAX"),
        (with_option(max_length=0), "options.0.max_length", "NUMBER_TYPE_MIN"),
        (with_option(min_length=3, max_length=2), "options.0.max_length", "APPLICATION_COMMAND_OPTION_LENGTHS_INVALID"),
        (with_option(type=7, channel_types=[6]), "options.0.channel_types.0", "BASE_TYPE_CHOICES"),
        (with_option(type=7, channel_types=[0, 0]), "options.0.channel_types.1", "SET_TYPE_ALREADY_CONTAINS_VALUE"),
    ],
)
async def test_a_command_that_breaks_a_rule_is_50035_where_it_breaks(
    rest: Any, path: str, bad: Any, place: str, code: str
) -> None:
    status, body, _ = await rest("PUT", path, [command("fine"), bad])
    assert (status, body["code"]) == (400, 50035)
    assert list(body["errors"]) == ["1"]
    assert code in codes_at(body["errors"]["1"], place)
    assert (await rest("GET", path))[1] == []
    assert code in codes_at((await rest("POST", path, bad))[1]["errors"], place)


def codes_at(tree: Any, place: str) -> list[str]:
    for step in place.split("."):
        assert step in tree, tree
        tree = tree[step]
    return [one["code"] for one in tree["_errors"]]


async def test_everything_that_is_allowed_comes_back_as_it_was_sent(rest: Any, path: str) -> None:
    options = [
        OPTION | {"name": "text", "required": True, "min_length": 0, "max_length": 6000, "autocomplete": True},
        OPTION | {"name": "chosen", "choices": [CHOICE | {"name_localizations": {"de": "k"}}]},
        WHOLE | {"name": "number", "min_value": -5, "max_value": 5},
        OPTION | {"type": 10, "name": "float", "min_value": 0.5, "choices": [{"name": "half", "value": 0.5}]},
        OPTION | {"type": 7, "name": "place", "channel_types": [0, 5]},
        *(OPTION | {"type": kind, "name": f"kind{kind}"} for kind in (5, 6, 8, 9, 11)),
    ]
    wanted = command(
        "größe", name_localizations={"de": "groß"}, nsfw=True, contexts=[0, 1], integration_types=[0], options=options
    )
    status, made, _ = await rest("POST", path, wanted | {"default_member_permissions": "8"})
    assert status == 201
    assert made["options"] == options
    assert {name: made[name] for name in wanted} == wanted
    assert made["default_member_permissions"] == "8"


async def test_what_an_option_of_another_type_has_is_not_kept(rest: Any, path: str) -> None:
    _, made, _ = await rest("POST", path, with_option(min_value=5, channel_types=[0], required=False, stray="x"))
    assert made["options"] == [OPTION]


async def test_lists_leave_translations_out_unless_asked_for_them(rest: Any, path: str) -> None:
    inner = OPTION | {"name_localizations": {"de": "p"}}
    await rest("PUT", path, [command(name_localizations={"de": "b"}, options=[inner])])
    bare = (await rest("GET", path))[1][0]
    assert "name_localizations" not in bare
    assert bare["options"] == [OPTION]
    whole = (await rest("GET", f"{path}?with_localizations=true"))[1][0]
    assert whole["name_localizations"] == {"de": "b"}
    assert whole["options"] == [inner]


async def test_a_command_of_more_than_8000_characters_is_too_large(rest: Any, path: str) -> None:
    choices = [{"name": f"{n:02}".ljust(100, "n"), "value": f"{n:02}".ljust(58, "v")} for n in range(25)]
    options = [OPTION | {"name": name, "choices": choices} for name in ("o", "p")]  # 2 × (2 + 25 × 158) = 7904
    assert (await rest("POST", path, command(description="x" * 95, options=options)))[0] == 201
    longest: dict[str, Any] = {"description_localizations": {"de": "y" * 95, "fr": "z" * 50}}  # only the longest counts
    assert (await rest("POST", path, command(description="x", options=options, **longest)))[0] == 200
    longest["description_localizations"]["de"] += "y"
    status, body, _ = await rest("POST", path, command(description="x", options=options, **longest))
    assert (status, body["code"]) == (400, 50035)
    assert body["errors"]["_errors"] == [
        {"code": "APPLICATION_COMMAND_TOO_LARGE", "message": "Command exceeds maximum size (8000)"}
    ]


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
async def test_more_commands_of_a_type_than_discord_keeps_are_30032(rest: Any, path: str, kind: int, most: int) -> None:
    about = {"type": kind} | ({"description": ""} if kind > 1 else {})
    full = [command(f"c{number}", **about) for number in range(most)]
    assert (await rest("PUT", path, full))[0] == 200
    status, body, _ = await rest("PUT", path, [*full, command("more", **about)])
    assert (status, body["code"]) == (400, 30032)
    assert body["message"] == f"Maximum number of application commands reached ({most})"
    assert (await rest("POST", path, command("more", **about)))[1]["code"] == 30032
    assert len((await rest("GET", path))[1]) == most


async def test_a_list_of_commands_is_a_list_of_130_with_names_of_their_own(rest: Any, path: str) -> None:
    assert (await rest("PUT", path, [command(), command()]))[1]["errors"]["1"]["name"]["_errors"][0]["code"] == (
        "APPLICATION_COMMANDS_DUPLICATE_NAME"
    )
    assert (await rest("PUT", path, [command(), command(type=3, description="")]))[0] == 200
    assert (await rest("PUT", path, {"name": "x"}))[1]["code"] == 50035
    _, body, _ = await rest("PUT", path, [command(f"c{number}") for number in range(131)])
    assert body["errors"]["_errors"][0]["message"] == "Must be 130 or fewer in length."


async def test_a_change_keeps_what_it_does_not_name_and_the_type(rest: Any, path: str) -> None:
    _, made, _ = await rest("POST", path, with_option())
    await rest("POST", path, command("taken"))
    one = f"{path}/{made['id']}"
    _, changed, _ = await rest("PATCH", one, {"name": "b", "type": 3})
    assert (changed["name"], changed["type"], changed["options"]) == ("b", 1, [OPTION])
    assert int(changed["version"]) > int(made["version"])
    assert (await rest("PATCH", one, {"name": "b"}))[1]["version"] == changed["version"]
    _, refused, _ = await rest("PATCH", one, {"name": "taken"})
    assert refused["errors"]["name"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"
    assert (await rest("PATCH", one, {"description": ""}))[1]["code"] == 50035
    assert (await rest("PATCH", one, {"name": None}))[1]["code"] == 50035
    assert (await rest("PATCH", f"{path}/5", {"name": "x"}))[1]["code"] == 10063
    assert "options" not in (await rest("PATCH", one, {"options": []}))[1]


async def test_an_entry_point_is_one_and_global(rest: Any, sandbox: Sandbox, path: str) -> None:
    launch = command("launch", type=4, handler=2)
    assert (await rest("POST", path, launch))[1]["handler"] == 2
    assert (await rest("POST", path, launch | {"name": "again"}))[1]["code"] == 30032
    scoped = f"/applications/{sandbox.application_id}/guilds/{sandbox.guild.id}/commands"
    assert (await rest("POST", scoped, launch))[1]["code"] == 50035


class TestTwoHundredADay:
    """The limit of creations, which only a sandbox with rate limits has."""

    @pytest.fixture
    async def sandbox(self) -> AsyncIterator[Sandbox]:
        async with Sandbox(port=0) as running:
            yield running

    async def test_more_than_200_creations_a_day_are_30034_until_the_day_is_over(
        self, rest: Any, sandbox: Sandbox, path: str
    ) -> None:
        first, second = ([command(f"{name}{number}") for number in range(100)] for name in "ab")
        for commands in (first, first, second, second):  # what is there already is not created
            assert (await rest("PUT", path, commands))[0] == 200
        sandbox.clock.advance(3600)
        status, body, answer = await rest("PUT", path, [command("c")])
        assert (status, body["code"]) == (429, 30034)
        assert body["message"] == "Max number of daily application command creates has been reached (200)"
        assert 82_000 < body["retry_after"] <= 82_800
        assert 82_000 < int(answer.headers["Retry-After"]) <= 82_801
        assert len((await rest("GET", path))[1]) == 100
        assert (await rest("POST", path, command("b0", description="Changed")))[0] == 200
        scoped = f"/applications/{sandbox.application_id}/guilds/{sandbox.guild.id}/commands"
        assert (await rest("POST", scoped, command("c")))[0] == 201
        sandbox.clock.advance(86_400 - 3600)
        assert (await rest("PUT", path, [command("c")]))[0] == 200
