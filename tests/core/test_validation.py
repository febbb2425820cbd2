"""Does each plugin fit this host? Everything that is wrong is told at once, and stops at the plugin."""

from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version
from typing import Annotated, Literal, Protocol

import pytest
from pydantic import Field, field_validator

from chandelier import (
    Cache,
    Command,
    Config,
    Context,
    Cooldown,
    Group,
    GuildConfig,
    Need,
    Plugin,
    State,
    Suggest,
    Surface,
    command,
    optional,
)
from chandelier.commands import build_command
from chandelier_core.loading.checks import RESERVED
from chandelier_core.loading.plugins_file import PluginTable
from chandelier_core.loading.validation import renamed, start_order, validate
from chandelier_core.registry import Registry, command_paths

HERE = version("chandelier")


def simple(name, *commands, **more):
    """Make a plugin whose commands do nothing."""
    plugin = Plugin(name, summary=f"{name}.", **more)
    for one in commands:
        plugin.command(name=one)(_nothing)
    return plugin


async def _nothing(ctx: Context) -> None:
    """Do nothing."""


@asynccontextmanager
async def opened(context):
    yield object()


def told(entry):
    return [str(finding) for finding in entry.findings]


def test_a_plugin_that_fits_is_validated(entry_of):
    entry = entry_of(simple("lamp", "light"))
    assert validate([entry]) == []
    assert (entry.state, entry.sentence, told(entry)) == (State.VALIDATED, "It fits this host.", [])


# Names


def test_the_first_in_plugins_toml_keeps_a_name_and_the_second_is_told_who_has_it(entry_of):
    first = entry_of(simple("lamp", "light"), order=0, version="1.2")
    second = entry_of(simple("torch", "light", "burn"), order=1, version="3.4")
    third = entry_of(simple("match", "burn"), order=2)
    validate([first, second, third])
    assert (first.state, second.state) == (State.VALIDATED, State.REJECTED)
    assert told(second) == [
        "command light: dist-torch 3.4 wants the command light, which dist-lamp 1.2 has. "
        'Give it another name: [plugins.torch] rename = { light = "torch-light" }'
    ]
    assert third.state is State.VALIDATED, "a rejected plugin holds no names"


def test_the_remedy_for_a_clash_works_as_it_is_written(entry_of):
    first = entry_of(simple("lamp", "light"))
    second = entry_of(simple("torch", "light"), order=1, rename={"light": "torch-light"})
    validate([first, second])
    assert (first.state, second.state) == (State.VALIDATED, State.VALIDATED)
    assert [one.path for one in second.declared.commands] == ["torch-light"]


def test_a_group_clashes_with_a_command_of_its_name(entry_of):
    group = Plugin("torch", summary="Torch.")
    group.group("light", "Light.").command()(_nothing)
    second = entry_of(group, order=1)
    validate([entry_of(simple("lamp", "light")), second])
    assert second.findings[0].place == "command light"


def test_an_alias_takes_a_name_too(entry_of):
    plugin = Plugin("lamp", summary="Lamp.")
    plugin.command(name="light", aliases=["l"])(_nothing)
    second = entry_of(simple("torch", "l"), order=1)
    validate([entry_of(plugin), second])
    assert second.state is State.REJECTED


def test_renaming_a_group_renames_what_its_commands_are_called():
    plugin = Plugin("torch", summary="Torch.")
    plugin.group("light", "Light.", default="on").command(name="on")(_nothing)
    declared = renamed(plugin.declare(), {"light": "torch-light"})
    assert [one.path for one in declared.commands] == ["torch-light on"]
    assert [(group.name, group.default) for group in declared.groups] == [("torch-light", "on")]
    assert [one.path for one in declared.groups[0].commands] == ["torch-light on"]
    assert [one.path for one in plugin.declare().commands] == ["light on"]


def test_a_new_name_that_discord_does_not_take_is_told(entry_of):
    entry = entry_of(simple("lamp", "light"), rename={"light": "Bright Light"})
    validate([entry])
    assert told(entry) == [
        "command Bright Light: 'Bright Light' is no name for Discord: 1 to 32 lower-case letters, digits, - and _."
    ]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_the_hosts_own_words_are_no_plugin_names(entry_of, name):
    entry = entry_of(simple(name, "light"))
    validate([entry])
    assert entry.state is State.REJECTED
    assert "the name is reserved" in entry.sentence


