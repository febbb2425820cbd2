"""How often one actor may call one command."""

from datetime import UTC, datetime, timedelta

import pytest

from chandelier import Actor, Call, Context, Cooldown, Surface
from chandelier.commands import build_command
from chandelier_core import cooldowns
from chandelier_core.cooldowns import Cooldowns


async def light(ctx: Context) -> None:
    """Light."""


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return datetime.fromtimestamp(self.now, UTC)


@pytest.fixture
def clock():
    return Clock()


def limited(uses=2, every_s=10.0, name="light"):
    return build_command(light, {"name": name, "cooldown": Cooldown(uses, timedelta(seconds=every_s))})


def call(user_id=1, plugin="lamp"):
    return Call(
        reference="7F3K", surface=Surface.TEXT, plugin=plugin, command="light", actor=Actor(id=user_id, name="x"),
        arguments={}, received_at=datetime(2026, 6, 10, tzinfo=UTC),
    )  # fmt: skip


def test_a_command_without_a_cooldown_is_never_limited(clock):
    counted = Cooldowns(clock)
    assert {counted.spend(build_command(light, {}), call()) for _ in range(100)} == {0.0}


def test_one_call_too_many_waits_until_the_oldest_is_forgotten(clock):
    counted = Cooldowns(clock)
    told = []
    for at_s in (0, 4, 5, 9.5, 10, 10, 14, 14):
        clock.now = 1000.0 + at_s
        told.append(counted.spend(limited(), call()))
    assert told == [0, 0, 5, 0.5, 0, 4, 0, 6]


def test_a_refused_call_does_not_lengthen_the_wait(clock):
    counted = Cooldowns(clock)
    counted.spend(limited(uses=1), call())
    for second in range(1, 10):
        clock.now = 1000.0 + second
        assert counted.spend(limited(uses=1), call()) == 10 - second
    clock.now = 1010.0
    assert counted.spend(limited(uses=1), call()) == 0


@pytest.mark.parametrize(
    ("command", "other"),
    [(limited(uses=1), call(user_id=2)), (limited(uses=1, name="dim"), call()), (limited(uses=1), call(plugin="torch")),
     (limited(uses=1), call(user_id=None))],
)  # fmt: skip
def test_actors_commands_and_plugins_are_counted_apart(clock, command, other):
    counted = Cooldowns(clock)
    counted.spend(limited(uses=1), call())
    assert counted.spend(limited(uses=1), call()) > 0
    assert counted.spend(command, other) == 0


def test_the_oldest_windows_are_forgotten_so_that_memory_is_bounded(clock, monkeypatch):
    monkeypatch.setattr(cooldowns, "MOST_KEYS", 3)
    counted = Cooldowns(clock)
    for user_id in (1, 2, 3):
        counted.spend(limited(uses=1), call(user_id))
    counted.spend(limited(uses=1), call(1))  # used again, so no longer the oldest
    counted.spend(limited(uses=1), call(4))
    assert counted.spend(limited(uses=1), call(1)) > 0
    assert counted.spend(limited(uses=1), call(2)) == 0
