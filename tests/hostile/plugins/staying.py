"""It has a command that never ends.

When: use
Seen: nothing: the command is deferred, and ended after 14 minutes
Use: &staying
"""

import asyncio

from chandelier import Context, Plugin

plugin = Plugin("staying", summary="Hostile.")


@plugin.command()
async def staying(ctx: Context) -> str:
    """Do it."""
    await asyncio.sleep(100_000)
    return "never"
