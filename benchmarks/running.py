"""What the benchmarks of whole bots share: a database, a local Discord, made-up plugins, and the program in a process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chandelier_sandbox import Sandbox

LIMIT_S = 90.0


@dataclass(slots=True)
class RunningBot:
    """A bot that is ready; log: its lines so far. ready_s: from the start of its process until it was ready."""

    discord: Sandbox
    process: asyncio.subprocess.Process
    ready_s: float = 0.0
    log: list[dict[str, object]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Give the address of its API."""
        return next(str(line["url"]) for line in self.log if line.get("event") == "service_started")


def put_on_shelf(folder: Path, name: str, source: str) -> None:
    """Put a made-up plugin where pip would leave it."""
    (folder / f"made_up_{name}.py").write_text(source)
    info = folder / f"made_up_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: made-up-{name}\nVersion: 1.0\nRequires-Dist: chandelier>=1,<2\n"
    )
    (info / "entry_points.txt").write_text(f"[chandelier.plugins]\n{name} = made_up_{name}:plugin\n")


@asynccontextmanager
async def running_bot(
    url: str, plugins: Mapping[str, str], tables: Mapping[str, str] | None = None, *, api: bool = False
) -> AsyncIterator[RunningBot]:
    """Run a bot with ping and these plugins, by name and source; an installed one has no source.

    ``tables`` is what stands in their tables of plugins.toml.
    """
    async with Sandbox(rate_limits=False) as discord:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            listed = "[plugins.ping]\n"
            for name, source in plugins.items():
                if source:
                    put_on_shelf(folder, name, source)
                listed += f"[plugins.{name}]\n{(tables or {}).get(name, '')}\n"
            (folder / "plugins.toml").write_text(listed)
            environment = os.environ | {
                "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "DATABASE_URL": url,
                "CHANDELIER_PLUGINS": str(folder / "plugins.toml"), "CHANDELIER_DATA": str(folder / "data"),
                "CHANDELIER_LOG_FORMAT": "json", "PYTHONPATH": str(folder), "CHANDELIER_BIND": "127.0.0.1:0",
            }  # fmt: skip
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "chandelier_core", "run", *(() if api else ("--without", "api")),
                env=environment, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, limit=2**22,
            )  # fmt: skip
            bot = RunningBot(discord, process)
            reading = asyncio.create_task(_read(bot))
            try:
                async with asyncio.timeout(LIMIT_S):
                    while not any(line.get("event") == "ready" for line in bot.log):
                        await asyncio.sleep(0.005)
                bot.ready_s = time.perf_counter() - began
                yield bot
            finally:
                if process.returncode is None:
                    process.send_signal(signal.SIGTERM)
                try:
                    await asyncio.wait_for(process.wait(), 15)
                except TimeoutError:  # a hostile plugin holds its loop
                    process.kill()
                    await process.wait()
                await reading


async def _read(bot: RunningBot) -> None:
    assert bot.process.stderr is not None  # noqa: S101 it is a pipe
    async for line in bot.process.stderr:
        if line.startswith(b"{"):
            bot.log.append(json.loads(line))