@pytest.mark.parametrize("name", ["x", "Lamp", "my-lamp", "9lamp", "pg_lamp", "l" * 32, "lämp", "", "lamp "])
def test_a_plugins_name_must_do_as_a_schema_and_a_path(entry_of, name):
    entry = entry_of(simple(name, "light"))
    validate([entry])
    assert "2 to 31 lower-case letters, digits and underscores" in entry.sentence


def test_the_hosts_own_plugin_may_have_a_reserved_name(entry_of):
    entry = entry_of(simple("host", "help"), order=-1)
    validate([entry])
    assert entry.state is State.VALIDATED


def test_an_entry_point_and_its_plugin_must_have_one_name(index):
    from chandelier_core.loading.discovery import discover
    from chandelier_core.registry import Entry

    index.add("lamp", "from chandelier import Plugin\nplugin = Plugin('lmap', summary='Lamp.')")
    (candidate,) = [one for one in discover({"lamp"}) if one.name == "lamp"]
    entry = Entry(candidate, PluginTable())
    validate([entry])
    assert told(entry) == ["plugin lamp: its entry point is called lamp, its Plugin 'lmap'. Use one name for both."]


@pytest.mark.parametrize("name", ["Light", "li ght", "l" * 33, "light!", "läßt/", "ÄRGER"])
def test_a_command_must_have_a_name_that_discord_takes(entry_of, name):
    entry = entry_of(simple("lamp", name))
    validate([entry])
    assert f"{name!r} is no name for Discord" in entry.sentence


@pytest.mark.parametrize("name", ["light", "light-up", "light_up", "l", "l" * 32, "7", "ärger", "ライト"])
def test_a_name_that_discord_takes_is_taken(entry_of, name):
    entry = entry_of(simple("lamp", name))
    validate([entry])
    assert entry.state is State.VALIDATED


@pytest.mark.parametrize(
    "build",
    [
        lambda plugin: (plugin.command(name="light")(_nothing), plugin.command(name="light")(_nothing)),
        lambda plugin: (plugin.command(name="light")(_nothing), plugin.group("light", "Light.").command()(_nothing)),
        lambda plugin: (plugin.group("light", "A.").command(name="a")(_nothing),
                        plugin.group("light", "B.").command(name="b")(_nothing)),
        lambda plugin: (plugin.command(name="light")(_nothing), plugin.command(name="l", aliases=["light"])(_nothing)),
    ],
)  # fmt: skip
def test_a_plugin_that_declares_one_name_twice_is_told(entry_of, build):
    plugin = Plugin("lamp", summary="Lamp.")
    build(plugin)
    entry = entry_of(plugin)
    validate([entry])
    assert told(entry) == ["command light: dist-lamp 1.0 declares it twice. Rename one of the two."]


# Routes


def routed(name, *routes):
    plugin = Plugin(name, summary=f"{name}.")
    for number, (http, short, where) in enumerate(routes):
        options = {"http": http, "where": where} | ({"short": short} if short else {})
        plugin.command(name=f"{name}-{number}", **options)(_nothing)
    return plugin


def test_two_plugins_with_one_short_route_are_told(entry_of):
    first = entry_of(routed("lamp", ("GET /", "/light", "anywhere")))
    second = entry_of(routed("torch", ("GET /", "/light", "guild")), order=1)
    validate([first, second])
    assert (first.state, second.state) == (State.VALIDATED, State.REJECTED)
    assert told(second) == ["route GET /light: dist-torch 1.0 wants it, and dist-lamp 1.0 has it."]


def test_one_short_path_may_have_two_methods(entry_of):
    first = entry_of(routed("lamp", ("GET /", "/light", "anywhere")))
    second = entry_of(routed("torch", ("POST /", "/light", "anywhere")), order=1)
    validate([first, second])
    assert second.state is State.VALIDATED


def test_a_plugin_that_declares_one_route_twice_is_told(entry_of):
    entry = entry_of(routed("lamp", ("GET /", None, "anywhere"), ("GET /", None, "anywhere")))
    validate([entry])
    assert told(entry) == [
        "route GET /api/v1/lamp/: dist-lamp 1.0 declares it twice. Give one of the two another path."
    ]


