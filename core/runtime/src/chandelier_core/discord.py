"""The connection to Discord: hikari's bot with a gateway, or its REST client alone. Nothing here knows a sandbox."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import hikari
import structlog

from chandelier import ChandelierError, Unavailable, UserError
from chandelier_core.host import GuildView

CONNECT_LIMIT_S = 30.0
#: Discord waits 3 s for an interaction that it has posted (documentation: Receiving and Responding).
ACKNOWLEDGED_S = 2.7
GUILDS_FRESH_S = 10.0
#: A call for a person does not sleep minutes for a rate limit; hikari's own default is 300 s.
LONGEST_RATE_LIMIT_S = 30.0

#: What permissions and names are computed from. Members and messages are not kept: they come with each event.
CACHED = (
    hikari.api.CacheComponents.GUILDS
    | hikari.api.CacheComponents.GUILD_CHANNELS
    | hikari.api.CacheComponents.GUILD_THREADS
    | hikari.api.CacheComponents.ROLES
    | hikari.api.CacheComponents.ME
    | hikari.api.CacheComponents.DM_CHANNEL_IDS
)

_log = structlog.get_logger("chandelier.discord")


class DiscordError(ChandelierError):
    """Discord cannot be reached, or refuses the bot; the message says what to do."""


class Discord(Protocol):
    """What the host asks of the connection."""

    @property
    def latency_ms(self) -> float: ...
    @property
    def connected(self) -> bool: ...
    @property
    def guild_ids(self) -> tuple[int, ...]: ...
    @property
    def rest(self) -> hikari.api.RESTClient: ...
    @property
    def cache(self) -> hikari.api.Cache: ...
    @property
    def application_id(self) -> int: ...
    @property
    def user_id(self) -> int: ...
    async def guilds(self) -> tuple[GuildView, ...]: ...
    async def take_interaction(self, payload: Mapping[str, object]) -> None: ...
    async def close(self) -> None: ...


def http_settings() -> hikari.impl.HTTPSettings:
    """Keep connections alive: hikari's default closes each after one request."""
    return hikari.impl.HTTPSettings(force_close_transports=False)


