"""What the OpenAPI document says holds for the running API: schemathesis tries, with an operator's token and a member's.

The bot has the four plugins, in which nothing may be found, and a fifth with mistakes in it, which must be.
"""

from __future__ import annotations

import pytest

from ..house import OPERATOR
from .gate import APART, LAST, LIMIT_S, Gate, check_clean, for_members, for_operators

pytestmark = pytest.mark.timeout(2 * LIMIT_S + 60)

MISTAKES = {
    ("ObjectLevelAuthorizationViolation", "GET /api/v1/ledger/{guild_id}"),
    ("ServerError", "GET /api/v1/ledger/totals/all"),
    ("JsonSchemaError", "GET /api/v1/ledger/totals/worded"),
}


async def test_a_member_meets_what_the_document_says(house, document, members, tmp_path):
    report = await Gate(tmp_path, house.url).run(for_members(document), members, without=APART)
    check_clean(report, least=700)


async def test_an_operator_meets_what_the_document_says(house, document, known, tmp_path):
    gate, told = Gate(tmp_path, house.url), for_operators(document, **known, conditions=False)
    check_clean(await gate.run(told, {"operator": OPERATOR}, without=APART), least=700)
    last = await gate.run(told, {"operator": OPERATOR}, only=LAST)
    check_clean(last, least=50)
    assert last.operations == 4


async def test_a_leak_between_servers_a_crash_and_a_wrong_answer_are_caught(house, document, members, tmp_path):
    report = await Gate(tmp_path, house.url).run(for_members(document), members, only=r"^(host\.guilds|ledger\..*)$")
    found = {(kind, name) for kind, name in report.findings if name != "Stateful tests"}
    assert found == MISTAKES, report.said[-6000:]