def test_one_path_may_be_a_servers_and_everybodys(entry_of):
    entry = entry_of(routed("lamp", ("GET /", None, "anywhere"), ("GET /", None, "guild")))
    validate([entry])
    assert entry.state is State.VALIDATED


def test_a_path_that_names_no_option_is_told(entry_of):
    entry = entry_of(routed("lamp", ("GET /{colour}", None, "anywhere")))
    validate([entry])
    assert "its path names {colour}, which is none of its options." in entry.sentence


def test_a_route_without_the_rest_surface_is_told(entry_of):
    plugin = Plugin("lamp", summary="Lamp.")
    plugin.command(name="light", http="GET /", surfaces=[Surface.SLASH])(_nothing)
    entry = entry_of(plugin)
    validate([entry])
    assert told(entry) == ["command light: it has a route and leaves REST out of its surfaces. Drop one of the two."]


# The contract's range


@pytest.mark.parametrize(
    ("requires", "wanted"),
    [("chandelier>=9,<10", "<10,>=9"), ("chandelier==0.1", "==0.1"), ("chandelier[models]<1", "<1")],
)
def test_another_contract_is_told_with_both_numbers(entry_of, requires, wanted):
    entry = entry_of(simple("lamp", "light"), requires=requires, version="4.5")
    validate([entry])
    assert told(entry) == [
        f"plugin lamp: dist-lamp 4.5 wants chandelier {wanted}; here is {HERE}. "
        f"Install a version of dist-lamp for chandelier {HERE}, or another chandelier."
    ]


@pytest.mark.parametrize("requires", ["chandelier", "chandelier>=1", f"chandelier=={HERE}", None])
def test_a_range_that_holds_this_contract_fits(entry_of, requires):
    entry = entry_of(simple("lamp", "light"), requires=requires)
    validate([entry])
    assert entry.state is State.VALIDATED


def test_a_plugin_without_a_distribution_may_say_its_range_itself(entry_of):
    wrong, nonsense = entry_of(simple("lamp", requires=">=9")), entry_of(simple("torch", requires="nine"))
    validate([wrong, nonsense])
    assert f"wants chandelier >=9; here is {HERE}" in wrong.sentence
    assert told(nonsense) == ["plugin torch: requires='nine' is no range of versions. Write one such as >=1,<2."]


# Caches


def test_caches_with_names_that_cannot_be_told_apart_or_that_keep_nothing_are_refused(entry_of):
    caches = [Cache("near me"), Cache("names"), Cache("names"), Cache("none", most=0)]
    entry = entry_of(simple("lamp", "light", caches=caches))
    validate([entry])
    twice = "cache names: another cache of the plugin has the same name."
    assert told(entry) == [
        "cache near me: its name is not 2 to 31 lower-case letters, digits and underscores.",
        twice,
        twice,
        "cache none: it must keep at least one value, for a time above zero.",
    ]


# Needs


def test_a_need_that_was_not_granted_is_told_with_the_line_to_add(entry_of):
    entry = entry_of(simple("lamp", "light", needs=[Need.MEMBERS, Need.SEND_MESSAGES]))
    validate([entry])
    assert told(entry) == [
        "plugin lamp: it needs to see who joins, leaves and changes, which was not granted. "
        'Add to [plugins.lamp]: grants = ["members"]'
    ]


def test_a_need_that_was_granted_is_fine(entry_of):
    entry = entry_of(simple("lamp", "light", needs=[Need.MEMBERS]), grants=["members"])
    validate([entry])
    assert entry.state is State.VALIDATED


def test_a_commands_need_counts_as_the_plugins(entry_of):
    plugin = Plugin("lamp", summary="Lamp.")
    plugin.command(name="light", needs=[Need.MODERATE])(_nothing)
    entry = entry_of(plugin)
    validate([entry])
    assert 'grants = ["moderate"]' in entry.sentence


@pytest.mark.parametrize("needs", [[], [Need.INTERCEPT]])
def test_refusing_other_plugins_commands_needs_intercept(entry_of, needs):
    plugin = simple("lamp", needs=needs)

    @plugin.hook
    async def before_command(call) -> None: ...

    entry = entry_of(plugin, grants=["intercept"] if needs else [])
    validate([entry])
    assert told(entry) == (
        [] if needs else ["plugin lamp: its hook before_command needs Need.INTERCEPT among its needs."]
    )


