"""What Discord is told about every kind of command and option."""

from types import SimpleNamespace
from typing import Annotated, Literal

import hikari
import pytest
from pydantic import Field

from chandelier import Command, Context, Duration, Group, Instant, Length, Permission, Plugin, Suggest, Surface, command
from chandelier.parameters import Kind
from chandelier_core.surfaces.definitions import OPTION_TYPES, build_definitions


async def suggest(ctx, typed):
    return []


@pytest.fixture
def built(entry_of):
    """Build the definitions of some commands, as the JSON that Discord gets."""

    def build(*parts):
        entry = entry_of(Plugin("lamp", summary="Lamp.", commands=parts))
        entry.declaration = entry.candidate.declaration
        factory = hikari.impl.EntityFactoryImpl(SimpleNamespace())
        return [builder.build(factory) for builder in build_definitions([entry])]

    return build


def one(annotation=None, **options) -> Command:
    """Make a command with one option."""

    async def light(ctx: Context, colour) -> None:
        """Switch it on.

        Args:
            colour: Which colour.
        """

    light.__annotations__["colour"] = annotation
    return command(**options)(light)


async def _bare(ctx: Context) -> None:
    """Do nothing."""


def offered(value):
    return {"name": str(value), "value": value, "name_localizations": {}}


def bare(name, **options) -> Command:
    return command(name=name, **options)(_bare)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.OBJECT])  # which REST alone can carry
def test_every_kind_has_an_option_of_discords(kind):
    assert isinstance(OPTION_TYPES[kind], hikari.OptionType)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (str, {"type": 3}),
        (int, {"type": 4}),
        (bool, {"type": 5}),
        (float, {"type": 10}),
        (Duration, {"type": 3}),
        (Instant, {"type": 3}),
        (hikari.User, {"type": 6}),
        (hikari.Member, {"type": 6}),
        (hikari.PartialChannel, {"type": 7}),
        (hikari.GuildTextChannel, {"type": 7, "channel_types": [0]}),
        (hikari.GuildVoiceChannel, {"type": 7, "channel_types": [2]}),
        (hikari.GuildCategory, {"type": 7, "channel_types": [4]}),
        (hikari.GuildNewsChannel, {"type": 7, "channel_types": [5]}),
        (hikari.GuildStageChannel, {"type": 7, "channel_types": [13]}),
        (hikari.GuildForumChannel, {"type": 7, "channel_types": [15]}),
        (hikari.Role, {"type": 8}),
        (hikari.Attachment, {"type": 11}),
        (str | None, {"type": 3, "required": False}),
        (Annotated[str, Suggest(suggest)], {"type": 3, "autocomplete": True}),
        (Literal["a", "b"], {"type": 3, "choices": [offered("a"), offered("b")]}),
        (Literal[1], {"type": 4, "choices": [offered(1)]}),
        (Annotated[str, Length(1500)], {"type": 3, "min_length": 1, "max_length": 1500}),
        (Annotated[str, Length(9000)], {"type": 3, "min_length": 1, "max_length": 6000}),
        (Annotated[str, Length(5, minimum=0)], {"type": 3, "min_length": 0, "max_length": 5}),
        (Annotated[int, Field(ge=0, le=25)], {"type": 4, "min_value": 0, "max_value": 25}),
        (Annotated[float, Field(ge=0.5)], {"type": 10, "min_value": 0.5}),
    ],
)
def test_an_option_says_all_that_discord_can_check(built, annotation, expected):
    (definition,) = built(one(annotation))
    (option,) = definition["options"]
    given = {key: value for key, value in option.items() if value not in (None, [], {})}
    assert given == {"name": "colour", "description": "Which colour.", "required": True} | expected


def test_required_options_come_first_and_else_keep_their_order(built):
    async def light(ctx: Context, a: int = 1, *, b: int, c: int | None, d: str) -> None:
        """Light.

        Args:
            a: A.
            b: B.
            c: C.
            d: D.
        """

    (definition,) = built(command()(light))
    assert [option["name"] for option in definition["options"]] == ["b", "d", "a", "c"]


@pytest.mark.parametrize(("where", "contexts"), [("anywhere", {0, 1}), ("guild", {0}), ("dm", {1})])
def test_a_command_is_offered_where_it_works(built, where, contexts):
    (definition,) = built(bare("light", where=where))
    assert set(definition["contexts"]) == contexts
    assert (definition["name"], definition["description"], definition["type"]) == ("light", "Do nothing.", 1)


@pytest.mark.parametrize(
    ("allow", "expected"),
    [(Permission.NONE, None), (Permission.MANAGE_GUILD, 32), (Permission.PIN_MESSAGES, 1 << 51)],
)
def test_a_command_is_hidden_from_who_may_not_use_it(built, allow, expected):
    (definition,) = built(bare("light", allow=allow))
    assert definition.get("default_member_permissions") == expected


def group(*members) -> Group:
    made = Group("lights", "All the lights.")
    made.adopt(members)
    return made


def test_a_group_is_one_definition_with_its_commands_below(built):
    (definition,) = built(group(bare("on"), one(str, name="paint")))
    assert (definition["name"], definition["description"]) == ("lights", "All the lights.")
    assert [(option["type"], option["name"], option["description"]) for option in definition["options"]] == [
        (1, "on", "Do nothing."), (1, "paint", "Switch it on."),
    ]  # fmt: skip
    assert [option["name"] for option in definition["options"][1]["options"]] == ["colour"]


@pytest.mark.parametrize(
    ("allows", "expected"),
    [((32, 32), 32), ((32, 0), None), ((32, 8), None)],
)
def test_a_group_is_hidden_only_where_its_members_agree(built, allows, expected):
    members = [bare(f"c{number}", allow=Permission(allow)) for number, allow in enumerate(allows)]
    (definition,) = built(group(*members))
    assert definition.get("default_member_permissions") == expected


@pytest.mark.parametrize(
    ("wheres", "contexts"), [(("guild", "guild"), {0}), (("guild", "dm"), {0, 1}), (("guild", "anywhere"), {0, 1})]
)
def test_a_group_is_offered_wherever_one_of_its_members_works(built, wheres, contexts):
    (definition,) = built(group(*(bare(f"c{number}", where=where) for number, where in enumerate(wheres))))
    assert set(definition["contexts"]) == contexts


def test_what_is_not_for_slash_is_not_told_to_discord(built):
    hidden = {"surfaces": [Surface.TEXT, Surface.REST]}
    definitions = built(bare("quiet", **hidden), bare("light"), group(bare("off", **hidden)))
    assert [definition["name"] for definition in definitions] == ["light"]


def test_definitions_are_sorted_by_name_so_that_a_comparison_is_stable(built):
    assert [one["name"] for one in built(bare("b"), bare("c"), bare("a"))] == ["a", "b", "c"]
