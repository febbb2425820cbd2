"""From an Outcome to a response."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json
from quart import Response

from chandelier import Outcome, Reply, Status
from chandelier_api.problems import Problem, broken, respond

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chandelier_api.routes import Route


#: More than any page or list needs; what is larger belongs in a plugin's own blueprint, as a stream.
MAX_ANSWER_BYTES = 4 * 2**20


class AnswerTooLarge(Exception):
    """A command over REST answered with more than 4 MiB."""


def render(outcome: Outcome, route: Route, reference: str) -> Response:
    """Render an outcome: what was answered, or the problem it stands for. Raises what an answer raises that cannot be written."""
    if outcome.status is not Status.ANSWERED:
        return respond(_problem(outcome, route.plugin, reference), reference)
    body = dump(outcome.value, route.command.result)
    if body is None:
        return Response(b"", 204, headers={"Content-Type": "application/json"})
    if len(body) > MAX_ANSWER_BYTES:
        raise AnswerTooLarge(f"the answer has {len(body)} bytes; {MAX_ANSWER_BYTES} are the most")
    return Response(body, route.status, content_type="application/json")


def reply_json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a value of the API's own; instants as RFC 3339 with Z."""
    body = orjson.dumps(value, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)
    return Response(body, status, headers=dict(headers or {}), content_type="application/json")


def dump(value: object, annotation: object = None) -> bytes | None:
    """Write what a handler returned, by its annotation where it has one; None for no content."""
    if isinstance(value, Reply):
        value = {"text": value.text} if value.body is None else value.body
    elif isinstance(value, str):
        value = {"text": str(value)}
    if value is None:
        return None
    if isinstance(value, BaseModel):
        return value.model_dump_json().encode()
    if annotation is not None and not isinstance(annotation, str) and type(value) is not dict:
        try:
            return _adapter(annotation).dump_json(value, warnings="error")
        except Exception:  # the annotation does not say what came; the value itself does
            return to_json(value)
    return to_json(value)


@lru_cache(maxsize=512)
def _adapter(annotation: Any) -> TypeAdapter[object]:
    return TypeAdapter(annotation)


def _problem(outcome: Outcome, plugin: str, reference: str) -> Problem:
    if outcome.status is Status.FAILED:
        return broken(reference)
    if outcome.status is Status.TIMED_OUT:
        return Problem("timed_out", outcome.sentence or "This took too long and was ended.")
    status = outcome.http_status if 400 <= outcome.http_status <= 599 else 409
    sentence = outcome.sentence or "This was refused."
    option = outcome.details.get("option")
    errors = [{"name": str(option), "detail": sentence}] if option is not None else []
    problem = Problem(outcome.code or "conflict", sentence, status=status, plugin=plugin, errors=errors)
    return problem.retry_after(outcome.details.get("retry_after_s")) if status in (429, 503) else problem
