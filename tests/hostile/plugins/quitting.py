"""It ends the program in a command.

When: use
Seen: say:Something broke; it is recorded as
Use: quitting
"""

import sys

from chandelier import Context, Plugin

plugin = Plugin("quitting", summary="Hostile.")


@plugin.command()
async def quitting(ctx: Context) -> str:
    """Do it."""
    sys.exit(1)
