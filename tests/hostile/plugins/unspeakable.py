"""It answers with something whose text raises.

When: use
Seen: say:Something broke; it is recorded as
Use: unspeakable
"""

from chandelier import Context, Plugin


class Mute:
    def __str__(self):
        raise ValueError("mute")


plugin = Plugin("unspeakable", summary="Hostile.")


@plugin.command()
async def unspeakable(ctx: Context) -> str:
    """Do it."""
    return Mute()
