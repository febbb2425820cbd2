"""The contract gate over conditions and keys, and over the operations with the widest bodies.

They are in a file of their own so that another worker of `make test` takes them.
"""

from __future__ import annotations

import pytest

from ..house import OPERATOR
from .gate import APART, LIMIT_S, WIDE, Gate, check_clean, for_operators

pytestmark = pytest.mark.timeout(2 * LIMIT_S + 60)


async def test_requests_with_conditions_and_keys_meet_what_the_document_says(house, document, known, tmp_path):
    told = for_operators(document, **known, conditions=True)
    taken_or_not = ("--phases", "coverage", "--exclude-checks", "positive_data_acceptance,negative_data_rejection")
    report = await Gate(tmp_path, house.url).run(told, {"operator": OPERATOR}, without=APART, more=taken_or_not)
    check_clean(report, least=300)


async def test_the_widest_bodies_meet_what_the_document_says_at_every_edge(house, document, known, tmp_path):
    told = for_operators(document, **known, conditions=False)
    gate = Gate(tmp_path, house.url, wide=True)
    report = await gate.run(told, {"operator": OPERATOR}, only=WIDE, more=("--phases", "coverage"))
    check_clean(report, least=700)
    assert report.operations == 2
