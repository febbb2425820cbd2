"""Whom a command answers, where, and how often: what ``run`` asks before it says anything, and what ``why`` tells."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from chandelier import Actor, Call, NotAllowed, Permission, TooSoon, UserError
from chandelier_custom.spec import Rule, Spec


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that was asked. ``refusal`` is None where it was fine; ``sentence`` tells either way."""

    sentence: str
    refusal: UserError | None = None


def judge(spec: Spec, call: Call) -> Iterator[Verdict]:
    """Ask everything that needs no database, in order."""
    actor = call.actor
    if not spec.enabled:
        yield _no(f"`{spec.name}` is switched off; a manager switches it on with `/custom enable`.", "disabled", 409)
    else:
        yield Verdict(f"`{spec.name}` is switched on.")
    if actor.operator or actor.id is None:
        yield Verdict(
            "The operator may use everything." if actor.operator else "Nobody has asked: rules are for people."
        )
        return
    yield _judge_denied(spec.deny, actor, call.channel_id)
    yield _judge_channel(spec.allow, call.channel_id)
    yield _judge_person(spec.allow, actor)
    if spec.allow.permission is not None:
        yield _judge_permission(Permission[spec.allow.permission.upper()], actor)


def must_be_allowed(spec: Spec, call: Call) -> None:
    """Raise the first refusal."""
    for verdict in judge(spec, call):
        if verdict.refusal is not None:
            raise verdict.refusal


def _judge_denied(deny: Rule, actor: Actor, channel_id: int | None) -> Verdict:
    if actor.id in deny.users or set(actor.role_ids) & set(deny.roles):
        return _no("You, or one of your roles, may not use it.")
    if channel_id in deny.channels:
        return _no("It is not to be used in this channel.")
    return Verdict("No rule denies it to you, or here.")


def _judge_channel(allow: Rule, channel_id: int | None) -> Verdict:
    if allow.channels and channel_id not in allow.channels:
        places = ", ".join(f"<#{channel}>" for channel in allow.channels)
        return _no(f"It works in these channels only: {places}.")
    return Verdict("It may be used in this channel.")


def _judge_person(allow: Rule, actor: Actor) -> Verdict:
    if (allow.roles or allow.users) and actor.id not in allow.users and not set(actor.role_ids) & set(allow.roles):
        return _no("It is for some members and roles only, and you are none of them.")
    return Verdict("You are one of those who may use it.")


def _judge_permission(wanted: Permission, actor: Actor) -> Verdict:
    if not actor.may(wanted):
        return _no(f"It needs the permission {wanted.words}.")
    return Verdict(f"You have the permission {wanted.words}.")


def _no(sentence: str, code: str | None = None, status: int = 403) -> Verdict:
    refusal = NotAllowed(sentence) if code is None else UserError(code, sentence, status=status)
    return Verdict(sentence, refusal)


class Budget:
    """How much a server may have worked out in a minute, in this process."""

    def __init__(self) -> None:
        self._windows: dict[int, tuple[float, int]] = {}

    def spend(self, guild_id: int, most: int) -> None:
        """Count one use. Raises TooSoon once there are too many."""
        now = time.monotonic()
        began, count = self._windows.get(guild_id, (now, 0))
        if now - began >= 60:
            began, count = now, 0
        if count >= most:
            wait_s = 60 - (now - began)
            sentence = f"This server has used its {most} custom commands of this minute; try again in {max(1, round(wait_s))} s."
            raise TooSoon(sentence, retry_after_s=wait_s)
        self._windows[guild_id] = (began, count + 1)
        if len(self._windows) > 10_000:
            self._windows = {key: window for key, window in self._windows.items() if now - window[0] < 60}
