"""What Discord demands of the components of a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chandelier_sandbox.components.choices import check_choices
from chandelier_sandbox.components.kinds import SELECTS, SHAPES, Kind
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import check_shape

Path = tuple[str | int, ...]
ROWS_MOST = 5
WIDTH_MOST = 5
TOTAL_MOST = 40
TEXT_MOST = 4000
URL_MOST = 512
_LINK, _PREMIUM = 5, 6
_IN_ROW = (Kind.BUTTON, *SELECTS)
_IN_CONTAINER = (Kind.ROW, Kind.SECTION, Kind.TEXT, Kind.GALLERY, Kind.FILE, Kind.SEPARATOR)
_TOP_V2 = (*_IN_CONTAINER, Kind.CONTAINER)


def check_components(components: Any, path: Path, errors: FormErrors, *, v2: bool) -> None:
    """Note every error of a message's components under a path. v2: the message has the flag IS_COMPONENTS_V2."""
    if not components and isinstance(components, list):
        return
    Checker(errors).message(components, path, v2)


@dataclass(slots=True)
class Checker:
    """One look at a tree of components: where errors go, and what was met so far."""

    errors: FormErrors
    custom_ids: set[str] = field(default_factory=set)
    ids: set[int] = field(default_factory=set)
    total: int = 0
    text: int = 0

    def message(self, components: Any, path: Path, v2: bool) -> None:
        """Judge all of a message."""
        self.list_of(components, path, _TOP_V2 if v2 else (Kind.ROW,), TOTAL_MOST if v2 else ROWS_MOST)
        if v2 and self.total > TOTAL_MOST:
            sentence = f"The total number of components cannot exceed {TOTAL_MOST}"
            self.errors.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", sentence)
        if self.text > TEXT_MOST:
            sentence = f"Displayable component text exceeds maximum size of {TEXT_MOST}"
            self.errors.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", sentence)

    def list_of(self, components: Any, path: Path, kinds: Sequence[Kind], most: int) -> list[JsonObject]:
        """Judge a list of 1 to most components of these kinds; return those that are some."""
        if components is None:
            self.errors.missing(path)
            return []
        if not isinstance(components, list):
            self.errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not 1 <= len(components) <= most:
            self.errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        return [one for place, one in enumerate(components) if self.one(one, (*path, place), kinds)]

    def one(self, component: Any, path: Path, kinds: Sequence[Kind]) -> bool:
        """Judge a component, which must be of one of these kinds; tell whether it is."""
        if not isinstance(component, dict):
            self.errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return False
        kind = component.get("type")
        if isinstance(kind, (bool, float, str, list, dict)) or kind not in kinds:
            allowed = ", ".join(str(int(one)) for one in kinds) + ("," if len(kinds) == 1 else "")
            self.errors.add(path, "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({allowed}).')
            return False
        self.total += 1
        found = Kind(component["type"])
        check_shape(component, SHAPES[found], path, self.errors)
        self._names(component, path)
        self._inside(component, found, path)
        return True

    def _names(self, component: JsonObject, path: Path) -> None:
        custom_id, number = component.get("custom_id"), component.get("id")
        if isinstance(custom_id, str):
            if custom_id in self.custom_ids:
                sentence = "Component custom id cannot be duplicated"
                self.errors.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", sentence)
            self.custom_ids.add(custom_id)
        if isinstance(number, int) and number:
            if number in self.ids:
                self.errors.add((*path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
            self.ids.add(number)

    def _inside(self, component: JsonObject, kind: Kind, path: Path) -> None:
        match kind:
            case Kind.ROW:
                self._row(component, path)
            case Kind.BUTTON:
                _check_button(component, path, self.errors)
            case Kind.SECTION:
                self.list_of(component.get("components"), (*path, "components"), (Kind.TEXT,), 3)
                if component.get("accessory") is not None:
                    self.one(component["accessory"], (*path, "accessory"), (Kind.BUTTON, Kind.THUMBNAIL))
            case Kind.CONTAINER:
                self.list_of(component.get("components"), (*path, "components"), _IN_CONTAINER, TOTAL_MOST)
            case Kind.TEXT:
                self.text += len(str(component.get("content") or ""))
            case _:
                check_choices(component, kind, path, self.errors)

    def _row(self, row: JsonObject, path: Path) -> None:
        width = 0
        components = row.get("components")
        self.list_of(components, (*path, "components"), _IN_ROW, WIDTH_MOST)
        for place, component in enumerate(components if isinstance(components, list) else ()):
            kind = component.get("type") if isinstance(component, dict) else None
            width += 1 if kind == Kind.BUTTON else WIDTH_MOST
            if width > WIDTH_MOST:
                sentence = "The specified component exceeds the maximum width"
                self.errors.add((*path, "components", place), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", sentence)


def _check_button(button: JsonObject, path: Path, errors: FormErrors) -> None:
    """Note what a style needs, and what excludes what (Discord: Component Reference, Button Styles)."""
    style = button.get("style")
    needed = {_LINK: "url", _PREMIUM: "sku_id"}.get(style if isinstance(style, int) else 0, "custom_id")
    if button.get(needed) is None and needed == "custom_id":
        errors.add((*path, needed), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    elif button.get(needed) is None:
        errors.missing((*path, needed))
    excluded = [name for name in ("custom_id", "url", "sku_id") if name != needed and button.get(name) is not None]
    if style == _PREMIUM:
        excluded += [name for name in ("label", "emoji") if button.get(name)]
    for name in excluded:
        sentence = f"A button of this style has {needed}; it cannot have {name}."
        errors.add((*path, name), "BUTTON_COMPONENT_FIELDS_MUTUALLY_EXCLUSIVE", sentence)
    if style != _PREMIUM and not button.get("label") and not button.get("emoji"):
        errors.add(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A button must have a label or an emoji.")
    emoji = button.get("emoji")
    if isinstance(emoji, dict) and emoji.get("id") is None and str(emoji.get("name") or "✓").isascii():
        errors.add((*path, "emoji", "name"), "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    if len(str(button.get("url") or "")) > URL_MOST:
        errors.too_long((*path, "url"), URL_MOST)
