"""It has a job that cancels itself.

When: use
Seen: job shirk .*CancelledError
"""

import asyncio
from datetime import timedelta

from chandelier import JobContext, Plugin, job


@job(every=timedelta(seconds=1))
async def shirk(ctx: JobContext) -> None:
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


plugin = Plugin("shirking", summary="Hostile.", jobs=[shirk])
