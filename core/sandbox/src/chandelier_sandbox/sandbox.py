"""The sandbox: one local Discord, with everything that tests look at and turn."""

from __future__ import annotations

from collections.abc import Iterable

from chandelier_sandbox.clock import Clock
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.faults import Faults
from chandelier_sandbox.gateway.intents import Intent
from chandelier_sandbox.people import Member
from chandelier_sandbox.records import Channel, Guild
from chandelier_sandbox.server import Server
from chandelier_sandbox.transcript.transcript import Transcript
from chandelier_sandbox.world import World


class Sandbox(Server):
    """A local Discord that listens while its context lasts; inside it, everything below is ready."""

    @property
    def world(self) -> World:
        """Return the state."""
        return self._discord.world

    @property
    def guild(self) -> Guild:
        """Return the default server."""
        return self._discord.guild

    @property
    def clock(self) -> Clock:
        """Return the clock, which tests may advance."""
        return self._discord.clock

    @property
    def faults(self) -> Faults:
        """Return the faults to inject."""
        return self._discord.faults

    @property
    def transcript(self) -> Transcript:
        """Return what was said so far."""
        return self._discord.transcript

    @property
    def commands(self) -> list[JsonObject]:
        """Return the application's global commands."""
        return self._discord.commands.all()

    def guild_commands(self, guild: Guild | None = None) -> list[JsonObject]:
        """Return the commands of one server."""
        return self._discord.commands.all((guild or self.guild).id)

    @property
    def nonce_window_s(self) -> float:
        """Return for how long a nonce counts as already used, in seconds of the sandbox's clock."""
        return self._discord.nonce_window_s

    @nonce_window_s.setter
    def nonce_window_s(self, seconds: float) -> None:
        self._discord.nonce_window_s = seconds

    @property
    def rate_limits(self) -> bool:
        """Return whether bots are limited as Discord limits them; the headers are there either way."""
        return self._discord.limits.enforced

    @rate_limits.setter
    def rate_limits(self, enforced: bool) -> None:
        self._discord.limits.enforced = enforced

    @property
    def privileged_intents(self) -> Intent:
        """Return which privileged intents are switched on for the application; all, unless set."""
        return self._discord.gateway.privileged

    @privileged_intents.setter
    def privileged_intents(self, intents: Intent) -> None:
        self._discord.gateway.privileged = intents

    @property
    def heartbeat_interval_ms(self) -> int:
        """Return how often the next clients to connect are asked to send a heartbeat."""
        return self._discord.gateway.heartbeat_interval_ms

    @heartbeat_interval_ms.setter
    def heartbeat_interval_ms(self, milliseconds: int) -> None:
        self._discord.gateway.heartbeat_interval_ms = milliseconds

    @property
    def session_start_limit(self) -> int:
        """Return how many sessions may begin in a day; setting it counts anew."""
        return self._discord.gateway.starts.total

    @session_start_limit.setter
    def session_start_limit(self, total: int) -> None:
        self._discord.gateway.set_starts(total)

    @property
    def max_concurrency(self) -> int:
        """Return how many shards may identify within the same five seconds."""
        return self._discord.gateway.starts.max_concurrency

    @max_concurrency.setter
    def max_concurrency(self, shards: int) -> None:
        self._discord.gateway.starts.max_concurrency = shards

    @property
    def guilds_per_shard(self) -> int:
        """Return how many servers a shard may have; beyond that identifying is refused with 4011."""
        return self._discord.gateway.guilds_per_shard

    @guilds_per_shard.setter
    def guilds_per_shard(self, most: int) -> None:
        self._discord.gateway.guilds_per_shard = most

    def take_guild_down(self, guild: Guild) -> None:
        """Make a server unavailable to the bot, as an outage of Discord's does."""
        self._discord.gateway.take_down(guild)

    def bring_back(self, guild: Guild) -> None:
        """End a server's outage."""
        self._discord.gateway.bring_back(guild)

    def set_presence(self, who: Member, status: str = "online", *, activities: Iterable[JsonObject] = ()) -> None:
        """Let somebody be online, idle, dnd or offline, doing something."""
        self._discord.gateway.presences.set(self.world.users[who.id], status, activities)

    def cut_gateway(self) -> None:
        """Cut the bot's gateway connections without a close code, as a broken line does; it may resume."""
        self._discord.gateway.cut()

    def ask_for_heartbeat(self) -> None:
        """Ask the bot for a heartbeat at once (op 1)."""
        self._discord.gateway.tell({"op": 1, "d": None})

    def drop_gateway(self, code: int = 4000) -> None:
        """Close the bot's gateway connections with a code; it may resume."""
        self._discord.gateway.drop(code)

    def ask_to_reconnect(self) -> None:
        """Ask the bot to reconnect (op 7)."""
        self._discord.gateway.tell({"op": 7, "d": None})

    def invalidate_sessions(self, *, resumable: bool = False) -> None:
        """Declare the bot's sessions invalid (op 9)."""
        self._discord.gateway.invalidate(resumable=resumable)

    def member(
        self,
        name: str,
        *,
        guild: Guild | None = None,
        channel: str | int | Channel | None = None,
        permissions: int | Iterable[str] | None = None,
    ) -> Member:
        """Return the member of this name, made at need; the same object for the same person and channel.

        permissions: bits or names such as "MANAGE_GUILD", given on top of what everyone may.
        """
        return self._cast.member(name, guild=guild, channel=channel, permissions=permissions)
