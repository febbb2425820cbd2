"""Scopes of a token: ``custom:read``, ``reminders:write``, ``host:admin``, ``*:read``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from chandelier import BadOption

LEVELS = ("read", "write", "admin")
#: What stands for every plugin, and what for the bot's own routes.
EVERY, HOST = "*", "host"
_SCOPE = re.compile(r"(\*|[a-z][a-z0-9_]{1,30}):(read|write|admin)")
MOST = 50


def check_scopes(words: Sequence[str], plugins: Iterable[str]) -> tuple[str, ...]:
    """Give the scopes in order, each once. Raises BadOption for one that is none, or that names no plugin here."""
    known = {EVERY, HOST, *plugins}
    if not words:
        raise BadOption("A token needs at least one scope, such as `*:read`.", option="scopes")
    if len(words) > MOST:
        raise BadOption(f"A token has at most {MOST} scopes, not {len(words)}.", option="scopes")
    for word in words:
        found = _SCOPE.fullmatch(word)
        if found is None:
            raise BadOption(
                f"`{word[:60]}` is no scope; write a plugin, a colon and read, write or admin, such as `custom:read`.",
                option="scopes",
            )
        if found[1] not in known:
            raise BadOption(f"`{word}` names no plugin that is here.", option="scopes")
    return tuple(sorted(set(words)))


def covers(scopes: Iterable[str], plugin: str, level: str) -> bool:
    """Say whether scopes allow what one plugin's routes of a level do; write holds read, admin holds both."""
    for scope in scopes:
        owner, _, held = scope.partition(":")
        if owner in (EVERY, plugin) and LEVELS.index(held) >= LEVELS.index(level):
            return True
    return False
