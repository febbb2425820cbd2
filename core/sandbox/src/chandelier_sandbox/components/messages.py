"""The components of a message: five rows, or with IS_COMPONENTS_V2 everything that Discord can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chandelier_sandbox.components.buttons import check_button
from chandelier_sandbox.components.kinds import SELECTS, Kind
from chandelier_sandbox.components.selects import check_select
from chandelier_sandbox.components.walk import Path, Rule, Walk
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject

ROWS_MOST = 5
COMPONENTS_MOST = 40
TEXT_MOST = 4000
ROW_WIDTH = 5
_TEXTS_MOST = 3
_V1 = frozenset({Kind.ACTION_ROW})
_IN_ROW = frozenset({Kind.BUTTON, *SELECTS})
_IN_CONTAINER = frozenset(
    {Kind.ACTION_ROW, Kind.SECTION, Kind.TEXT_DISPLAY, Kind.MEDIA_GALLERY, Kind.FILE, Kind.SEPARATOR}
)
_V2 = _IN_CONTAINER | {Kind.CONTAINER}


def check_components(components: list[Any], path: Path, errors: FormErrors, *, v2: bool) -> None:
    """Note every error of a message's components. v2: the message has the flag IS_COMPONENTS_V2."""
    if not components:
        return
    walk = Walk(errors, _RULES)
    if not v2 and len(components) > ROWS_MOST:
        errors.too_long(path, ROWS_MOST)
    for place, component in enumerate(components):
        walk.look(component, (*path, place), _V2 if v2 else _V1)
    if v2 and walk.count > COMPONENTS_MOST:
        sentence = f"The total number of components exceeds the maximum of {COMPONENTS_MOST}"
        errors.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", sentence)
    if walk.text > TEXT_MOST:
        sentence = f"Components displayable text size exceeds maximum size of {TEXT_MOST}"
        errors.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", sentence)


def _check_row(walk: Walk, row: JsonObject, path: Path) -> None:
    width = 0
    for place, one in enumerate(walk.look_at_all(row.get("components"), (*path, "components"), _IN_ROW, ROW_WIDTH)):
        kind = one.get("type") if isinstance(one, dict) else None
        width += ROW_WIDTH if kind in SELECTS else 1
        if width > ROW_WIDTH:
            sentence = "The specified component exceeds the maximum width"
            walk.errors.add((*path, "components", place), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", sentence)


def _check_section(walk: Walk, section: JsonObject, path: Path) -> None:
    walk.look_at_all(section.get("components"), (*path, "components"), {Kind.TEXT_DISPLAY}, _TEXTS_MOST)
    if section.get("accessory") is not None:
        walk.look(section["accessory"], (*path, "accessory"), {Kind.BUTTON, Kind.THUMBNAIL})


def _check_container(walk: Walk, container: JsonObject, path: Path) -> None:
    walk.look_at_all(container.get("components"), (*path, "components"), _IN_CONTAINER, COMPONENTS_MOST)


def _count_text(walk: Walk, display: JsonObject, path: Path) -> None:
    walk.text += len(str(display.get("content") or ""))


_RULES: Mapping[int, Rule] = {
    Kind.ACTION_ROW: _check_row,
    Kind.BUTTON: check_button,
    Kind.SECTION: _check_section,
    Kind.CONTAINER: _check_container,
    Kind.TEXT_DISPLAY: _count_text,
    **dict.fromkeys(SELECTS, check_select),
}
