"""The language itself: which tags and filters there are, and templates read from text."""

from __future__ import annotations

from functools import lru_cache

from liquid import BoundTemplate, Environment, Mode

from chandelier_custom.templates.filters import add_filters
from chandelier_custom.templates.limits import DEEPEST, MOST_OUTPUT, LimitedContext
from chandelier_custom.templates.saving import SaveTag

#: What reads other templates, draws tables of HTML, or holds a language within the language.
_LEFT_OUT = ("include", "render", "tablerow", "liquid", "doc")


class _Template(BoundTemplate):
    context_class = LimitedContext


class _Language(Environment):
    context_depth_limit = DEEPEST * 3
    block_nesting_limit = DEEPEST
    #: In bytes of UTF-8; ``rendering`` counts characters.
    output_stream_limit = MOST_OUTPUT * 4
    template_class = _Template


def _make() -> Environment:
    language = _Language(tolerance=Mode.STRICT, strict_filters=True, autoescape=False)
    for name in _LEFT_OUT:
        language.tags.pop(name, None)
    language.add_tag(SaveTag)
    add_filters(language)
    return language


_LANGUAGE = _make()
TAGS = tuple(sorted({*_LANGUAGE.tags, "raw"} - {"content", "illegal", "output", "#"}))
FILTERS = tuple(sorted(_LANGUAGE.filters))


@lru_cache(maxsize=512)
def read(source: str) -> BoundTemplate:
    """Read a template. Raises LiquidError, and for odd ones whatever else; ``rendering`` puts it into a sentence."""
    return _LANGUAGE.from_string(source)
