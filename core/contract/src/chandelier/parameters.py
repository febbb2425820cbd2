"""From a handler's signature and docstring to the parameters that every surface can express."""

from __future__ import annotations

import inspect
import math
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from chandelier.errors import BadOption, ContractError
from chandelier.types import Choice, Length, Paragraph, Suggest, parse_duration, parse_instant


class Kind(StrEnum):
    """What a parameter is, in words that Discord, a line of text and JSON can all express."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DURATION = "duration"
    INSTANT = "instant"
    USER = "user"
    MEMBER = "member"
    ROLE = "role"
    CHANNEL = "channel"
    ATTACHMENT = "attachment"
    #: A model, over REST alone: Discord's options and a line of text have no words for one.
    OBJECT = "object"

    @property
    def entity(self) -> bool:
        """Say whether its value is a Discord object that the surface resolves."""
        return self in (Kind.USER, Kind.MEMBER, Kind.ROLE, Kind.CHANNEL, Kind.ATTACHMENT)


EXPECTED = {
    Kind.STRING: "text",
    Kind.INTEGER: "a whole number",
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "yes or no",
    Kind.DURATION: "a duration such as 2h30m, 45s or 3d",
    Kind.INSTANT: "a time such as 2026-06-10T12:00:00Z or <t:1781092800>",
    Kind.USER: "a user: a mention or an id",
    Kind.MEMBER: "a member of this server: a mention or an id",
    Kind.ROLE: "a role: a mention or an id",
    Kind.CHANNEL: "a channel: a mention or an id",
    Kind.ATTACHMENT: "an attached file",
    Kind.OBJECT: "an object of the right shape",
}
_BOUNDS = {
    "string_too_long": "at most {max_length} characters", "string_too_short": "at least {min_length} characters",
    "greater_than_equal": "at least {ge}", "less_than_equal": "at most {le}", "greater_than": "more than {gt}",
    "less_than": "less than {lt}", "multiple_of": "a multiple of {multiple_of}",
    "string_pattern_mismatch": "text that fits the pattern {pattern}",
}  # fmt: skip
_SCALARS: Mapping[object, Kind] = {
    str: Kind.STRING, int: Kind.INTEGER, float: Kind.NUMBER, bool: Kind.BOOLEAN, timedelta: Kind.DURATION, datetime: Kind.INSTANT,
}  # fmt: skip
_ENTITIES = {
    "Member": Kind.MEMBER, "PartialUser": Kind.USER, "User": Kind.USER, "PartialRole": Kind.ROLE, "Role": Kind.ROLE,
    "PartialChannel": Kind.CHANNEL, "Attachment": Kind.ATTACHMENT,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One option of a command.

    ``name`` is what people see, ``python_name`` the handler's own. ``annotation`` is what JSON Schema is made from.
    ``minimum`` and ``maximum`` bound a number, or the characters of a text.
    ``type_name`` is hikari's name of an entity, such as ``GuildTextChannel``.
    """

    name: str
    python_name: str
    kind: Kind
    description: str
    required: bool
    annotation: object = field(compare=False)
    default: object = None
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    suggest: Suggest | None = None
    paragraph: Paragraph | None = None
    type_name: str = ""
    adapter: TypeAdapter[object] | None = field(default=None, compare=False, repr=False)

    def convert(self, raw: object) -> object:
        """Turn what a surface found into what the handler takes; raise BadOption with one sentence.

        An entity is taken as it is: the surface has resolved it.
        """
        if self.kind.entity or self.adapter is None:
            return raw
        if isinstance(raw, str) and self.choices:
            raw = self._choice_value(raw)
        if isinstance(raw, str) and "\0" in raw:
            raise BadOption(f"`{self.name}` holds a NUL character, which cannot be stored.", option=self.name)
        # pydantic takes True for 1, where a number is wanted
        if isinstance(raw, bool) and self.kind in (Kind.INTEGER, Kind.NUMBER):
            raise BadOption(f"`{self.name}` must be {EXPECTED[self.kind]}.", option=self.name)
        try:
            value = self.adapter.validate_python(raw)
        except ValidationError as error:
            raise BadOption(self._complaint(error), option=self.name) from None
        if isinstance(value, float) and not math.isfinite(value):
            raise BadOption(f"`{self.name}` must be a number.", option=self.name)
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise BadOption(f"`{self.name}` must be a whole number of 64 bits.", option=self.name)
        return value

    def _choice_value(self, raw: str) -> object:
        folded = raw.casefold()
        for choice in self.choices:
            if folded in (str(choice.value).casefold(), choice.name.casefold()):
                return choice.value
        raise BadOption(self._offer(), option=self.name)

    def _offer(self) -> str:
        return f"`{self.name}` must be one of: {', '.join(choice.name for choice in self.choices)}."

    def _complaint(self, error: ValidationError) -> str:
        if self.choices:
            return self._offer()
        first = error.errors(include_url=False, include_input=False)[0]
        if self.kind is Kind.OBJECT:
            place = ".".join([self.name, *(str(part) for part in first["loc"])])
            return f"`{place}`: {first['msg'][:1].lower()}{first['msg'][1:]}."
        limits = {name: str(limit).removesuffix(".0") for name, limit in first.get("ctx", {}).items()}
        wanted = _BOUNDS.get(first["type"], EXPECTED[self.kind]).format_map(limits)
        return f"`{self.name}` must be {wanted.replace(' 1 characters', ' 1 character')}."


