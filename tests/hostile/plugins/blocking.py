"""It blocks the event loop.

When: use
Seen: loop_blocked .*blocking
Use: blocking
"""

import time

from chandelier import Context, Plugin

plugin = Plugin("blocking", summary="Hostile.")


@plugin.command()
async def blocking(ctx: Context) -> str:
    """Do it."""
    time.sleep(1.2)
    return "done"
