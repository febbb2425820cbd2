r"""It raises when it starts.

When: start
Seen: It could not start \(ValueError\); recorded as
"""

from contextlib import asynccontextmanager

from chandelier import Plugin


@asynccontextmanager
async def life(ctx):
    raise ValueError("no key")
    yield


plugin = Plugin("stillborn", summary="Hostile.", lifespan=life)