def read_parameters(handler: Callable[..., object]) -> tuple[Parameter, ...]:
    """Read every parameter after the context. Raises ContractError for one that no surface can express."""
    signature = inspect.signature(handler)
    hints = _hints(handler)
    words = read_words(handler).options
    rest = list(signature.parameters.values())[1:]
    if not signature.parameters:
        raise ContractError(f"{handler.__name__} takes no context; its first parameter must be one.")
    return tuple(_read_one(parameter, hints.get(parameter.name), words.get(parameter.name, "")) for parameter in rest)


def read_result(handler: Callable[..., object]) -> object:
    """Read the return annotation, or ``None`` where there is none."""
    return _hints(handler).get("return")


@dataclass(frozen=True, slots=True)
class Words:
    """What a docstring says: the first line, and a line for each option."""

    summary: str
    options: Mapping[str, str]


def read_words(handler: Callable[..., object]) -> Words:
    """Read the first line and the ``Args:`` lines of a docstring."""
    text = inspect.getdoc(handler) or ""
    head, _, tail = text.partition("Args:\n")
    block = re.split(r"\n\S", tail, maxsplit=1)[0] if tail else ""
    found = re.findall(r"^ {1,8}(\w+):[ \t]*(.*(?:\n {5,}.*)*)", block, re.MULTILINE)
    options = {name: " ".join(said.split()) for name, said in found}
    return Words(head.strip().split("\n", 1)[0].strip(), options)


def _hints(handler: Callable[..., object]) -> dict[str, object]:
    try:
        return typing.get_type_hints(handler, include_extras=True)
    except NameError as error:
        raise ContractError(
            f"{handler.__qualname__}: the annotation {error.name!r} cannot be read at run time; "
            "import it at the top of the module, not under TYPE_CHECKING."
        ) from None
    except (AttributeError, SyntaxError, TypeError) as error:
        raise ContractError(f"{handler.__qualname__}: an annotation cannot be read: {error}.") from None


