"""It raises in a command.

When: use
Seen: say:Something broke; it is recorded as
Use: buggy
"""

from chandelier import Context, Plugin

plugin = Plugin("buggy", summary="Hostile.")


@plugin.command()
async def buggy(ctx: Context) -> str:
    """Do it."""
    raise KeyError("sauce")
