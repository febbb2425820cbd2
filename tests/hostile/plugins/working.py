"""It has a job that always fails.

When: use
Seen: job toil .*OSError
"""

from datetime import timedelta

from chandelier import JobContext, Plugin, job


@job(every=timedelta(seconds=1))
async def toil(ctx: JobContext) -> None:
    raise OSError("broken tool")


plugin = Plugin("working", summary="Hostile.", jobs=[toil])
