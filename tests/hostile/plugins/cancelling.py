"""It cancels its own task in a command.

When: use
Seen: say:Something broke; it is recorded as
Use: cancelling
"""

import asyncio

from chandelier import Context, Plugin

plugin = Plugin("cancelling", summary="Hostile.")


@plugin.command()
async def cancelling(ctx: Context) -> str:
    """Do it."""
    asyncio.current_task().cancel()
    await asyncio.sleep(1)
    return "x"
