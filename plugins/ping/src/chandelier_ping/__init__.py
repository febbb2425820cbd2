"""Ping: is the bot alive, and how far away is Discord?"""

from pydantic import BaseModel

from chandelier import Context, Plugin

plugin = Plugin("ping", summary="Is the bot alive, and how far away is Discord?")


class Pong(BaseModel):
    latency_ms: float

    def __str__(self) -> str:
        return f"Pong! {self.latency_ms:.0f} ms"


@plugin.command(http="GET /")
async def ping(ctx: Context) -> Pong:
    """Measure the round trip to Discord."""
    return Pong(latency_ms=ctx.gateway.latency_ms)
