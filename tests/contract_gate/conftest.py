"""A bot with the four plugins and one with mistakes in it, and the people whose tokens the gate asks with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from ..conftest import FOUR, Shelf
from ..house import House, open_house

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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def members(house: House) -> dict[str, str]:
    """Give the tokens of two people who share no server."""
    return {"dora": (await person(house, "dora", house.one))[1], "emil": (await person(house, "emil", house.two))[1]}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def known(house: House) -> dict[str, Any]:
    """Give the people and servers that an operator's requests are about."""
    return {"users": [(await person(house, "frank", house.one))[0]], "guilds": [str(house.one.id), str(house.two.id)]}
