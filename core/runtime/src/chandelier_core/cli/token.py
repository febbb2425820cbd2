"""``chandelier token``: tokens of the API, made and revoked by whoever runs the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.metadata import entry_points
from typing import TypeVar

import click

from chandelier import ChandelierError, UserError
from chandelier.types import parse_duration
from chandelier_core.cli.ending import FAILED, MISTOLD, give_up
from chandelier_core.settings import SettingsError, settings_without_token

T = TypeVar("T")


@click.group()
def token() -> None:
    """Make, list and revoke tokens of the API."""


@token.command()
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="Such as custom:read or *:admin; may be repeated."
)
@click.option(
    "--user", "user_id", type=int, help="The Discord user that it acts as; the operator where it is left out."
)
@click.option(
    "--guild", "guild_ids", multiple=True, type=int, help="A server that it is for; every server without any."
)
@click.option("--expires-in", help="How long it lasts, such as 30d; without an end where it is left out.")
def create(
    name: str, scopes: tuple[str, ...], user_id: int | None, guild_ids: tuple[int, ...], expires_in: str | None
) -> None:
    """Make a token, and show it this once."""
    from chandelier_core.access.callers import TokenWish
    from chandelier_core.access.scopes import check_scopes
    from chandelier_core.access.tokens import Tokens
    from chandelier_core.loading.discovery import GROUP

    try:
        lasts: timedelta | None = None if expires_in is None else parse_duration(expires_in)
    except ValueError as error:
        give_up([f"--expires-in is {error}."], MISTOLD)

    async def work(tokens: Tokens) -> str:
        checked = check_scopes(scopes, {point.name for point in entry_points(group=GROUP)})
        wish = TokenWish(name, user_id, checked, guild_ids or None, lasts)
        return (await tokens.create(wish, by="the command line"))[1]

    click.echo(_with_tokens(work))


@token.command("list")
def list_() -> None:
    """Show every token, without its secret."""
    from chandelier_core.access.callers import ApiToken
    from chandelier_core.access.tokens import Tokens

    async def work(tokens: Tokens) -> list[tuple[ApiToken, str]]:
        found = await tokens.of(None, everybodys=True)
        return [(one, tokens.why_refused(one) or "It is in use.") for one in found]

    for one, sentence in _with_tokens(work):
        whose = "operator" if one.user_id is None else str(one.user_id)
        used = "never" if one.last_used_at is None else f"{one.last_used_at:%Y-%m-%d %H:%M}"
        click.echo(f"{one.id}  {one.name}  {whose}  {' '.join(one.scopes)}  used {used}  {sentence}")


@token.command()
@click.argument("token_id")
def revoke(token_id: str) -> None:
    """Revoke a token, by its id."""
    from chandelier_core.access.tokens import Tokens

    async def work(tokens: Tokens) -> None:
        await tokens.revoke(token_id, None, everybodys=True)

    _with_tokens(work)
    click.echo(f"{token_id} is revoked.")


def _with_tokens(work: Callable[..., Awaitable[T]]) -> T:
    from chandelier_core.access.tokens import Tokens
    from chandelier_core.clock import Clock
    from chandelier_core.store.access import AccessRows
    from chandelier_core.store.opening import open_store

    async def run() -> T:
        settings = settings_without_token()
        async with open_store(settings.database_url, settings.data_folder) as store:
            return await work(Tokens(AccessRows(store), Clock().now))

    try:
        return asyncio.run(run())
    except SettingsError as error:
        give_up(error.sentences, MISTOLD)
    except UserError as error:
        give_up([error.sentence], MISTOLD)
    except ChandelierError as error:
        give_up([str(error)], FAILED)


commands = [token]
