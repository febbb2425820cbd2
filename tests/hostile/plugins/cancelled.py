"""It raises CancelledError in a command.

When: use
Seen: say:Something broke; it is recorded as
Use: cancelled
"""

import asyncio

from chandelier import Context, Plugin

plugin = Plugin("cancelled", summary="Hostile.")


@plugin.command()
async def cancelled(ctx: Context) -> str:
    """Do it."""
    raise asyncio.CancelledError
