"""The guarded REST client: every method of hikari's is judged, and a plugin may use what its needs allow."""

from __future__ import annotations

from typing import Any

import hikari
import pytest

from chandelier import Need, NeedMissing
from chandelier_core.rest_door import CLOSED, GuardedRest, rule_of

METHODS = [name for name, value in vars(hikari.api.RESTClient).items() if not name.startswith("_") and callable(value)]


class Recorded:
    """Takes every call, and remembers it."""

    token_type = "Bot"

    def __init__(self) -> None:
        self.called: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given, **named: self.called.append(name)


def door(*needs: Need) -> tuple[GuardedRest, Recorded]:
    recorded = Recorded()
    return GuardedRest(recorded, "dice", lambda: 7, lambda: needs), recorded  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_hikari_s_client_is_judged(method: str):
    assert rule_of(method) in ("free", "needed", "closed"), f"say in rest_door.py which need {method} takes"


@pytest.mark.parametrize("method", [name for name in METHODS if rule_of(name) == "needed"])
def test_without_any_need_nothing_is_sent(method: str):
    guarded, recorded = door()
    named = {"nickname": "x"} if method == "edit_member" else {}
    with pytest.raises(NeedMissing, match=f"dice used {method} without Need"):
        getattr(guarded, method)(1, 2, **named)
    assert recorded.called == []


@pytest.mark.parametrize("method", sorted(CLOSED))
def test_what_is_the_host_s_no_need_opens(method: str):
    guarded, _ = door(*Need)
    with pytest.raises(NeedMissing, match="which the host keeps to itself"):
        getattr(guarded, method)


def test_a_message_needs_one_power_and_its_files_another():
    guarded, recorded = door(Need.SEND_MESSAGES)
    guarded.create_message(1, "hello")
    with pytest.raises(NeedMissing, match=r"without Need\.ATTACH_FILES"):
        guarded.create_message(1, "hello", attachment="x.png")
    assert recorded.called == ["create_message"]


def test_what_is_changed_of_a_member_decides_what_is_needed():
    guarded, recorded = door(Need.NICKNAMES)
    guarded.edit_member(1, 2, nickname="Al")
    with pytest.raises(NeedMissing, match=r"Need\.MANAGE_ROLES and Need\.MODERATE"):
        guarded.edit_member(1, 2, nickname="Al", roles=[3], communication_disabled_until=None)
    assert recorded.called == ["edit_member"]


def test_what_reads_is_free_and_what_is_private_is_not_there():
    guarded, recorded = door()
    guarded.fetch_message(1, 2)
    assert recorded.called == ["fetch_message"]
    assert guarded.token_type == "Bot"
    with pytest.raises(AttributeError):
        _ = guarded._token
    with pytest.raises(NeedMissing):
        guarded.fetch_audit_log(1)
