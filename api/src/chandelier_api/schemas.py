"""JSON Schema for what commands take and give, under names that no two plugins share."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter

from chandelier import Reply
from chandelier.parameters import Kind, Parameter
from chandelier_api.words import plain

if TYPE_CHECKING:
    from chandelier import Command

Schema = dict[str, Any]
Mode = Literal["validation", "serialization"]
REF = "#/components/schemas/"
SNOWFLAKE: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$", "examples": ["175928847299117063"]}
TEXT: Schema = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"], "title": "Text"}
#: Ten years at the most; the words are those of ``chandelier.types.parse_duration``.
DURATION: Schema = {
    "type": ["string", "number"], "pattern": r"^\s*([0-9]+(\.[0-9]+)?[wdhmsWDHMS]\s*)+$", "exclusiveMinimum": 0,
    "maximum": 316_224_000, "examples": ["2h30m"],
}  # fmt: skip
_PLAIN: Mapping[Kind, Schema] = {
    Kind.STRING: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DURATION: DURATION,
    Kind.INSTANT: {"type": "string", "format": "date-time", "examples": ["2026-06-10T12:00:00Z"]},
    Kind.OBJECT: {"type": "object"},
}


@dataclass(slots=True)
class Components:
    """The document's named schemas."""

    schemas: dict[str, Schema] = field(default_factory=dict)

    def claim(self, owner: str, model: str) -> str:
        """Give a name that is still free: ``CustomCommand``, and ``Custom_Command`` where another has that."""
        words = [re.sub(r"\W", "", word) for word in re.split(r"[-_.\s]", owner)]
        front = "".join(word[:1].upper() + word[1:] for word in words)
        short = re.sub(r"[^0-9A-Za-z]+(\w?)", lambda found: found[1].upper(), model)
        name, count = front + short, 1
        while name in self.schemas:
            name, count = f"{front}_{short}" + (str(count) if count > 1 else ""), count + 1
        self.schemas[name] = {}
        return name


class PluginSchemas:
    """The schemas of one plugin's commands; its models become components under the plugin's name."""

    def __init__(self, plugin: str, commands: tuple[Command, ...], components: Components) -> None:
        wanted: list[tuple[str, Mode, TypeAdapter[Any]]] = []
        for command in commands:
            for index, leaf in enumerate(_models(command.result)):
                _want(wanted, f"{command.path}>{index}", "serialization", leaf)
            for parameter in command.parameters:
                if _needs_adapter(parameter):
                    _want(wanted, f"{command.path}<{parameter.name}", "validation", parameter.annotation)
        found, shared = TypeAdapter.json_schemas(wanted, ref_template=REF + "{model}") if wanted else ({}, {})
        definitions: dict[str, Schema] = shared.get("$defs", {})
        names = {REF + name: REF + components.claim(plugin, name) for name in sorted(definitions)}
        for name, schema in definitions.items():
            own = names[REF + name].removeprefix(REF)
            components.schemas[own] = {**_renamed(schema, names), "title": own}  # clients name their types by the title
        self._found = {key: _renamed(schema, names) for (key, _), schema in found.items()}

    def result(self, command: Command) -> Schema | None:
        """Give the schema of what a command answers with; None where it has no content."""
        if command.result is type(None):
            return None
        schemas = [self._found.get(f"{command.path}>{index}", {}) for index, _ in enumerate(_models(command.result))]
        leaves = list(_leaves(command.result))
        if Reply in leaves:  # its body is any model, or it has none and answers with its text
            schemas.append({"type": "object"})
        elif str in leaves:
            schemas.append(TEXT)
        if not schemas or {} in schemas:
            return {}
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def parameter(self, command: Command, parameter: Parameter, *, nullable: bool) -> Schema:
        """Give the schema of a parameter. In a path or a query there is no null."""
        schema = self._found.get(f"{command.path}<{parameter.name}") or _plain(parameter)
        options = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
        if options and not nullable:
            rest = {key: value for key, value in schema.items() if key != "anyOf"}
            schema = {**rest, **options[0]} if len(options) == 1 else {**rest, "anyOf": options}
        schema = {key: value for key, value in schema.items() if key not in ("title", "default")}
        if (default := plain(parameter.default)) is not None:
            schema["default"] = default
        return schema


def _plain(parameter: Parameter) -> Schema:
    if parameter.kind.entity:
        return dict(SNOWFLAKE)
    schema = dict(_PLAIN[parameter.kind])
    if parameter.choices:
        schema["enum"] = [choice.value for choice in parameter.choices]
    low, high = ("minLength", "maxLength") if parameter.kind is Kind.STRING else ("minimum", "maximum")
    for key, bound in ((low, parameter.minimum), (high, parameter.maximum)):
        if bound is not None:
            schema[key] = int(bound) if float(bound).is_integer() else bound
    return schema


def _needs_adapter(parameter: Parameter) -> bool:
    """Say whether the kind alone does not tell the schema: a whole number may be a Snowflake, a text may have a pattern."""
    if parameter.kind is Kind.OBJECT:
        return True
    plain_kind = parameter.kind in (Kind.DURATION, Kind.INSTANT) or parameter.kind.entity
    bounded = parameter.minimum is not None or parameter.maximum is not None
    return "Annotated" in str(parameter.annotation) and not (plain_kind or parameter.choices or bounded)


def _want(wanted: list[tuple[str, Mode, TypeAdapter[Any]]], key: str, mode: Mode, annotation: Any) -> None:
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        adapter.json_schema(mode=mode)
    except Exception:  # a type that has no JSON Schema is described as anything
        return
    wanted.append((key, mode, adapter))


def _leaves(annotation: object) -> Iterator[object]:
    if get_origin(annotation) in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _leaves(member)
    elif get_origin(annotation) is Annotated and get_args(annotation)[0] in (str, Reply):
        yield get_args(annotation)[0]
    elif annotation is not None:
        yield annotation


def _models(annotation: object) -> list[object]:
    return [leaf for leaf in _leaves(annotation) if leaf not in (str, Reply, type(None))]


def _renamed(schema: Any, names: Mapping[str, str]) -> Any:
    if isinstance(schema, dict):
        return {
            key: names.get(value, value) if key == "$ref" else _renamed(value, names) for key, value in schema.items()
        }
    return [_renamed(item, names) for item in schema] if isinstance(schema, list) else schema