# Config


class Settings(Config):
    most: int = Field(default=3, le=10)
    name: str


TEXT = """\
[plugins.lamp]

[plugins.lamp.config]
mst = 1
most = 11
"""


def test_a_wrong_config_is_told_with_lines_and_the_nearest_name_all_at_once(entry_of):
    entry = entry_of(simple("lamp", config=Settings), config={"mst": 1, "most": 11})
    validate([entry], TEXT, "plugins.toml")
    assert sorted(told(entry)) == [
        "plugins.toml, line 3: [plugins.lamp.config] name: it is required and missing. Add it.",
        "plugins.toml, line 4: [plugins.lamp.config] mst: there is no such setting. Did you mean most?",
        "plugins.toml, line 5: [plugins.lamp.config] most: input should be less than or equal to 10.",
    ]
    assert entry.sentence.endswith("(and 2 more)")


def test_a_right_config_is_read_into_the_entry(entry_of):
    entry = entry_of(simple("lamp", config=Settings), config={"name": "hall"})
    validate([entry])
    assert entry.config == Settings(name="hall")


def test_a_secret_that_is_not_there_is_told(entry_of, monkeypatch):
    monkeypatch.delenv("NO_SUCH_SECRET", raising=False)
    entry = entry_of(simple("lamp", config=Settings), config={"name": {"env": "NO_SUCH_SECRET"}})
    validate([entry], "", "plugins.toml")
    assert told(entry) == [
        "plugins.toml: [plugins.lamp.config].name wants the environment variable NO_SUCH_SECRET, which is not set."
    ]


def test_the_secrets_of_a_config_that_is_refused_are_told_to_the_log_all_the_same(entry_of, monkeypatch):
    class Picky(Config):
        name: str

        @field_validator("name")
        @classmethod
        def _check(cls, value: str) -> str:
            raise ValueError(f"{value} will not do")

    monkeypatch.setenv("LAMP_KEY", "a-very-secret-key")
    entry = entry_of(simple("lamp", config=Picky), config={"name": {"env": "LAMP_KEY"}})
    assert validate([entry]) == ["a-very-secret-key"]
    assert entry.state is State.REJECTED


def test_a_servers_config_must_build_from_nothing(entry_of):
    class Server(GuildConfig):
        colour: str

    entry = entry_of(simple("lamp", guild_config=Server))
    validate([entry])
    assert told(entry) == [
        "plugin lamp: its guild_config, colour: it is required and missing. "
        "It must build from nothing: give it a default."
    ]


class Exploding(Config):
    name: str = "x"

    @field_validator("name")
    @classmethod
    def _check(cls, value: str) -> str:
        raise KeyError(value)


class NoModel:
    pass


@pytest.mark.parametrize(
    "more", [{"config": Exploding}, {"config": NoModel}, {"guild_config": lambda: 1 / 0}, {"needs": ["members"]}]
)
def test_a_declaration_that_breaks_the_checks_stops_at_its_plugin(entry_of, more):
    config = {"name": "x"} if "config" in more else {}
    bad, good = entry_of(simple("lamp", **more), config=config), entry_of(simple("torch", "burn"), order=1)
    validate([bad, good])
    assert (bad.state, good.state) == (State.REJECTED, State.VALIDATED)
    assert "cannot be" in bad.sentence


def test_a_summary_that_is_no_text_stops_at_its_plugin(entry_of):
    bad = entry_of(Plugin("lamp", summary=None))
    validate([bad])
    assert bad.state is State.REJECTED
    assert "dist-lamp 1.0 cannot be checked: TypeError" in bad.sentence


# Services


class Store(Protocol):
    async def read(self) -> str: ...


class Stove(Protocol):
    async def cook(self) -> str: ...


class Clock(Protocol):
    async def now(self) -> str: ...


def test_a_service_that_nobody_provides_is_told_with_the_nearest(entry_of):
    user, provider = entry_of(simple("lamp", uses=[Store])), entry_of(simple("oven", provides={Stove: opened}), order=1)
    validate([user, provider])
    assert told(user) == [
        "plugin lamp: it uses the service Store, which no plugin here provides. "
        "Add the plugin that provides it to plugins.toml. Did you mean Stove?"
    ]
    assert provider.state is State.VALIDATED


