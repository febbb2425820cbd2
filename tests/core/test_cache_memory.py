"""One cache in one process: what is kept, and what must not be."""

from __future__ import annotations

import pytest

from chandelier_core.caching.memory import MISSING, Memory


def memory(most: int = 3, ttl_s: float = 60) -> Memory:
    return Memory(most, ttl_s, shared=False)


def test_a_value_that_was_loaded_before_its_key_was_dropped_is_not_kept():
    kept = memory()
    stamp = kept.stamp()
    kept.drop("a")
    kept.put("a", "old", stamp)
    assert kept.get("a") is MISSING
    kept.put("a", "new", kept.stamp())
    assert kept.get("a") == "new"


def test_a_drop_of_one_key_leaves_loads_of_others_be():
    kept = memory()
    stamp = kept.stamp()
    kept.drop("a")
    kept.put("b", 1, stamp)
    assert kept.get("b") == 1


def test_nothing_that_was_loaded_before_everything_was_forgotten_is_kept():
    kept = memory()
    kept.put("a", 1, kept.stamp())
    stamp = kept.stamp()
    kept.clear()
    kept.put("b", 2, stamp)
    assert (kept.get("a"), kept.get("b")) == (MISSING, MISSING)


def test_a_key_that_is_being_changed_is_not_kept_until_the_change_is_over():
    kept = memory()
    kept.hold("a")
    kept.put("a", "in between", kept.stamp())
    assert kept.is_held("a")
    assert kept.get("a") is MISSING
    kept.drop("a")
    assert not kept.is_held("a")


def test_the_least_recently_used_goes_first():
    kept = memory(most=2)
    for key in ("a", "b"):
        kept.put(key, key, kept.stamp())
    kept.get("a")
    kept.put("c", "c", kept.stamp())
    assert [kept.get(key) for key in ("a", "b", "c")] == ["a", MISSING, "c"]


def test_a_load_that_is_older_than_the_drops_that_are_remembered_is_not_kept():
    kept = memory(most=2)
    stamp = kept.stamp()
    for key in ("a", "b", "c"):
        kept.drop(key)
    kept.put("a", "old", stamp)
    kept.put("z", "perhaps old", stamp)
    assert (kept.get("a"), kept.get("z")) == (MISSING, MISSING)


def test_a_value_is_given_for_its_time_alone(monkeypatch: pytest.MonkeyPatch):
    now = 100.0
    monkeypatch.setattr("chandelier_core.caching.memory.time.monotonic", lambda: now)
    kept = memory(ttl_s=5)
    kept.put("a", 1, kept.stamp())
    now = 104.9
    assert kept.get("a") == 1
    now = 105.0
    assert kept.get("a") is MISSING
