"""Strict reading of requests: what cannot be read is a 4xx with a sentence, never a 500.

Quart's own ``get_json`` answers 500 to invalid UTF-8 and deep nesting, accepts NaN and lone surrogates, and takes a wrong
content type for an absent body (Quart 0.22 and 0.23); the request class below replaces it, for plugins' blueprints too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import orjson
from quart import Request

from chandelier_api.problems import Problem

MAX_BODY_BYTES = 256 * 1024
_MAX_DEPTH = 64
_MAX_ID = 2**63 - 1
_ID = re.compile(r"[0-9]{1,19}")


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Read the body as JSON. Raises Problem: 415 for another content type, 400 for what is no JSON, 413 for too much."""
        try:
            if not force:
                _check_content_type(self.mimetype)
            return parse_json(await self.get_data(cache=cache, as_text=False))
        except Problem:
            if silent:
                return None
            raise


def parse_json(text: str | bytes) -> object:
    """Read one JSON text (RFC 8259), strictly: UTF-8, no NaN, no lone surrogate, no name twice, 64 levels at the most."""
    try:
        orjson.loads(text)
        value = json.loads(text, object_pairs_hook=_read_object)
        depth = _depth_of(value)
    except orjson.JSONDecodeError as error:
        raise Problem("malformed_body", f"The body is no JSON: {_reason(error)}.") from None
    except RecursionError:
        depth = _MAX_DEPTH + 1
    except ValueError:  # a number of thousands of digits
        raise Problem("malformed_body", "The body holds a number that is too long.") from None
    if depth > _MAX_DEPTH:
        raise Problem("malformed_body", f"The body is nested deeper than {_MAX_DEPTH} levels.")
    return value


async def read_body(request: Request) -> dict[str, object]:
    """Read a body that must be one JSON object. An empty body is an empty object."""
    text = await request.get_data(cache=True, as_text=False)
    if not text:
        return {}
    value = await request.get_json()
    if not isinstance(value, dict):
        raise Problem("malformed_body", "The body must be a JSON object, such as {}.")
    return value


def read_query(request: Request) -> dict[str, object]:
    """Read the query string. A parameter given twice is refused."""
    found: dict[str, object] = {}
    for name, values in request.args.lists():
        if len(values) > 1:
            raise refusal("unknown_option", "query", {name: f"`{name}` stands in the query string more than once."})
        found[name] = values[0]
    return found


async def refuse_body(request: Request) -> None:
    """Refuse the body of a request that takes its parameters from the query string."""
    if await request.get_data(cache=True, as_text=False):
        sentence = f"{request.method} takes no body here; put the parameters in the query string."
        raise Problem("malformed_request", sentence)


def check_names(given: Iterable[str], known: Collection[str], required: Iterable[str], place: str) -> None:
    """Refuse names that are not known, with the nearest right one, and tell what is missing."""
    given = set(given)
    unknown = {name: _unknown(name, known) for name in sorted(given) if name not in known}
    if unknown:
        raise refusal("unknown_option", place, unknown)
    missing = {name: f"`{name}` is missing." for name in required if name not in given}
    if missing:
        raise refusal("missing_option", place, missing)


def refusal(code: str, place: str, sentences: Mapping[str, str]) -> Problem:
    """Make the Problem for options that do not fit: one sentence each, and where each stands."""
    errors = []
    for name, sentence in sentences.items():
        where = {"pointer": "/" + name.replace("~", "~0").replace("/", "~1")} if place == "body" else {"name": name}
        errors.append({"in": place, **where, "detail": sentence})
    return Problem(code, " ".join(list(sentences.values())[:5]), errors=errors)


def read_id(value: object) -> int | None:
    """Read a Discord id, or give None for what can be none (documentation: API Reference, Snowflakes)."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        return None
    number = int(value)
    return number if 0 < number <= _MAX_ID else None


def is_wide(value: object) -> bool:
    """Say whether a whole number, or its digits, is wider than the store's 64 bits."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9_]{19,}", value.strip()):
        value = int(value.replace("_", "")) if len(value) < 64 else _MAX_ID + 1
    return isinstance(value, int | float) and not -_MAX_ID - 1 <= value <= _MAX_ID


def _check_content_type(mimetype: str) -> None:
    if mimetype != "application/json":
        said = "has no Content-Type" if not mimetype else "is no JSON by its Content-Type"
        raise Problem(
            "not_json", f"The body {said}; send it as application/json.", headers={"Accept": "application/json"}
        )


def _read_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Problem("malformed_body", "The body holds an object with the same name twice.")
    return found


def _depth_of(value: object) -> int:
    depth, level = 0, [value]
    while level and depth <= _MAX_DEPTH:
        depth += 1
        level = [inner for outer in level for inner in _inside(outer)]
    return depth


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _reason(error: orjson.JSONDecodeError) -> str:
    return str(error).split(" (char", 1)[0]


def _unknown(name: str, known: Collection[str]) -> str:
    shown = name if len(name) <= 40 else name[:40] + "…"
    near = get_close_matches(name[:100], known, n=1)
    if near:
        return f"There is no `{shown}` here; did you mean `{near[0]}`?"
    if not known:
        return f"There is no `{shown}` here; it takes nothing."
    return f"There is no `{shown}` here; there is {', '.join(f'`{one}`' for one in known)}."
