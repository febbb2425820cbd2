r"""It cancels its own task when it starts.

When: start
Seen: It could not start \(CancelledError\); recorded as
"""

import asyncio
from contextlib import asynccontextmanager

from chandelier import Plugin


@asynccontextmanager
async def life(ctx):
    asyncio.current_task().cancel()
    await asyncio.sleep(0)
    yield


plugin = Plugin("suicidal", summary="Hostile.", lifespan=life)
