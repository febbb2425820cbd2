"""What the OpenAPI document says holds for the running API: schemathesis tries, with an operator's token and a member's.

The bot has the four plugins, in which nothing may be found, and a fifth with mistakes in it, which must be.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from ..conftest import FOUR, Shelf
from ..house import OPERATOR, House, open_house
from .gate import LAST, LIMIT_S, Gate, Report, for_members, for_operators

pytestmark = pytest.mark.timeout(2 * LIMIT_S + 60)

LEDGER = '''
"""Keeps the accounts of servers, with three mistakes in it."""
from typing import Annotated

import chandelier_api.rates
from pydantic import BaseModel, Field

from chandelier import Context, Plugin, Snowflake

# The gate asks as a stranger, and with wrong tokens, more often in a minute than the API lets anybody.
chandelier_api.rates.STRANGERS_PER_MINUTE = chandelier_api.rates.WRONG_TOKENS_PER_MINUTE = 1_000_000


class Account(BaseModel):
    guild_id: Snowflake
    owner: str
    balance: int


class Total(BaseModel):
    total: int


plugin = Plugin("ledger", summary="Keeps the accounts of servers.")


@plugin.command(http="GET /{guild_id}")
async def account(ctx: Context, guild_id: Snowflake) -> Account:
    """Give the account of a server: of any, to anybody.

    Args:
        guild_id: The server.
    """
    return Account(guild_id=guild_id, owner=f"the owner of {guild_id}", balance=int(guild_id) % 1000)


@plugin.command(http="GET /totals/all")
async def total(ctx: Context, limit: Annotated[int, Field(ge=0, le=100)] = 50) -> Total:
    """Add up; it breaks at the largest number.

    Args:
        limit: How many.
    """
    if limit == 100:
        raise ZeroDivisionError
    return Total(total=limit)


@plugin.command(http="GET /totals/worded")
async def worded(ctx: Context) -> Total:
    """Add up, and answer in another shape than it says."""
    return Total.model_construct(total="many")
'''
MISTAKES = {
    ("ObjectLevelAuthorizationViolation", "GET /api/v1/ledger/{guild_id}"),
    ("ServerError", "GET /api/v1/ledger/totals/all"),
    ("JsonSchemaError", "GET /api/v1/ledger/totals/worded"),
}
#: Tried apart: what takes the gate's ground away, streams, which have no end, and the plugin with the mistakes.
APART = rf"{LAST}|^host\.events$|^ledger\."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(chandelier_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("gate")
    shelf = Shelf(folder / "shelf")
    shelf.folder.mkdir()
    shelf.add("ledger", LEDGER)
    listed = folder / "five.toml"
    listed.write_text("".join(f"[plugins.{name}]\n" for name in (*FOUR, "ledger")))
    more = {"CHANDELIER_PLUGINS": str(listed), "PYTHONPATH": str(shelf.folder), "CHANDELIER_API_RATE": "1000000"}
    async with open_house(chandelier_database, folder, **more) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def document(house: House) -> Any:
    return (await house.ask("GET", "/api/v1/openapi.json"))[1]


async def person(house: House, name: str, guild: Any) -> tuple[str, str]:
    """Make somebody who may manage one server, and no other; give the id and a token."""
    member = house.discord.member(name, guild=guild, permissions=("MANAGE_GUILD",))
    wish = {"name": name, "scopes": ["*:admin"], "user_id": str(member.id)}
    return str(member.id), (await house.ask("POST", "/api/v1/tokens", body=wish))[1]["token"]


def check_clean(report: Report, *, least: int) -> None:
    """Nothing may be found; and a gate that tries little would find little."""
    assert not report.findings, f"{sorted(report.findings)}\n\n{report.about({name for _, name in report.findings})}"
    assert report.cases > least, report.said[-2000:]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def members(house: House) -> dict[str, str]:
    """Give the tokens of two people who share no server."""
    return {"dora": (await person(house, "dora", house.one))[1], "emil": (await person(house, "emil", house.two))[1]}


async def test_a_member_meets_what_the_document_says(house, document, members, tmp_path):
    report = await Gate(tmp_path, house.url).run(for_members(document), members, without=APART)
    check_clean(report, least=700)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def known(house: House) -> dict[str, Any]:
    """Give the people and servers that an operator's requests are about."""
    return {"users": [(await person(house, "frank", house.one))[0]], "guilds": [str(house.one.id), str(house.two.id)]}


async def test_an_operator_meets_what_the_document_says(house, document, known, tmp_path):
    gate, told = Gate(tmp_path, house.url), for_operators(document, **known, conditions=False)
    check_clean(await gate.run(told, {"operator": OPERATOR}, without=APART), least=700)
    last = await gate.run(told, {"operator": OPERATOR}, only=LAST)
    check_clean(last, least=50)
    assert last.operations == 4


async def test_requests_with_conditions_and_keys_meet_what_the_document_says(house, document, known, tmp_path):
    told = for_operators(document, **known, conditions=True)
    taken_or_not = ("--phases", "coverage", "--exclude-checks", "positive_data_acceptance,negative_data_rejection")
    report = await Gate(tmp_path, house.url).run(told, {"operator": OPERATOR}, without=APART, more=taken_or_not)
    check_clean(report, least=300)


async def test_a_leak_between_servers_a_crash_and_a_wrong_answer_are_caught(house, document, members, tmp_path):
    report = await Gate(tmp_path, house.url).run(for_members(document), members, only=r"^(host\.guilds|ledger\..*)$")
    found = {(kind, name) for kind, name in report.findings if name != "Stateful tests"}
    assert found == MISTAKES, report.said[-6000:]
