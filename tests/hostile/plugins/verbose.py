"""It answers with five million characters.

When: use
Seen: say:xxx
Use: verbose
"""

from chandelier import Context, Plugin

plugin = Plugin("verbose", summary="Hostile.")


@plugin.command()
async def verbose(ctx: Context) -> str:
    """Do it."""
    return "x" * 5_000_000
