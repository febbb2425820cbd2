"""The verdicts of a check, and the grade that they make."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Every rule by its name, with what it asks; in the order in which they are shown.
RULES = {
    "contract-range": "its distribution depends on chandelier, with an upper bound",
    "declare-is-pure": "its declaration is made twice alike, with no file, socket or process touched",
    "names-are-valid": "its names fit Discord, Postgres and URLs, and are nobody else's",
    "words-for-everything": "every command, option and setting says what it is",
    "every-surface-expressible": "every option can be said in Discord, typed, and sent as JSON",
    "config-has-defaults": "its settings build from nothing, or those that must be made say what they are",
    "no-foreign-imports": "it imports neither the host nor, but for their api, other plugins",
    "needs-are-true": "what it sends is covered by its needs, and none of them is for nothing",
    "migrations-are-current": "its models and migrations agree, and make its tables from nothing",
    "erases": "what it stores about a server or a person goes when they do",
    "clean-stop": "ten starts and stops leave no task, thread or file behind",
    "has-its-page": "its README says how to install it, its settings, commands and permissions",
}
#: What can hurt others; a plugin that fails one of these has no grade at all.
SAFE = (
    "contract-range",
    "declare-is-pure",
    "names-are-valid",
    "every-surface-expressible",
    "no-foreign-imports",
    "clean-stop",
)
#: What its users lose by, beside those.
SOUND = ("config-has-defaults", "needs-are-true", "migrations-are-current", "erases")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one plugin. why: what is wrong, or why it could not be judged. exempt: the author's reason."""

    rule: str
    passed: bool
    why: tuple[str, ...] = ()
    exempt: str = ""

    @property
    def fails(self) -> bool:
        """Say whether it counts against the plugin."""
        return not self.passed and not self.exempt


def grade_of(verdicts: Iterable[Verdict]) -> str:
    """Give gold where no rule fails, silver where it is only words, bronze where it can hurt nobody, or none."""
    failed = {verdict.rule for verdict in verdicts if verdict.fails}
    if not failed:
        return "gold"
    if failed & set(SAFE):
        return "none"
    return "bronze" if failed & set(SOUND) else "silver"
