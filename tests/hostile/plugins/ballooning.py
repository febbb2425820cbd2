"""It takes 320 MB and keeps them.

When: use
Seen: memory_grew .*ballooning
Use: ballooning
"""

import asyncio

from chandelier import Context, Plugin

plugin = Plugin("ballooning", summary="Hostile.")


@plugin.command()
async def ballooning(ctx: Context) -> str:
    """Do it."""
    ctx.spawn.__self__.hoard = bytearray(b"x") * 320_000_000
    await asyncio.sleep(0.1)
    return "full"
