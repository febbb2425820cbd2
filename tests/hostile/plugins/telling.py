r"""It prints and logs secrets.

When: use
Seen: told .*\[secret\]
Use: telling
"""

import os

from chandelier import Context, Plugin

plugin = Plugin("telling", summary="Hostile.")


@plugin.command()
async def telling(ctx: Context) -> str:
    """Do it."""
    token = os.environ["DISCORD_TOKEN"]
    print("printed", token)
    ctx.log.info("told", what=token)
    return "told"
