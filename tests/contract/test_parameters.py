"""What a handler's signature and docstring say about its options."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Literal, Optional

import hikari
import pytest
from pydantic import Field

from chandelier import Context, ContractError, Duration, Instant, Length, Snowflake, Suggest
from chandelier.parameters import Kind, read_parameters, read_result, read_words

if TYPE_CHECKING:
    from decimal import Decimal


class Colour(Enum):
    DARK_RED = "red"
    BLUE = "blue"


class Size(Enum):
    SMALL = 1
    LARGE = 2


class Weight(Enum):
    LIGHT = 0.5
    HEAVY = 2.5


async def names(ctx, typed):
    return ["one", "two"]


def parameter_of(annotation, **more):
    async def handler(ctx: Context, value) -> None:
        """Do it."""

    handler.__annotations__["value"] = annotation
    if more:
        handler.__defaults__ = (more["default"],)
    (parameter,) = read_parameters(handler)
    return parameter


@pytest.mark.parametrize(
    ("annotation", "kind"),
    [
        (str, Kind.STRING),
        (int, Kind.INTEGER),
        (float, Kind.NUMBER),
        (bool, Kind.BOOLEAN),
        (Duration, Kind.DURATION),
        (timedelta, Kind.DURATION),
        (Instant, Kind.INSTANT),
        (datetime, Kind.INSTANT),
        (Snowflake, Kind.INTEGER),
        (Literal["a", "b"], Kind.STRING),
        (Literal[1, 2], Kind.INTEGER),
        (Colour, Kind.STRING),
        (Size, Kind.INTEGER),
        (Weight, Kind.NUMBER),
        (Annotated[str, Length(5)], Kind.STRING),
        (Annotated[str, Suggest(names)], Kind.STRING),
        (hikari.User, Kind.USER),
        (hikari.PartialUser, Kind.USER),
        (hikari.Member, Kind.MEMBER),
        (hikari.Role, Kind.ROLE),
        (hikari.PartialRole, Kind.ROLE),
        (hikari.GuildTextChannel, Kind.CHANNEL),
        (hikari.GuildVoiceChannel, Kind.CHANNEL),
        (hikari.PartialChannel, Kind.CHANNEL),
        (hikari.Attachment, Kind.ATTACHMENT),
    ],
)
@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: one | None, lambda one: Optional[one]])  # noqa: UP045
def test_every_type_is_read_as_its_kind_also_where_it_is_optional(annotation, kind, wrap):
    parameter = parameter_of(wrap(annotation))
    assert parameter.kind is kind
    assert parameter.required is (wrap(annotation) == annotation)


@pytest.mark.parametrize("kind", list(Kind))
def test_only_discords_own_things_are_entities(kind):
    assert kind.entity is (kind in {Kind.USER, Kind.MEMBER, Kind.ROLE, Kind.CHANNEL, Kind.ATTACHMENT})


@pytest.mark.parametrize(
    ("annotation", "named"),
    [(bytes, "bytes"), (list[str], "list[str]"), (str | int, "str | int"), (Sequence, "Sequence"), (object, "object"),
     (hikari.Message, "Message"), (dict[str, int], "dict[str, int]")],
)  # fmt: skip
def test_a_type_that_no_surface_can_ask_for_is_refused_by_name_with_a_remedy(annotation, named):
    with pytest.raises(ContractError, match=r"parameter value: type .* has no Discord option; use one") as caught:
        parameter_of(annotation)
    assert f"type {named} has" in str(caught.value)


@pytest.mark.parametrize("annotation", [Literal["a", 1], Literal[True, False], Literal[None]])
def test_choices_of_different_types_are_refused(annotation):
    with pytest.raises(ContractError, match="parameter value: its choices must be all text, all whole numbers"):
        parameter_of(annotation)


def test_a_class_that_is_merely_called_member_is_no_entity():
    class Member:
        pass

    with pytest.raises(ContractError, match="type Member has no Discord option"):
        parameter_of(Member)


def test_a_channels_class_is_kept_for_discord_to_offer_only_that_kind():
    assert parameter_of(hikari.GuildTextChannel | None).type_name == "GuildTextChannel"


@pytest.mark.parametrize(
    ("annotation", "low", "high"),
    [
        (Annotated[str, Length(5)], 1, 5),
        (Annotated[str, Length(5, minimum=0)], 0, 5),
        (Annotated[str | None, Length(7, 2)], 2, 7),
        (Annotated[str, Length(7, 2)] | None, 2, 7),
        (Annotated[str, Field(min_length=2, max_length=9)], 2, 9),
        (Annotated[int, Field(ge=1, le=25)], 1, 25),
        (Annotated[int, Field(ge=0, le=25)], 0, 25),
        (Annotated[float, Field(ge=-1.5, le=0)], -1.5, 0),
        (Annotated[int, Field(description="no bounds")], None, None),
        (str, None, None),
    ],
)
def test_bounds_are_read_from_length_and_field(annotation, low, high):
    parameter = parameter_of(annotation)
    assert (parameter.minimum, parameter.maximum) == (low, high)


def test_an_enums_choices_are_named_in_words_and_carry_its_values():
    assert [(choice.name, choice.value) for choice in parameter_of(Colour).choices] == [
        ("Dark red", "red"),
        ("Blue", "blue"),
    ]


def test_a_literals_choices_are_its_values():
    assert [(choice.name, choice.value) for choice in parameter_of(Literal[1, 2]).choices] == [("1", 1), ("2", 2)]


def test_suggestions_are_found_inside_an_optional():
    suggest = Suggest(names)
    assert parameter_of(Annotated[str, suggest] | None).suggest == suggest
    assert parameter_of(str).suggest is None


def test_a_default_makes_an_option_optional():
    parameter = parameter_of(int, default=3)
    assert (parameter.required, parameter.default) == (False, 3)


def test_an_optional_without_a_default_defaults_to_nothing():
    parameter = parameter_of(int | None)
    assert (parameter.required, parameter.default) == (False, None)


def test_a_trailing_underscore_is_for_python_only():
    async def handler(ctx: Context, from_: str) -> None: ...

    (parameter,) = read_parameters(handler)
    assert (parameter.name, parameter.python_name) == ("from", "from_")


def test_parameters_keep_their_order_and_leave_the_context_out():
    async def handler(ctx: Context, b: int, a: str, *, c: bool = False) -> None: ...

    assert [parameter.name for parameter in read_parameters(handler)] == ["b", "a", "c"]


def test_an_annotation_that_is_imported_for_type_checking_only_is_told_in_a_sentence():
    async def handler(ctx: Context, price: "Decimal") -> None: ...

    with pytest.raises(
        ContractError, match="the annotation 'Decimal' cannot be read at run time; import it at the top"
    ):
        read_parameters(handler)


@pytest.mark.parametrize("annotation", ["hikari.NoSuchThing", "str ||", "'a' | None"])
def test_an_annotation_that_cannot_be_read_at_all_is_told_in_a_sentence(annotation):
    async def handler(ctx: Context, value) -> None: ...

    handler.__annotations__["value"] = annotation
    with pytest.raises(ContractError, match="handler: an annotation cannot be read: "):
        read_parameters(handler)


def test_a_parameter_without_an_annotation_is_refused_by_name():
    async def handler(ctx: Context, value) -> None: ...

    with pytest.raises(ContractError, match=r"^parameter value has no annotation\.$"):
        read_parameters(handler)


async def _starred(ctx: Context, *words: str) -> None: ...
async def _double_starred(ctx: Context, **words: str) -> None: ...
async def _positional(ctx: Context, words: str, /) -> None: ...


@pytest.mark.parametrize("handler", [_starred, _double_starred, _positional])
def test_a_parameter_that_cannot_be_given_by_name_is_refused(handler):
    with pytest.raises(ContractError, match=r"^parameter words must be an ordinary parameter\.$"):
        read_parameters(handler)


def test_a_handler_without_a_context_is_refused():
    async def handler() -> None: ...

    with pytest.raises(ContractError, match="handler takes no context; its first parameter must be one"):
        read_parameters(handler)


def test_the_result_is_the_return_annotation_or_nothing():
    async def told(ctx: Context) -> list[int]: ...
    async def untold(ctx: Context): ...

    assert read_result(told) == list[int]
    assert read_result(untold) is None


async def _wordy(ctx: Context, text: str, when: str) -> None:
    """Remember something,
    and say it later.

    A paragraph that people do not see: text: no.

    Args:
        text: What to say. It may be long,
            and goes on in a second line
            and a third.
        when: When: in 5 minutes, say.

    Raises:
        later: This is no option.
    """


async def _bare(ctx: Context) -> None: ...


async def _one_line(ctx: Context) -> None:
    """Say it."""


async def _args_last(ctx: Context, text: str) -> None:
    """Say it.

    Args:
        text:
            On the next line."""


@pytest.mark.parametrize(
    ("handler", "summary", "options"),
    [
        (_wordy, "Remember something,", {
            "text": "What to say. It may be long, and goes on in a second line and a third.",
            "when": "When: in 5 minutes, say.",
        }),
        (_bare, "", {}),
        (_one_line, "Say it.", {}),
        (_args_last, "Say it.", {"text": "On the next line."}),
    ],
)  # fmt: skip
def test_words_come_from_the_docstring(handler, summary, options):
    words = read_words(handler)
    assert words.summary == summary
    assert words.options == options


def test_an_options_description_is_its_line_under_args():
    assert [parameter.description for parameter in read_parameters(_wordy)] == [
        "What to say. It may be long, and goes on in a second line and a third.",
        "When: in 5 minutes, say.",
    ]