class GatewayDiscord:
    """The bot: gateway, cache and REST."""

    def __init__(self, token: str, api_url: str, intents: hikari.Intents) -> None:
        self.api_url = api_url
        self.bot = hikari.GatewayBot(
            token,
            banner=None,
            logs=None,
            suppress_optimization_warning=True,
            intents=intents,
            rest_url=api_url,
            auto_chunk_members=False,
            http_settings=http_settings(),
            max_rate_limit=LONGEST_RATE_LIMIT_S,
            cache_settings=hikari.impl.CacheSettings(components=CACHED),
        )
        self._application_id = 0

    async def open(self) -> None:
        """Connect every shard. Raises DiscordError with one sentence."""
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                await self.bot.start(check_for_updates=False)
                application = await self.bot.rest.fetch_application()
        except (hikari.HikariError, TimeoutError, OSError) as error:
            await self.close()
            raise DiscordError(explain(error, self.api_url)) from error
        self._application_id = int(application.id)

    async def take_interaction(self, payload: Mapping[str, object]) -> None:
        """Hand an interaction that was posted to whoever hears those of the gateway; return once it is acknowledged."""
        try:
            shard = next(iter(self.bot.shards.values()))
            event = self.bot.event_factory.deserialize_interaction_create_event(shard, dict(payload))
        except (hikari.HikariError, LookupError, ValueError, TypeError, AttributeError, StopIteration):
            raise UserError("malformed_request", "This is no interaction that can be read.", status=400) from None
        # What has not answered by then has deferred (surfaces) or is left to itself (native loaders).
        heard = self.bot.event_manager.dispatch(event, return_tasks=True)
        await asyncio.wait({asyncio.ensure_future(heard)}, timeout=ACKNOWLEDGED_S)

    async def close(self) -> None:
        """Leave the gateway and close the connections."""
        if self.bot.is_alive:
            await self.bot.close()

    @property
    def latency_ms(self) -> float:
        """Give the milliseconds between a heartbeat and its answer; 0 before the first."""
        latency = self.bot.heartbeat_latency
        return 0.0 if math.isnan(latency) else latency * 1000

    @property
    def connected(self) -> bool:
        """Say whether at least one shard is connected."""
        return any(shard.is_connected for shard in self.bot.shards.values())

    @property
    def guild_ids(self) -> tuple[int, ...]:
        """Give the ids of the servers that the shards have announced."""
        return tuple(int(guild_id) for guild_id in self.bot.cache.get_guilds_view())

    @property
    def rest(self) -> hikari.api.RESTClient:
        """Give hikari's REST client."""
        return self.bot.rest

    @property
    def cache(self) -> hikari.api.Cache:
        """Give hikari's cache."""
        return self.bot.cache

    @property
    def application_id(self) -> int:
        """Give the application's id."""
        return self._application_id

    @property
    def user_id(self) -> int:
        """Give the bot's own user id."""
        me = self.bot.get_me()
        return int(me.id) if me else 0

    async def guilds(self) -> tuple[GuildView, ...]:
        """Give the servers that the shards have announced, by name."""
        views = [GuildView(int(guild.id), guild.name) for guild in self.bot.cache.get_guilds_view().values()]
        return tuple(sorted(views, key=lambda view: (view.name, view.id)))

    def listen(self, event: type, callback: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
        """Deliver events of a class to a coroutine function, which must guard itself."""
        self.bot.subscribe(event, callback)


class RestDiscord:
    """REST alone, for the API that runs apart. Whatever needs the gateway says that it is not here."""

    def __init__(self, token: str | None, api_url: str) -> None:
        self._token = token
        self._app = hikari.RESTApp(http_settings=http_settings(), max_rate_limit=LONGEST_RATE_LIMIT_S, url=api_url)
        self._rest: hikari.impl.RESTClientImpl | None = None
        self._guilds: tuple[GuildView, ...] = ()
        self._asked_at = float("-inf")

    async def open(self) -> None:
        """Open the connection pool; nothing is sent yet."""
        if self._token is not None:
            await self._app.start()
            self._rest = self._app.acquire(self._token, hikari.TokenType.BOT)
            self._rest.start()

    async def take_interaction(self, payload: Mapping[str, object]) -> None:
        """Refuse: commands run where the bot is."""
        raise self._away()

    async def close(self) -> None:
        """Close the connections."""
        if self._rest is not None:
            await self._rest.close()
            await self._app.close()
            self._rest = None

    @property
    def latency_ms(self) -> float:
        """Refuse: there is no gateway here."""
        raise self._away()

    @property
    def connected(self) -> bool:
        """Say that no shard is connected here."""
        return False

    @property
    def guild_ids(self) -> tuple[int, ...]:
        """Refuse: there is no gateway here."""
        raise self._away()

    @property
    def rest(self) -> hikari.api.RESTClient:
        """Give hikari's REST client, where there is a token."""
        if self._rest is None:
            raise Unavailable("The API runs without a Discord token here. Set DISCORD_TOKEN for it.", code="no_discord")
        return self._rest

    @property
    def cache(self) -> hikari.api.Cache:
        """Refuse: there is no gateway here."""
        raise self._away()

    @property
    def application_id(self) -> int:
        """Refuse: there is no gateway here."""
        raise self._away()

    @property
    def user_id(self) -> int:
        """Refuse: there is no gateway here."""
        raise self._away()

    async def guilds(self) -> tuple[GuildView, ...]:
        """Ask Discord for the bot's servers, 200 at the most; the answer is kept for 10 s."""
        if self._rest is not None and time.monotonic() - self._asked_at > GUILDS_FRESH_S:
            found = await self._rest.fetch_my_guilds().limit(200)
            self._guilds = tuple(GuildView(int(guild.id), guild.name) for guild in found)
            self._asked_at = time.monotonic()
        return self._guilds

    def _away(self) -> Unavailable:
        return Unavailable(
            "The API runs apart from the bot here and holds no connection to the gateway.", code="no_gateway"
        )


def explain(error: BaseException, api_url: str) -> str:
    """Say in one sentence why Discord cannot be used, and what to do next."""
    where = urlsplit(api_url).netloc
    if isinstance(error, hikari.UnauthorizedError):
        return f"Discord at {where} refuses DISCORD_TOKEN (401). Copy the token again from the Bot page of the Developer Portal."
    if isinstance(error, hikari.GatewayServerClosedConnectionError) and error.code in (4013, 4014):
        return (
            f"Discord at {where} refuses the intents of this bot ({error.code}). Switch on Message Content and Server Members "
            'on the Bot page of the Developer Portal, or set text_prefix = "" in plugins.toml.'
        )
    if isinstance(error, hikari.GatewayServerClosedConnectionError) and error.code == 4004:
        return f"Discord at {where} refuses DISCORD_TOKEN (4004). Copy the token again from the Bot page of the Developer Portal."
    if isinstance(error, TimeoutError):
        return (
            f"Discord at {where} did not answer within {CONNECT_LIMIT_S:.0f} s. Check the network, or DISCORD_API_URL."
        )
    if isinstance(error, hikari.HTTPError | OSError) and not isinstance(error, hikari.HTTPResponseError):
        return f"Discord at {where} cannot be reached ({_reason(error)}). Check the network, or DISCORD_API_URL."
    return f"Discord at {where} refused the connection ({_reason(error)}). Check DISCORD_API_URL and DISCORD_TOKEN."


def _reason(error: BaseException) -> str:
    said = " ".join(str(error).split()) or type(error).__name__
    return said[:160]


def intents_for(events: Collection[type], bits: int, *, text: bool) -> hikari.Intents:
    """Merge what the host, the text surface and the plugins' listeners need."""
    from hikari.events.base_events import get_required_intents_for

    merged = hikari.Intents.GUILDS | hikari.Intents(bits)
    if text:
        merged |= hikari.Intents.GUILD_MESSAGES | hikari.Intents.DM_MESSAGES | hikari.Intents.MESSAGE_CONTENT
    for event in events:
        options = list(get_required_intents_for(event))
        if options and not any(option in merged for option in options):
            merged |= options[0]
    return merged
