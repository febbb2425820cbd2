"""It raises while an option completes itself.

When: use
Seen: suggestions of unsuggestive what .*OSError
Use: ~unsuggestive
"""

from typing import Annotated

from chandelier import Context, Plugin, Suggest


async def guess(ctx, typed):
    raise OSError("no idea")


plugin = Plugin("unsuggestive", summary="Hostile.")


@plugin.command()
async def unsuggestive(ctx: Context, what: Annotated[str, Suggest(guess)]) -> str:
    """Do it.

    Args:
        what: What.
    """
    return what
