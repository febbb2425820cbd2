"""One look over a tree of components: what every component must satisfy, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from chandelier_sandbox.components.kinds import SHAPES
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.shapes import check_shape

Path = tuple[str | int, ...]
Rule = Callable[["Walk", JsonObject, Path], None]


@dataclass(slots=True)
class Walk:
    """What was seen so far. rules: what a kind must satisfy besides its shape."""

    errors: FormErrors
    rules: Mapping[int, Rule]
    count: int = 0
    text: int = 0
    ids: set[int] = field(default_factory=set)
    custom_ids: set[str] = field(default_factory=set)

    def look(self, component: Any, path: Path, allowed: Collection[int]) -> None:
        """Note what is wrong with a component and what it holds; allowed: the kinds that may stand here."""
        if not isinstance(component, dict):
            self.errors.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        kind = component.get("type")
        if kind is None:
            self.errors.missing((*path, "type"))
            return
        if not isinstance(kind, int) or isinstance(kind, bool) or kind not in allowed:
            sentence = f'Value of field "type" must be one of {tuple(sorted(int(one) for one in allowed))}.'
            self.errors.add(path, "UNION_TYPE_CHOICES", sentence)
            return
        self.count += 1
        check_shape(component, SHAPES[kind], path, self.errors)
        self._must_be_unique(component, path)
        if (rule := self.rules.get(kind)) is not None:
            rule(self, component, path)

    def look_at_all(self, components: Any, path: Path, allowed: Collection[int], most: int) -> list[Any]:
        """Look at one to so many components; return them, or nothing where they are no list."""
        if components is None:
            return []
        if not isinstance(components, list):
            self.errors.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not 1 <= len(components) <= most:
            self.errors.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        for place, component in enumerate(components):
            self.look(component, (*path, place), allowed)
        return components

    def _must_be_unique(self, component: JsonObject, path: Path) -> None:
        number, name = component.get("id"), component.get("custom_id")
        if isinstance(number, int) and number:
            if number in self.ids:
                self.errors.add((*path, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
            self.ids.add(number)
        if name is not None and not isinstance(name, (dict, list)):
            if str(name) in self.custom_ids:
                sentence = "Component custom id cannot be duplicated"
                self.errors.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", sentence)
            self.custom_ids.add(str(name))
