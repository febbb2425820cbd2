"""It raises a BaseException of its own in a command.

When: use
Seen: say:Something broke; it is recorded as
Use: doomed
"""

from chandelier import Context, Plugin

plugin = Plugin("doomed", summary="Hostile.")


@plugin.command()
async def doomed(ctx: Context) -> str:
    """Do it."""

    class Doom(BaseException):
        pass

    raise Doom
