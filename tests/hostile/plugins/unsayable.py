"""It has an option that no surface can express.

When: start
Seen: unsayable, option what|what:
"""

from chandelier import Context, Plugin

plugin = Plugin("unsayable", summary="Hostile.")


@plugin.command()
async def unsayable(ctx: Context, what: object) -> str:
    """Do it.

    Args:
        what: What.
    """
    return "x"
