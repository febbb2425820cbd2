"""Previews and examples: what a command would say, with an invented member, without saying it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from random import Random

from chandelier_custom.arguments import read_typed
from chandelier_custom.saying import Worked, work_out
from chandelier_custom.spec import Spec
from chandelier_custom.templates.objects import sample
from chandelier_custom.templates.rendering import Rendering

#: Chance falls the same way in every preview and example: what it gives can be expected.
SEED = 1


def preview(spec: Spec, arguments: str, now: datetime | None = None) -> list[Worked]:
    """Give what a command would say. Raises TemplateFailed, and BadOption for arguments that do not fit."""
    scene = sample(arguments, now)
    scene = replace(scene, options=read_typed(spec.options, arguments))
    return work_out(spec, Rendering(scene, Random(SEED)))  # noqa: S311 nothing is kept secret by it


def try_example(spec: Spec, arguments: str) -> str:
    """Give all the words of a preview in one text."""
    return "\n".join(worked.words for worked in preview(spec, arguments))
