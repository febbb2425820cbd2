"""How long a start takes with 100 installed plugins, beside the bare host; and which plugins take their time.

Each made-up plugin has a config, settings of servers, two commands (one a slash command for the first 60, for Discord takes 100
in all), a route, a listener, a job and a lifespan. All of it is imported, validated and started before the bot is ready.

    python benchmarks/many_plugins.py [--count 100]
"""

from __future__ import annotations

import argparse
import asyncio

from running import RunningBot, running_bot

from chandelier_core.store.throwaway import own_postgres

SLASH = 60
SOURCE = '''
"""A plugin of ordinary size."""
from contextlib import asynccontextmanager
from datetime import timedelta
import hikari
from pydantic import BaseModel, Field
from chandelier import Config, Context, GuildConfig, JobContext, Plugin, Surface, job, on

class Settings(Config):
    step: int = Field(1, ge=1, le=10, description="How far.")

class ServerSettings(GuildConfig):
    word: str = Field("hello", max_length=20, description="What is said.")

class Told(BaseModel):
    words: str
    def __str__(self): return self.words

async def heard(ctx, event) -> None:
    ctx.log.info("heard")

@job(every=timedelta(hours=1))
async def tidy(ctx: JobContext) -> None:
    pass

@asynccontextmanager
async def life(ctx):
    yield

plugin = Plugin("{name}", summary="A plugin of ordinary size.", config=Settings, guild_config=ServerSettings,
                listeners=[on(hikari.GuildChannelCreateEvent, heard)], jobs=[tidy], lifespan=life)

@plugin.command(name="{name}", http="GET /"{surfaces})
async def tell(ctx: Context, what: str = "it", often: int = 1) -> Told:
    """Tell something.

    Args:
        what: What is told.
        often: How often.
    """
    return Told(words=what * often)

@plugin.command(name="{name}_more", surfaces={{Surface.TEXT}})
async def more(ctx: Context) -> str:
    """Tell more."""
    return "more"
'''


def make(number: int) -> str:
    """Write one plugin."""
    surfaces = "" if number < SLASH else ", surfaces={Surface.TEXT, Surface.REST}"
    return SOURCE.format(name=f"one{number}", surfaces=surfaces)


async def measure(count: int) -> None:
    """Start the bare host and the full one three times each, and print the best of each side by side."""
    plugins = {f"one{number}": make(number) for number in range(count)}
    async with own_postgres() as url:
        bare, full = [], []
        slowest: list[tuple[str, float, float]] = []
        for _ in range(3):
            async with running_bot(url, {}) as bot:
                bare.append(bot.ready_s)
            async with running_bot(url, plugins) as bot:
                full.append(bot.ready_s)
                slowest = times_of(bot)
    print(f"{'':24}{'ready after':>12}{'more':>8}")
    print(f"{'the bare host':24}{min(bare):10.2f} s")
    print(f"{f'with {count} plugins':24}{min(full):10.2f} s{min(full) - min(bare):6.2f} s")
    if slowest:
        loads, starts = sum(load for _, load, _ in slowest), sum(start for _, _, start in slowest)
        print(f"\nof {len(slowest)} plugins: imports {loads:.0f} ms, starts {starts:.0f} ms in all; the slowest:")
        for name, load, start in sorted(slowest, key=lambda one: -one[1] - one[2])[:5]:
            print(f"  {name:10} import {load:6.1f} ms, start {start:6.1f} ms")


def times_of(bot: RunningBot) -> list[tuple[str, float, float]]:
    """Read from the log how long each plugin took to import and to start."""
    started = [line for line in bot.log if line.get("event") == "plugin_started"]
    return [(str(line["plugin"]), float(str(line["load_ms"])), float(str(line["start_ms"]))) for line in started]


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100, choices=range(1, 501), metavar="N", help="1 to 500 plugins")
    asyncio.run(measure(parser.parse_args().count))


if __name__ == "__main__":
    main()
