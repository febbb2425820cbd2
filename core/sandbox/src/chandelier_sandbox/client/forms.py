"""Fill in a form as Discord's client does, and write it as MODAL_SUBMIT carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chandelier_sandbox.client.replies import Modal
from chandelier_sandbox.client.resolving import Resolver
from chandelier_sandbox.client.selecting import SELECTS, bounds, chosen, many, must_fit, offered
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject

ACTION_ROW, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 4, 10, 18
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
TEXT_MOST = 4000
_SHORT = 1


@dataclass(slots=True)
class Form:
    """One filling-in of a form: what it asks for, and what the person wrote."""

    modal: Modal
    fields: Mapping[str, Any]
    resolver: Resolver

    def submission(self) -> JsonObject:
        """Return `data` of MODAL_SUBMIT; raise CannotSend for what the client would not send."""
        known = [str(one.custom_id) for one in self.modal.inputs]
        for name in self.fields:
            if name not in known:
                has = ", ".join(known) or "none"
                raise CannotSend(f"The form {self.modal.title!r} has no field {name!r}; it has {has}.")
        rows = [self._top(component) for component in self.modal["components"]]
        data: JsonObject = {"custom_id": self.modal.custom_id, "components": _numbered(rows)}
        return data | ({"resolved": self.resolver.found} if self.resolver.found else {})

    def _top(self, component: JsonObject) -> JsonObject:
        answer: JsonObject = {"type": component["type"], "id": component.get("id")}
        match int(component["type"]):
            case 1:
                answer["components"] = [
                    self._field(inner, str(inner.get("label"))) for inner in component["components"]
                ]
            case 18:
                answer["component"] = self._field(component["component"], str(component["label"]))
        return answer

    def _field(self, component: JsonObject, label: str) -> JsonObject:
        kind, name = int(component["type"]), str(component["custom_id"])
        place, wanted = f"The field {name!r} ({label}) of the form {self.modal.title!r}", self.fields.get(name)
        answer: JsonObject = {"type": kind, "id": component.get("id"), "custom_id": name}
        if kind in SELECTS:
            return answer | {"values": chosen(place, component, wanted, self.resolver)}
        if kind == FILE_UPLOAD:
            return answer | {"values": self._files(place, component, wanted)}
        return answer | _READERS[kind](place, component, wanted)

    def _files(self, place: str, component: JsonObject, wanted: Any) -> list[str]:
        given = [] if wanted is None else many(wanted)
        must_fit(place, len(given), bounds(component))
        return [self.resolver.file(place, one) for one in given]


def _text(place: str, component: JsonObject, wanted: Any) -> JsonObject:
    text = component.get("value") or "" if wanted is None else wanted
    if not isinstance(text, str):
        raise CannotSend(f"{place} is a text, not {text!r}.")
    if int(component.get("style") or _SHORT) == _SHORT and "\n" in text:
        raise CannotSend(f"{place} is one line; this text has several.")
    required = component.get("required") is not False
    if not text and required:
        raise CannotSend(f"{place} is required.")
    least, most = int(component.get("min_length") or 0), int(component.get("max_length") or TEXT_MOST)
    if text and not least <= len(text) <= most:
        raise CannotSend(f"{place} takes {least} to {most} characters, not {len(text)}.")
    return {"value": text}


def _radio(place: str, component: JsonObject, wanted: Any) -> JsonObject:
    if wanted is not None:
        return {"value": offered(place, component["options"], wanted)}
    preset = [str(option["value"]) for option in component["options"] if option.get("default")]
    if not preset and component.get("required") is not False:
        raise CannotSend(f"{place} is required.")
    return {"value": preset[0] if preset else None}


def _checks(place: str, component: JsonObject, wanted: Any) -> JsonObject:
    options = component["options"]
    values = [str(option["value"]) for option in options if option.get("default")]
    if wanted is not None:
        values = [offered(place, options, one) for one in many(wanted)]
    least, most = bounds(component | {"max_values": component.get("max_values") or len(options)})
    must_fit(place, len(values), (least, most))
    return {"values": values}


def _check(place: str, component: JsonObject, wanted: Any) -> JsonObject:
    value = bool(component.get("default")) if wanted is None else wanted
    if not isinstance(value, bool):
        raise CannotSend(f"{place} is ticked or not: True or False, not {value!r}.")
    return {"value": value}


_Reader = Callable[[str, JsonObject, Any], JsonObject]
_READERS: Mapping[int, _Reader] = {
    TEXT_INPUT: _text,
    RADIO_GROUP: _radio,
    CHECKBOX_GROUP: _checks,
    CHECKBOX: _check,
}


def _numbered(rows: list[JsonObject]) -> list[JsonObject]:
    """Give an id to every part that brought none, in the order of reading."""
    parts = [part for row in rows for part in (row, *(row.get("components") or []), row.get("component")) if part]
    taken = {part["id"] for part in parts if part["id"]}
    free = (number for number in range(1, 1 << 16) if number not in taken)
    for part in parts:
        part["id"] = part["id"] or next(free)
    return rows
