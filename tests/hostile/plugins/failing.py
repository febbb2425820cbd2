"""It fails every time: after ten times it is out of use.

When: use
Seen: say:out of use after 10 failures
Use: failing (times 11)
"""

from chandelier import Context, Plugin

plugin = Plugin("failing", summary="Hostile.")


@plugin.command()
async def failing(ctx: Context) -> str:
    """Do it."""
    raise RuntimeError("again")
