"""It spawns a task that raises.

When: use
Seen: task fall .*OSError
Use: spawning
"""

from chandelier import Context, Plugin

plugin = Plugin("spawning", summary="Hostile.")


@plugin.command()
async def spawning(ctx: Context) -> str:
    """Do it."""

    async def fall():
        raise OSError("fell")

    ctx.spawn(fall(), "fall")
    return "spawned"
