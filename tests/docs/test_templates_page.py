"""docs/templates.md: what it lists is what there is, and its examples say what they say."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from chandelier_custom.templates.language import FILTERS, TAGS
from chandelier_custom.templates.objects import DOCUMENTED, sample
from chandelier_custom.templates.rendering import Rendering, check

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()
EXAMPLES = re.findall(
    r"^\| `(.+)` \| (?!what|the |their |its |how |when |all |what )(.+) \|$",
    PAGE.partition("## Objects")[0],
    re.MULTILINE,
)


def test_every_object_filter_and_tag_is_listed():
    for name, what in DOCUMENTED.items():
        assert f"| `{name}` | {what} |" in PAGE
    listed = set(re.findall(r"`(\w+)`", PAGE.partition("## Filters")[2].partition("## Tags")[0]))
    assert set(FILTERS) <= listed
    assert set(TAGS) == set(re.findall(r"`(\w+)`", PAGE.partition("## Tags")[2].partition(". `save` is ours")[0]))


@pytest.mark.parametrize(("template", "said"), EXAMPLES)
def test_an_example_says_what_it_says(template: str, said: str):
    template, _, after = template.replace("\\|", "|").partition("` after `")
    assert check(template) is None
    given = after.partition(" ")[2]
    got = Rendering(sample(given), Random(1)).render(template)
    assert said.startswith("(") or got == said
