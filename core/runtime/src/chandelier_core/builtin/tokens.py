"""``/token``: a person's own tokens of the API, told to them alone."""
# No deferred annotations here: those of the commands name the suggestions that are made beside them.

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from chandelier import Choice, Context, Duration, Plugin, Suggest, Surface
from chandelier_core.access.callers import TokenWish

if TYPE_CHECKING:
    from chandelier_core.access.callers import Access

AccessInUse = Callable[[], "Access"]
MOST_SHOWN = 25


def add_tokens(plugin: Plugin, access_in_use: AccessInUse) -> None:
    """Add the group ``/token``. It is not typed: a secret does not belong into a channel."""
    token = plugin.group("token", "Your tokens for this bot's API")

    async def mine(ctx: Context, typed: str) -> list[Choice]:
        held = await access_in_use().tokens(ctx.user_id, everybodys=False)
        used = [one for one in held if one.revoked_at is None and typed.casefold() in one.name.casefold()]
        return [Choice(one.name, one.id) for one in used[:MOST_SHOWN]]

    @token.command(surfaces={Surface.SLASH}, ephemeral=True)
    async def create(ctx: Context, name: str, scopes: str = "*:read", expires_in: Duration | None = None) -> str:
        """Make a token that acts as you, shown this once.

        Args:
            name: What it is for.
            scopes: What it may do, such as "custom:write reminders:read".
            expires_in: How long it lasts, such as 30d.
        """
        guild_ids = None if ctx.guild_id is None else [ctx.guild_id]
        wish = TokenWish(name, ctx.user_id, scopes.replace(",", " ").split(), guild_ids, expires_in)
        kept, text = await access_in_use().create_token(wish, by=ctx.actor.name)
        place = "in this server" if guild_ids else "in every server that you and I share"
        return f"`{text}`\nKeep it like a password; I cannot show it again. It acts as you {place}: {', '.join(kept.scopes)}."

    @token.command(name="list", surfaces={Surface.SLASH}, ephemeral=True)
    async def list_(ctx: Context) -> str:
        """Show your tokens, without their secrets."""
        held = [one for one in await access_in_use().tokens(ctx.user_id, everybodys=False) if one.revoked_at is None]
        lines = [f"`{one.id}` **{one.name}** {', '.join(one.scopes)}" for one in held[:MOST_SHOWN]]
        return "\n".join(lines) or "You have no tokens. `/token create` makes one."

    @token.command(surfaces={Surface.SLASH}, ephemeral=True)
    async def revoke(ctx: Context, token: Annotated[str, Suggest(mine)]) -> str:
        """Revoke one of your tokens.

        Args:
            token: Which one.
        """
        await access_in_use().revoke_token(token, ctx.user_id, everybodys=False)
        return "It is revoked, and opens nothing any more."
