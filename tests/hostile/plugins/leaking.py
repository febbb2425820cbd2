"""It starts tasks of its own and forgets them.

When: use
Seen: say:leaked
Use: leaking
"""

import asyncio

from chandelier import Context, Plugin

plugin = Plugin("leaking", summary="Hostile.")


@plugin.command()
async def leaking(ctx: Context) -> str:
    """Do it."""

    async def linger():
        await asyncio.sleep(3600)

    for _ in range(50):
        asyncio.get_running_loop().create_task(linger(), name="linger")
    return "leaked"
