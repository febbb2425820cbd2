"""What Discord demands of a form (Discord: Receiving and Responding, Modal; Component Reference)."""

from __future__ import annotations

from collections.abc import Mapping

from chandelier_sandbox.components.kinds import SELECTS, Kind
from chandelier_sandbox.components.selects import bounds, check_bounds, check_options, check_select, listed
from chandelier_sandbox.components.walk import Path, Rule, Walk
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import ObjectOf, TextOf, check_shape, is_true

PARTS_MOST = 5
_FORM = ObjectOf({"title": TextOf(45, 1), "custom_id": TextOf(100, 1)}, ("title", "custom_id", "components"))
_PARTS = frozenset({Kind.ACTION_ROW, Kind.TEXT_DISPLAY, Kind.LABEL})
_IN_LABEL = frozenset(
    {Kind.TEXT_INPUT, Kind.FILE_UPLOAD, Kind.RADIO_GROUP, Kind.CHECKBOX_GROUP, Kind.CHECKBOX, *SELECTS}
)


def check_modal(data: JsonObject, path: Path, errors: FormErrors) -> None:
    """Note every error of a form under a path."""
    check_shape(data, _FORM, path, errors)
    Walk(errors, _RULES).look_at_all(data.get("components"), (*path, "components"), _PARTS, PARTS_MOST)


def _check_row(walk: Walk, row: JsonObject, path: Path) -> None:
    inputs = walk.look_at_all(row.get("components"), (*path, "components"), {Kind.TEXT_INPUT}, 1)
    for place, one in enumerate(inputs):
        if isinstance(one, dict) and one.get("label") is None:
            walk.errors.missing((*path, "components", place, "label"))


def _check_label(walk: Walk, label: JsonObject, path: Path) -> None:
    if label.get("component") is not None:
        walk.look(label["component"], (*path, "component"), _IN_LABEL)


def _check_input(walk: Walk, text_input: JsonObject, path: Path) -> None:
    least, most, value = text_input.get("min_length"), text_input.get("max_length"), text_input.get("value")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        sentence = f"int value should be less than or equal to {most}."
        walk.errors.add((*path, "min_length"), "NUMBER_TYPE_MAX", sentence)
    if isinstance(value, str) and isinstance(most, int) and 0 < most < len(value):
        walk.errors.too_long((*path, "value"), most)


def _check_menu(walk: Walk, select: JsonObject, path: Path) -> None:
    check_select(walk, select, path)
    if is_true(select.get("disabled")):
        sentence = "Components in modals cannot be disabled"
        walk.errors.add((*path, "disabled"), "COMPONENT_DISABLED_INVALID", sentence)


def _check_radio(walk: Walk, group: JsonObject, path: Path) -> None:
    check_options(group, path, walk.errors, 1)


def _check_boxes(walk: Walk, group: JsonObject, path: Path) -> None:
    check_bounds(group, path, walk.errors)
    offered = len(listed(group))
    most = bounds(group, offered)[1]
    if most > offered:
        sentence = f"int value should be less than or equal to {offered}."
        walk.errors.add((*path, "max_values"), "NUMBER_TYPE_MAX", sentence)
    check_options(group, path, walk.errors, most)


def _check_files(walk: Walk, upload: JsonObject, path: Path) -> None:
    check_bounds(upload, path, walk.errors)


_RULES: Mapping[int, Rule] = {
    Kind.ACTION_ROW: _check_row,
    Kind.LABEL: _check_label,
    Kind.TEXT_INPUT: _check_input,
    Kind.FILE_UPLOAD: _check_files,
    Kind.RADIO_GROUP: _check_radio,
    Kind.CHECKBOX_GROUP: _check_boxes,
    **dict.fromkeys(SELECTS, _check_menu),
}
