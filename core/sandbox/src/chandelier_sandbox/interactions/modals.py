"""What Discord demands of a form (Discord: Receiving and Responding, Modal)."""

from __future__ import annotations

from collections.abc import Sequence

from chandelier_sandbox.components.checking import Checker, Path
from chandelier_sandbox.components.kinds import CUSTOM_ID, SELECTS, Kind
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import ObjectOf, TextOf, check_shape

TOP_MOST = 5
_SHAPE = ObjectOf({"custom_id": CUSTOM_ID, "title": TextOf(45, 1)}, ("custom_id", "title"))
_TOP = (Kind.ROW, Kind.TEXT, Kind.LABEL)
_IN_LABEL = (
    Kind.STRING_SELECT,
    Kind.TEXT_INPUT,
    Kind.USER_SELECT,
    Kind.ROLE_SELECT,
    Kind.MENTIONABLE_SELECT,
    Kind.CHANNEL_SELECT,
    Kind.FILE_UPLOAD,
    Kind.RADIO_GROUP,
    Kind.CHECKBOX_GROUP,
    Kind.CHECKBOX,
)


def check_modal(data: JsonObject, path: Path, errors: FormErrors) -> None:
    """Note every error of a form under a path."""
    check_shape(data, _SHAPE, path, errors)
    checker = _FormChecker(errors)
    components = data.get("components")
    rows = checker.list_of(components, (*path, "components"), _TOP, TOP_MOST)
    if rows and all(row["type"] == Kind.TEXT for row in rows):
        errors.add((*path, "components"), "MODAL_INPUT_COMPONENT_REQUIRED", "A form has something to fill in.")


class _FormChecker(Checker):
    """Judge the parts of a form: rows with a text input, labels with anything to fill in, texts."""

    def _inside(self, component: JsonObject, kind: Kind, path: Path) -> None:
        match kind:
            case Kind.ROW:
                inputs = self.list_of(component.get("components"), (*path, "components"), (Kind.TEXT_INPUT,), 1)
                self._labels(inputs, path)
            case Kind.LABEL:
                self._label(component, path)
            case Kind.TEXT_INPUT:
                _check_lengths(component, path, self.errors)
            case _:
                super()._inside(component, kind, path)

    def _labels(self, inputs: Sequence[JsonObject], path: Path) -> None:
        for place, one in enumerate(inputs):
            if not one.get("label"):
                self.errors.missing((*path, "components", place, "label"))

    def _label(self, label: JsonObject, path: Path) -> None:
        inner, here = label.get("component"), (*path, "component")
        if inner is None or not self.one(inner, here, _IN_LABEL):
            return
        if inner["type"] == Kind.TEXT_INPUT and inner.get("label"):
            sentence = "The label above it names a text input; it cannot have one of its own."
            self.errors.add((*here, "label"), "TEXT_INPUT_COMPONENT_LABEL_IN_LABEL", sentence)
        if inner["type"] in SELECTS and inner.get("disabled"):
            self.errors.add((*here, "disabled"), "COMPONENT_DISABLED_IN_MODAL", "Nothing in a form can be disabled.")


def _check_lengths(text_input: JsonObject, path: Path, errors: FormErrors) -> None:
    least, most, value = (text_input.get(name) for name in ("min_length", "max_length", "value"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        errors.add((*path, "min_length"), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
    elif isinstance(value, str) and isinstance(most, int) and len(value) > most:
        errors.too_long((*path, "value"), most)
