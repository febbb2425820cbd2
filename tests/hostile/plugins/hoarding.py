"""It closes everybody's connections to the database.

When: use
Seen: say:closed|Something broke
Use: hoarding
"""

from chandelier import Context, Plugin

plugin = Plugin("hoarding", summary="Hostile.")


@plugin.command()
async def hoarding(ctx: Context) -> str:
    """Do it."""
    from tortoise import connections

    await connections.close_all()
    return "closed"
