"""From a template and a scene to text, or to one sentence that says why not."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from random import Random

from liquid.exceptions import (
    LiquidError,
    LiquidSyntaxError,
    OutputStreamLimitError,
    ResourceLimitError,
    UnknownFilterError,
)
from liquid.output import LimitedStringIO

from chandelier_custom.templates.language import FILTERS, TAGS, read
from chandelier_custom.templates.limits import MOST_OUTPUT, LimitReached
from chandelier_custom.templates.objects import ROOTS, Scene, Value
from chandelier_custom.templates.saving import MOST_SAVED

LONGEST_SOURCE = 4000
_ENDRAW = re.compile(r"\{%-?\s*endraw")
#: Reading takes a time that grows with the square of what is begun and not ended.
MOST_MARKS = 300


class TemplateFailed(Exception):
    """A template cannot be read, or not worked out. ``sentence`` is for whoever wrote it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(slots=True)
class Rendering:
    """One use of a command: every text of it is worked out with the same chance, time and variables."""

    scene: Scene
    rng: Random = field(default_factory=Random)
    saved: dict[tuple[str, str], Value] = field(default_factory=dict)
    _context: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._context = self.scene.as_context()

    @property
    def now(self) -> datetime:
        """Give the instant of the use."""
        return self.scene.now

    def save(self, owner: str, name: str, value: Value) -> None:
        """Remember a value; whatever is worked out from now on sees it."""
        self.saved[owner, name] = value
        if len(self.saved) > MOST_SAVED:
            raise LimitReached(f"it saves more than {MOST_SAVED} variables")
        kept = self._context["vars"]
        assert isinstance(kept, dict)  # noqa: S101 as_context has made it
        kept[owner][name] = value

    def render(self, source: str) -> str:
        """Work out one text. Raises TemplateFailed."""
        if "{" not in source:
            return source[:MOST_OUTPUT]
        try:
            if source.count("{{") + source.count("{%") > MOST_MARKS:
                raise LimitReached(f"it has more than {MOST_MARKS} tags")
            template = read(source)
            context = template.context_class(template, globals=self._context)
            context.tag_namespace["chandelier"] = self
            buffer = LimitedStringIO(limit=MOST_OUTPUT * 4)
            template.render_with_context(context, buffer)
            said = buffer.getvalue()
        except Exception as error:  # Liquid lets through what Python raises for odd values
            raise TemplateFailed(_sentence(error, source)) from None
        if len(said) > MOST_OUTPUT:
            raise TemplateFailed(f"The template was stopped: it says more than {MOST_OUTPUT} characters.")
        return said.replace("\0", "")


def check(source: str) -> str | None:
    """Say what is wrong with a template, in one sentence; None for one that can be read and names only what there is."""
    if len(source) > LONGEST_SOURCE:
        return f"A template has at most {LONGEST_SOURCE} characters; this one has {len(source)}."
    if "{" not in source:
        return None
    if source.count("{{") + source.count("{%") > MOST_MARKS:
        return f"A template has at most {MOST_MARKS} tags."
    try:
        found = read(source).analyze(include_partials=False)
    except Exception as error:
        return _sentence(error, source)
    for name in found.filters:
        if name not in FILTERS:
            return f"There is no filter `{name[:40]}`. {_near(name, FILTERS)}"
    for name in found.globals:
        if name not in ROOTS:
            return f"There is no object `{name[:40]}`. {_near(name, sorted(ROOTS))}"
    return None


def literal(text: str) -> str:
    """Write a text so that it says itself."""
    if "{{" not in text and "{%" not in text:
        return text
    if _ENDRAW.search(text):
        return text.replace("{", "{{ '{' }}")
    return f"{{% raw %}}{text}{{% endraw %}}"


def _near(name: str, known: tuple[str, ...] | list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(f'`{one}`' for one in known)}."


def _sentence(error: Exception, source: str) -> str:
    if isinstance(error, LimitReached):
        return f"The template was stopped: {error.args[0]}."
    if isinstance(error, RecursionError | MemoryError):
        return "The template was stopped: it is nested too deeply."
    if not isinstance(error, LiquidError):
        return "The template cannot be worked out with these values."
    said = " ".join(str(error.args[0] if error.args else "it is not Liquid").split())[:160]
    if isinstance(error, UnknownFilterError):
        name = said.partition("'")[2].partition("'")[0]
        return f"There is no filter `{name[:40]}`. {_near(name, FILTERS)}"
    if said.startswith("unexpected tag '") or "unknown tag" in said:
        name = said.partition("'")[2].partition("'")[0]
        return f"There is no tag `{name[:40]}` here. {_near(name, TAGS)}"
    if isinstance(error, OutputStreamLimitError):
        return f"The template was stopped: it says more than {MOST_OUTPUT} characters."
    if isinstance(error, ResourceLimitError):
        return f"The template was stopped: {said}."
    return f"The template {_place(error, source)}: {said}."


def _place(error: LiquidError, source: str) -> str:
    token, what = error.token, "cannot be read" if isinstance(error, LiquidSyntaxError) else "cannot be worked out"
    if token is None or token.start_index < 0:
        return what
    return f"{what} in line {source.count(chr(10), 0, token.start_index) + 1}"