def test_an_optional_service_may_be_missing(entry_of):
    entry = entry_of(simple("lamp", uses=[optional(Store)]))
    validate([entry])
    assert entry.state is State.VALIDATED


def test_a_rejected_plugin_provides_nothing(entry_of):
    user = entry_of(simple("lamp", uses=[Store]))
    provider = entry_of(simple("oven", provides={Store: opened}, needs=[Need.MEMBERS]), order=1)
    validate([user, provider])
    assert (user.state, provider.state) == (State.REJECTED, State.REJECTED)


def test_plugins_that_use_each_other_in_a_circle_are_told_the_circle(entry_of):
    one = entry_of(simple("one", provides={Store: opened}, uses=[Stove]))
    two = entry_of(simple("two", provides={Stove: opened}, uses=[Store]), order=1)
    three = entry_of(simple("three"), order=2)
    validate([one, two, three])
    assert "plugins use each other in a circle: " in one.sentence
    assert one.sentence.split(": ")[-1] in {"one → two → one.", "two → one → two."}
    assert (two.state, three.state) == (State.REJECTED, State.VALIDATED)


def test_who_provides_a_service_starts_before_who_uses_it(entry_of):
    user = entry_of(simple("lamp", uses=[Store, optional(Clock)]))
    middle = entry_of(simple("oven", provides={Store: opened}, uses=[Stove]), order=1)
    first = entry_of(simple("wall", provides={Stove: opened, Clock: opened}), order=2)
    entries = [user, middle, first]
    validate(entries)
    assert [entry.name for entry in start_order(entries)] == ["wall", "oven", "lamp"]


def test_a_plugin_may_use_what_it_provides_itself(entry_of):
    entry = entry_of(simple("lamp", provides={Store: opened}, uses=[Store]))
    validate([entry])
    assert entry.state is State.VALIDATED


# Words and numbers


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "command light: The docstring's first line must have 1 to 100 characters; it has 0."),
        ("x" * 101, "command light: The docstring's first line must have 1 to 100 characters; it has 101."),
        ("x" * 100, None),
    ],
)
def test_a_description_has_one_to_a_hundred_characters(entry_of, words, sentence):
    async def light(ctx: Context) -> None: ...

    light.__doc__ = words
    entry = entry_of(Plugin("lamp", summary="Lamp.", commands=[command()(light)]))
    validate([entry])
    assert told(entry) == ([] if sentence is None else [sentence])


@pytest.mark.parametrize("summary", ["", "x" * 101])
def test_a_plugins_summary_has_one_to_a_hundred_characters(entry_of, summary):
    entry = entry_of(Plugin("lamp", summary=summary))
    validate([entry])
    assert told(entry) == ["plugin lamp: its summary must have 1 to 100 characters."]


def test_an_option_must_be_described(entry_of):
    async def light(ctx: Context, Colour: str) -> None:  # noqa: N803
        """Light."""

    entry = entry_of(Plugin("lamp", summary="Lamp.", commands=[command()(light)]))
    validate([entry])
    place = "command light, option Colour"
    assert told(entry) == [
        f"{place}: 'Colour' is no name for Discord: 1 to 32 lower-case letters, digits, - and _.",
        f"{place}: Its line under Args: must have 1 to 100 characters; it has 0.",
    ]


def many(count) -> Command:
    names = [f"option_{number}" for number in range(count)]
    space = {"Context": Context}
    exec(f"async def light(ctx: Context, {', '.join(f'{name}: int = 0' for name in names)}): ...", space)
    space["light"].__doc__ = "Light.\n\nArgs:\n" + "\n".join(f"    {name}: A number." for name in names)
    return build_command(space["light"], {})


@pytest.mark.parametrize(
    ("count", "findings"), [(25, []), (26, ["command light: it has 26 options; Discord takes 25."])]
)
def test_a_command_has_at_most_25_options(entry_of, count, findings):
    entry = entry_of(Plugin("lamp", summary="Lamp.", commands=[many(count)]))
    validate([entry])
    assert told(entry) == findings


