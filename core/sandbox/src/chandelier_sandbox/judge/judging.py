"""The judge: one question for each direction of each wire, answered with findings; none means all is well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.judge.descriptions import GATEWAY, OPENAPI, Descriptions
from chandelier_sandbox.judge.deviations import DEVIATIONS, UNDESCRIBED, Deviation
from chandelier_sandbox.judge.operations import Matcher, Operation, operations_of, relative
from chandelier_sandbox.judge.wording import findings
from chandelier_sandbox.transcript.transcript import Command, Dispatch, Entry, Exchange

_JSON = "application/json"
_FORM = "multipart/form-data"
Query = Mapping[str, str | Sequence[str]]


class Judge:
    """Judge by the documents in two folders, discord-api-spec and discord-gateway-schema, of one folder.

    Validators are made when they are first needed and kept. Needs the library jsonschema-rs.
    """

    def __init__(self, folder: Path, deviations: Iterable[Deviation] = DEVIATIONS) -> None:
        self._descriptions = Descriptions(folder, deviations)
        self.operations: tuple[Operation, ...] = tuple(operations_of(self._descriptions.openapi))
        self._matcher = Matcher([(one.method, one.template, one) for one in self.operations])
        self._undescribed = Matcher([(method, template, True) for method, template in UNDESCRIBED])

    def operation(self, method: str, path: str) -> Operation | None:
        """Return the operation that a path, or a template, belongs to."""
        return self._matcher.find(method, path)

    def answer_findings(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Judge the answer to a request; body: the decoded JSON, None where there was none."""
        operation = self.operation(method, path)
        if operation is None:
            return _no_such_operation(method, path)
        what = f"{operation} answered {status}"
        described = operation.status(status)
        if described is None:
            return [f"{what}: this status is not described; {', '.join(operation.responses)} are"]
        response = self._descriptions.resolve(operation.responses[described])
        if status == 204 or "content" not in response:
            return [] if body is None else [f"{what}: there may be no body"]
        if _JSON not in response["content"]:
            return []
        if "$ref" in operation.responses[described]:
            place = tuple(operation.responses[described]["$ref"].removeprefix("#/").split("/"))
        else:
            place = operation.place("responses", described)
        return findings(what, self._descriptions.errors((OPENAPI, *place, "content", _JSON, "schema"), body))

    def request_findings(self, method: str, path: str, query: Query, body: Any, files: bool = False) -> list[str]:
        """Judge a request; body: the decoded JSON or payload_json. files: it came as a form, with files."""
        operation = self.operation(method, path)
        if operation is None:
            return _no_such_operation(method, path)
        found = self._parameter_findings(operation, operation.path_values(path), "path")
        found += self._parameter_findings(operation, query, "query")
        return found + self._body_findings(operation, body, files)

    def event_findings(self, name: str, payload: Any) -> list[str]:
        """Judge the `d` of an event of the gateway."""
        if name not in self._descriptions.gateway["x-events"]:
            return [f"{name}: there is no such event"]
        found = findings(name, self._descriptions.errors((GATEWAY, "x-events", name), payload))
        if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            # The gateway's schema lets `flags` and others be absent that clients need: they are in every message.
            # What only events have (guild_id, member, mentions[].member) that schema allows: nothing is taken out.
            found += self.shape_findings("MessageResponse", payload, what=f"{name} (as a message)")
        return found

    def shape_findings(self, name: str, value: Any, *, what: str = "") -> list[str]:
        """Judge a value by a named shape of the REST description, such as MessageResponse."""
        place = (OPENAPI, "components", "schemas", name)
        return findings(what or name, self._descriptions.errors(place, value))

    def command_findings(self, opcode: int, payload: Any) -> list[str]:
        """Judge what a client sends over the gateway."""
        if str(opcode) not in self._descriptions.gateway["x-send"]:
            return [f"opcode {opcode}: a client may not send it"]
        place = (GATEWAY, "x-send", str(opcode))
        return findings(f"opcode {opcode}", self._descriptions.errors(place, {"op": opcode, "d": payload}))

    def findings_of(self, entries: Iterable[Entry], *, refused: bool = False) -> list[str]:
        """Judge what a transcript holds.

        refused: also judge requests that were answered with an error, whose sender has been told already.
        """
        found: list[str] = []
        for entry in entries:
            if isinstance(entry, Exchange):
                found += self._exchange_findings(entry, refused)
            elif isinstance(entry, Dispatch):
                found += self.event_findings(entry.name, entry.payload)
            elif isinstance(entry, Command):
                found += self.command_findings(entry.opcode, entry.payload)
        return found

    def _exchange_findings(self, one: Exchange, refused: bool) -> list[str]:
        if self._undescribed.find(one.method, one.path):
            return []
        found = self.answer_findings(one.method, one.path, one.status, one.answer)
        if self.operation(one.method, one.path) is not None and (refused or one.status < 400):
            query = parse_qs(one.query, keep_blank_values=True)
            found += self.request_findings(one.method, one.path, query, one.request, bool(one.files))
        return found

    def _parameter_findings(self, operation: Operation, values: Query, kind: str) -> list[str]:
        found: list[str] = []
        for place, parameter in operation.parameters:
            name = parameter["name"]
            if parameter["in"] != kind:
                continue
            if name in values:
                value = _coerced(values[name], self._descriptions.resolve(parameter["schema"]))
                errors = self._descriptions.errors((OPENAPI, *place), value)
                found += findings(str(operation), errors, f"{kind} {name}")
            elif parameter.get("required"):
                found.append(f"{operation}: {kind} {name} is missing")
        return found

    def _body_findings(self, operation: Operation, body: Any, files: bool) -> list[str]:
        if operation.request is None:
            return []
        contents = operation.request["content"]
        content = _JSON if _JSON in contents else _FORM
        schema = (OPENAPI, *operation.place("requestBody", "content", content, "schema"))
        if body is None and not files:
            # Every body is called required there, even that of an operation which takes none (Guild: Remove Guild Ban).
            return [f"{operation}: the body is missing"] if self._descriptions.errors(schema, {}) else []
        if content == _FORM and files:
            body = _with_files(body, contents[_FORM]["schema"])
        return findings(str(operation), self._descriptions.errors(schema, {} if body is None else body))


def _no_such_operation(method: str, path: str) -> list[str]:
    return [f"{method} {relative(path)}: there is no such operation"]


def _with_files(body: Any, schema: JsonObject) -> Any:
    """Add the files to the fields of a form; what they hold is not looked at."""
    named = {name: "" for name, field in schema["properties"].items() if field.get("contentEncoding") == "binary"}
    return named | (body if isinstance(body, dict) else {})


def _coerced(value: str | Sequence[str], schema: JsonObject) -> Any:
    """Read text as the type that the schema wants; what cannot be read stays text, and is found."""
    texts = [value] if isinstance(value, str) else list(value)
    if schema.get("type") == "array":
        parts = texts[0].split(",") if len(texts) == 1 else texts
        return [_coerced(part, schema["items"]) for part in parts]
    if len(texts) > 1:
        return texts
    text = texts[0]
    match schema.get("type"):
        case "integer" if text.removeprefix("-").isdecimal():
            return int(text)
        case "boolean":
            return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    return text