def _read_one(source: inspect.Parameter, annotation: object, description: str) -> Parameter:
    where = f"parameter {source.name}"
    if annotation is None:
        raise ContractError(f"{where} has no annotation.")
    if source.kind in (source.VAR_POSITIONAL, source.VAR_KEYWORD, source.POSITIONAL_ONLY):
        raise ContractError(f"{where} must be an ordinary parameter.")
    inner, marks, is_optional = _unwrap(annotation)
    kind, choices, type_name = _classify(inner, where)
    required = source.default is inspect.Parameter.empty and not is_optional
    low, high = _bounds(marks)
    return Parameter(
        name=source.name.rstrip("_"),
        python_name=source.name,
        kind=kind,
        description=description,
        required=required,
        annotation=annotation,
        default=None if source.default is inspect.Parameter.empty else source.default,
        choices=choices,
        minimum=low,
        maximum=high,
        suggest=next((mark for mark in marks if isinstance(mark, Suggest)), None),
        paragraph=next((mark for mark in marks if isinstance(mark, Paragraph)), None),
        type_name=type_name,
        adapter=None if kind.entity else _adapter(annotation, kind, low, high, plain=inner in (timedelta, datetime)),
    )


def _unwrap(annotation: object) -> tuple[object, list[object], bool]:
    marks: list[object] = []
    is_optional = False
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            marks += more
        elif get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation):
            members = [member for member in get_args(annotation) if member is not type(None)]
            annotation, is_optional = (members[0] if len(members) == 1 else Union[tuple(members)]), True  # noqa: UP007
        else:
            return annotation, marks, is_optional


def _classify(annotation: object, where: str) -> tuple[Kind, tuple[Choice, ...], str]:
    if get_origin(annotation) is Literal:
        values = get_args(annotation)
        return _value_kind(values, where), tuple(Choice(str(value), value) for value in values), ""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        members = [(member.name.replace("_", " ").capitalize(), member.value) for member in annotation]
        return _value_kind([value for _, value in members], where), tuple(Choice(*pair) for pair in members), ""
    if (kind := _SCALARS.get(annotation)) is not None:
        return kind, (), ""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Kind.OBJECT, (), ""
    for ancestor in getattr(annotation, "__mro__", ()):
        # hikari's classes are known by name: the contract does not import hikari.
        if ancestor.__module__.startswith("hikari.") and (kind := _ENTITIES.get(ancestor.__name__)) is not None:
            return kind, (), getattr(annotation, "__name__", "")
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    raise ContractError(f"{where}: type {name} has no Discord option; use one that has, such as str, int or Duration.")


def _value_kind(values: Sequence[object], where: str) -> Kind:
    for type_, kind in ((str, Kind.STRING), (int, Kind.INTEGER), (float, Kind.NUMBER)):
        if values and all(isinstance(value, type_) and not isinstance(value, bool) for value in values):
            return kind
    raise ContractError(f"{where}: its choices must be all text, all whole numbers, or all numbers.")


def _bounds(marks: Sequence[object]) -> tuple[float | None, float | None]:
    low: float | None = None
    high: float | None = None
    for mark in _flatten(marks):
        if isinstance(mark, Length):
            low, high = mark.minimum, mark.maximum
        low = _limit(mark, ("ge", "min_length"), low)
        high = _limit(mark, ("le", "max_length"), high)
    return low, high


def _limit(mark: object, names: Sequence[str], found: float | None) -> float | None:
    limits = (getattr(mark, name, None) for name in names)
    return next((limit for limit in limits if isinstance(limit, int | float)), found)


def _flatten(marks: Sequence[object]) -> Iterator[object]:
    for mark in marks:
        if isinstance(mark, FieldInfo):
            yield from mark.metadata
        else:
            yield mark


def _adapter(
    annotation: object, kind: Kind, low: float | None, high: float | None, *, plain: bool
) -> TypeAdapter[object]:
    from pydantic import BeforeValidator, Field

    marks: list[object] = []
    if plain and kind is Kind.DURATION:
        marks.append(BeforeValidator(lambda raw: None if raw is None else parse_duration(raw)))
    elif plain and kind is Kind.INSTANT:
        marks.append(BeforeValidator(lambda raw: None if raw is None else parse_instant(raw)))
    elif kind is Kind.STRING and (low is not None or high is not None):
        marks.append(
            Field(min_length=None if low is None else int(low), max_length=None if high is None else int(high))
        )
    spelled: typing.Any = annotation
    for mark in marks:
        spelled = Annotated[spelled, mark]
    return TypeAdapter(spelled)
