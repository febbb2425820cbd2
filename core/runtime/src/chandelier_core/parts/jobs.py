"""Runs durable jobs: at least once, retried, and dead after their attempts."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from chandelier import JobContext
from chandelier_core.life.circuits import Parked

if TYPE_CHECKING:
    from chandelier import Job
    from chandelier_core.registry import Entry, Registry
    from chandelier_core.running import Running
    from chandelier_core.store.records import JobRow, Records

LEASE = timedelta(seconds=60)
#: A run is ended before its lease is up, so that no second worker starts it meanwhile.
RUN_LIMIT_S = 45.0
POLL_S = 1.0
MOST_AT_ONCE = 16
OFF_HERE = "off in this server"

_log = structlog.get_logger("chandelier.jobs")


class JobWorker:
    """Runs due jobs of the plugins that run here, until it is stopped. Any number of workers may share the store."""

    def __init__(self, registry: Registry, running: Running, records: Records) -> None:
        self._registry = registry
        self._running = running
        self._records = records
        self._runs: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def work(self) -> None:
        """Claim and run, until ``stop``. An outage of the store is logged when it begins and when it ends."""
        away = False
        while not self._stopping:
            try:
                claimed = await self._claim()
                if away:
                    away = False
                    _log.info("jobs_store_back")
            except Exception as error:
                if not away:
                    away = True
                    _log.warning("jobs_store_away", error=type(error).__name__)
                claimed = 0
            if not claimed:
                await self._rest()

    async def stop(self, limit_s: float) -> None:
        """Claim no more; wait so long for the runs, then end them: their leases run out, and they are run again."""
        self._stopping = True
        self._running.jobs.changed.set()
        if self._runs:
            _, late = await asyncio.wait(self._runs, timeout=limit_s)
            for run in late:
                run.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def start_intervals(self, entry: Entry) -> None:
        """Store the first run of every job of a plugin that repeats by itself."""
        for job in entry.declared.jobs:
            if job.interval is not None:
                await self._records.ensure_job(entry.name, job.name, self._running.now(), f"every:{job.name}")

    async def _claim(self) -> int:
        room = MOST_AT_ONCE - len(self._runs)
        circuits = self._running.circuits
        jobs = [(entry.name, job.name) for entry in self._registry.running for job in entry.declared.jobs]
        names = [(plugin, job) for plugin, job in jobs if circuits.is_open(plugin, f"job {job}")]
        tried = [(plugin, job) for plugin, job in jobs if circuits.due(plugin, f"job {job}")]
        if room <= 0 or not jobs:
            return 0
        now = self._running.now()
        rows = await self._records.claim_jobs(names, now, LEASE, room) if names else []
        for one in tried:  # of a job that is out of use, one run is tried; the others wait
            rows += await self._records.claim_jobs([one], now, LEASE, 1)
        for row in rows:
            run = asyncio.create_task(self._run(row), name=f"job {row.plugin} {row.name} {row.id}")
            self._runs.add(run)
            run.add_done_callback(self._finished)
        return len(rows)

    def _finished(self, run: asyncio.Task[None]) -> None:
        self._runs.discard(run)
        self._running.jobs.changed.set()

    async def _rest(self) -> None:
        self._running.jobs.changed.clear()
        try:
            async with asyncio.timeout(POLL_S if len(self._runs) < MOST_AT_ONCE else LEASE.total_seconds()):
                await self._running.jobs.changed.wait()
            await asyncio.sleep(0.01)
        except TimeoutError:
            pass

    async def _run(self, row: JobRow) -> None:
        entry = self._registry[row.plugin]
        job = next(job for job in entry.declared.jobs if job.name == row.name)
        if not self._running.guild_plugins.uses(entry.name, row.guild_id):
            await self._records.drop_job(row.id, OFF_HERE)
            _log.info("job_dropped", plugin=entry.name, job=job.name, run_id=row.id, why=OFF_HERE)
            return
        context = JobContext(self._running.doors(entry), entry.config, run_id=row.id, attempt=row.attempts)
        try:
            await self._running.run(
                entry.name, f"job {job.name}", lambda: job.handler(context, **row.arguments),
                limit_s=RUN_LIMIT_S, guild_id=row.guild_id,
            )  # fmt: skip
        except Parked:
            await self._records.put_back_job(row.id, self._running.now())
        except Exception as error:
            await self._failed(entry, job, row, error)
        else:
            await self._done(job, row)

    async def _done(self, job: Job[...], row: JobRow) -> None:
        if job.interval is not None:
            await self._records.repeat_job(row.id, self._running.now() + job.interval)
        else:
            await self._records.finish_job(row.id)

    async def _failed(self, entry: Entry, job: Job[...], row: JobRow, error: Exception) -> None:
        reference = await self._running.failures.record(error, plugin=entry.name, part=f"job {job.name}")
        if row.attempts >= job.retry.attempts and job.interval is None:
            await self._records.bury_job(row.id, reference)
            _log.error(
                "job_dead", plugin=entry.name, job=job.name, run_id=row.id, attempts=row.attempts, reference=reference
            )
            return
        again = self._running.now() + timedelta(seconds=job.retry.delay_s(row.attempts))
        await self._records.retry_job(row.id, again, reference)
        _log.warning(
            "job_retried", plugin=entry.name, job=job.name, run_id=row.id, attempt=row.attempts, at=again.isoformat()
        )