@pytest.mark.parametrize("count", [25, 26])
def test_an_option_has_at_most_25_choices(entry_of, count):
    async def light(ctx: Context, colour) -> None:
        """Light.

        Args:
            colour: Which.
        """

    light.__annotations__["colour"] = Literal[tuple(f"colour {number}" for number in range(count))]
    entry = entry_of(Plugin("lamp", summary="Lamp.", commands=[command()(light)]))
    validate([entry])
    expected = ["command light, option colour: it offers 26 choices; Discord takes 25."]
    assert told(entry) == ([] if count == 25 else expected)


@pytest.mark.parametrize("count", [0, 26])
def test_a_group_has_1_to_25_commands(entry_of, count):
    plugin = Plugin("lamp", summary="Lamp.")
    group = plugin.group("light", "Light.")
    for number in range(count):
        group.command(name=f"c{number}")(_nothing)
    entry = entry_of(plugin)
    validate([entry])
    assert told(entry) == [f"group light: it has {count} commands; Discord takes 1 to 25."]


def test_a_groups_default_must_be_one_of_its_commands(entry_of):
    plugin = Plugin("lamp", summary="Lamp.")
    plugin.group("light", "Light.", default="off").command(name="on")(_nothing)
    entry = entry_of(plugin)
    validate([entry])
    assert told(entry) == ["group light: its default off is none of its commands."]


def test_what_a_command_says_of_itself_is_told_with_the_rest(entry_of):
    async def light(ctx: Context, colour: Annotated[bytes, "which"]) -> None:
        """Light."""

    entry = entry_of(Plugin("lamp", summary="", commands=[command(allow="nobody")(light)]))
    validate([entry])
    assert len(told(entry)) == 3
    assert entry.sentence.endswith("(and 2 more)")


# The registry


def test_two_entries_of_one_name_cannot_stand_in_the_registry(entry_of):
    registry = Registry()
    registry.add(entry_of(simple("lamp")))
    with pytest.raises(ValueError, match="two entries named lamp"):
        registry.add(entry_of(simple("lamp")))


def test_commands_are_found_by_two_words_before_one_and_by_their_aliases(entry_of):
    plugin = Plugin("lamp", summary="Lamp.")
    plugin.group("light", "Light.").command(name="on", aliases=["up"])(_nothing)
    plugin.command(name="dim", aliases=["d"])(_nothing)
    registry = Registry()
    registry.add(entry_of(plugin))
    validate(list(registry))
    registry.publish()
    found = {"light on x": "light on", "light up": "light on", "dim on": "dim", "d": "dim"}
    for words, path in found.items():
        assert registry.find(words.split())[1].path == path
    assert registry.find(["light"]) is None
    assert registry.group("light")[1].summary == "Light."
    assert [path for one in plugin.declare().commands for path in command_paths(one)] == [
        "dim",
        "d",
        "light on",
        "light up",
    ]


def test_what_discord_would_refuse_of_options_is_a_finding_before_it_refuses_all(entry_of):
    async def offer(ctx, typed):
        return []

    plugin = Plugin("odd", summary="Odd options.")

    @plugin.command(cooldown=Cooldown(uses=0, every=timedelta(seconds=5)))
    async def odd(ctx: Context, a: Annotated[Literal["x"], Suggest(offer)], b: Annotated[bool, Suggest(offer)]) -> None:
        """Have odd options.

        Args:
            a: Both.
            b: Neither.
        """

    entry = entry_of(plugin)
    validate([entry])
    said = told(entry)
    assert sum("Suggest goes with text and numbers that offer no choices." in one for one in said) == 2
    assert any("its cooldown must allow at least one use" in one for one in said)


def test_a_group_that_is_not_listed_is_a_finding(entry_of):
    group = Group("lost", "Lost.")

    @group.command()
    async def one(ctx: Context) -> None:
        """Answer."""

    entry = entry_of(Plugin("loser", summary="Loses a group.", commands=[one]))
    validate([entry])
    said = told(entry)
    assert said == ["command lost one: its group lost is not listed. List the Group, not its commands."]


def test_a_rename_of_no_command_is_a_finding(entry_of):
    plugin = Plugin("plain", summary="One command.")

    @plugin.command()
    async def plain(ctx: Context) -> None:
        """Answer."""

    entry = entry_of(plugin, rename={"plane": "x"})
    validate([entry])
    said = told(entry)
    assert said == ["plugin plain: rename names plane, which is no command of it. Did you mean plain?"]
