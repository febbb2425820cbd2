r"""It ends the program when it starts.

When: start
Seen: It could not start \(SystemExit\); recorded as
"""

from contextlib import asynccontextmanager

from chandelier import Plugin


@asynccontextmanager
async def life(ctx):
    raise SystemExit(5)
    yield


plugin = Plugin("leaving", summary="Hostile.", lifespan=life)
