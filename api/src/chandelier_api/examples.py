"""Examples, made from schemas: the same schema gives the same example, and the example fits it.

What a schema says itself (``examples``, ``const``, ``enum``) goes before what is made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chandelier_api.schemas import REF, Schema

_DEPTH = 8
_FORMATS = {
    "date-time": "2026-06-10T12:00:00Z", "date": "2026-06-10", "time": "12:00:00Z", "duration": "PT2H30M",
    "uri": "https://example.org/", "uri-reference": "/problems/not_found", "uuid": "0b6f2c1e-6f0e-4f7c-9d5a-3f1d2c4b5a69",
    "email": "alice@example.org", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "byte": "aGVsbG8=", "binary": "hello",
    "decimal": "1.5",
}  # fmt: skip
_SNOWFLAKE = "175928847299117063"
#: What a text is likely to hold, by the property's name or its last word.
_TEXTS = {
    "name": "hello", "content": "Hello, world!", "text": "Hello, world!", "words": "Hello, world!", "id": _SNOWFLAKE,
    "cursor": "aGVsbG8", "next": "aGVsbG8", "url": "https://example.org/", "link": "https://example.org/", "code": "not_found",
    "summary": "Says what it is for.", "description": "Says what it is for.", "sentence": "All is well.", "title": "Not found",
    "detail": "There is no such thing here.", "version": "1.0.0", "reference": "7F3K9Q", "instance": "7F3K9Q", "path": "hello",
    "plugin": "custom", "distribution": "chandelier-custom", "command": "custom run", "prefix": "!", "agent": "Mozilla/5.0",
    "by": "operator", "place": "command hello", "level": "warning", "remedy": "Correct it.", "surface": "rest",
}  # fmt: skip
_TRIED = ("hello", _SNOWFLAKE, "Hello", "1", "a", "A1", "custom:read", "7F3K9Q", "#aabbcc", "1.0.0", "12:00", "en-GB")


class NoExample(ValueError):
    """A schema for which no example can be made up."""


def make_example(schema: Schema, components: Mapping[str, Schema], name: str = "", *, depth: int = 0) -> Any:
    """Make the example of a schema; ``name`` is the property's, which tells what its text may hold.

    Raises NoExample for a schema without end, or with a pattern that nothing known fits.
    """
    if depth > _DEPTH:
        raise NoExample(name)
    if "$ref" in schema:
        reference: str = schema["$ref"]
        return make_example(components[reference.removeprefix(REF)], components, name, depth=depth + 1)
    if (said := _said(schema)) is not None:
        return said
    if "allOf" in schema:
        merged = {**schema, **{key: value for one in schema["allOf"] for key, value in _met(one, components).items()}}
        return make_example(
            {key: value for key, value in merged.items() if key != "allOf"}, components, name, depth=depth
        )
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return _first_of(options, components, name, depth)
    return _by_type(schema, components, name, depth)


def _said(schema: Schema) -> Any:
    for found in (schema.get("example"), *schema.get("examples", ())[:1], schema.get("const"), *schema.get("enum", ())):
        if found is not None:
            return found
    return None


def _met(schema: Schema, components: Mapping[str, Schema]) -> Schema:
    return components[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema


def _first_of(options: list[Schema], components: Mapping[str, Schema], name: str, depth: int) -> Any:
    """Give the example of the first that has one; null only where nothing else does."""
    for option in sorted(options, key=lambda one: one.get("type") == "null"):
        try:
            return make_example(option, components, name, depth=depth + 1)
        except NoExample:
            continue
    raise NoExample(name)


def _by_type(schema: Schema, components: Mapping[str, Schema], name: str, depth: int) -> Any:
    given = schema.get("type", "object" if "properties" in schema else None)
    kind = next((one for one in given if one != "null"), "null") if isinstance(given, list) else given
    if kind == "object":
        return _object(schema, components, depth)
    if kind == "array":
        items = schema.get("prefixItems") or [schema.get("items", {})] * max(1, schema.get("minItems", 1))
        singular = name.removesuffix("s")
        return [make_example(one, components, singular, depth=depth + 1) for one in items]
    if kind == "string":
        return _text(schema, name)
    if kind in ("integer", "number"):
        return _number(schema, whole=kind == "integer", name=name)
    return {"boolean": True, "null": None}.get(str(kind), _TEXTS.get(name, "hello"))


def _object(schema: Schema, components: Mapping[str, Schema], depth: int) -> Schema:
    made: Schema = {}
    for name, inner in schema.get("properties", {}).items():
        try:
            made[name] = make_example(inner, components, name, depth=depth + 1)
        except NoExample:
            if name in schema.get("required", ()):
                raise
    more = schema.get("additionalProperties")
    if isinstance(more, dict) and not made:
        made["answered"] = make_example(more, components, depth=depth + 1)
    return made


def _text(schema: Schema, name: str) -> str:
    if (shape := schema.get("format")) in _FORMATS:
        return _FORMATS[shape]
    likely = _TEXTS.get(name) or _TEXTS.get(name.rpartition("_")[2]) or "hello"
    low, high = schema.get("minLength", 0), schema.get("maxLength", 10_000)
    for text in (likely, *_TRIED):
        fitting = text[:high] if len(text) >= low else text + "a" * (low - len(text))
        if re.search(schema.get("pattern", ""), fitting):
            return fitting
    raise NoExample(name)


def _number(schema: Schema, *, whole: bool, name: str) -> int | float:
    found: int | float = 1 if whole else (41.5 if name.endswith("_ms") else 1.5)
    if (low := schema.get("minimum")) is not None:
        found = max(found, low)
    if (above := schema.get("exclusiveMinimum")) is not None and found <= above:
        found = above + 1
    if (high := schema.get("maximum")) is not None:
        found = min(found, high)
    if (below := schema.get("exclusiveMaximum")) is not None and found >= below:
        found = below - 1
    if (step := schema.get("multipleOf")) is not None:
        found = -(-found // step) * step
    return int(found) if whole else found
