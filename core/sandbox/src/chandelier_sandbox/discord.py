"""The parts of one local Discord, put together; no network yet."""

from __future__ import annotations

import asyncio
from base64 import b64encode

from chandelier_sandbox.changes.polls import keep_polls
from chandelier_sandbox.changes.threads import keep_threads
from chandelier_sandbox.clock import Clock
from chandelier_sandbox.commands.commands import Commands
from chandelier_sandbox.events import Feed
from chandelier_sandbox.faults import Faults
from chandelier_sandbox.gateway.gateway import Gateway
from chandelier_sandbox.interactions.endpoint import Endpoint
from chandelier_sandbox.interactions.interactions import Interactions
from chandelier_sandbox.limits import Limits
from chandelier_sandbox.oauth2 import OAuth2
from chandelier_sandbox.records import Application
from chandelier_sandbox.snowflakes import Snowflakes
from chandelier_sandbox.transcript.transcript import Transcript
from chandelier_sandbox.world import World

DEFAULT_GUILD = "Chandelier Lounge"
DEFAULT_PEOPLE = ("alice", "bob", "carol")


class Discord:
    """World, commands, interactions, gateway, faults and transcript of one sandbox; seeded the same at every start."""

    def __init__(self, token: str | None = None) -> None:
        self.clock = Clock()
        self.feed = Feed()
        self.snowflakes = Snowflakes(self.clock)
        self.world = World(self.clock, self.snowflakes, self.feed)
        keep_threads(self.world)
        keep_polls(self.world)
        self.token = token or default_token(self.world.bot.id)
        owner = self.world.add_user(DEFAULT_PEOPLE[0])
        self.application = Application(self.world.application_id, self.world.bot.name, owner)
        self.oauth2 = OAuth2(self.clock, self.application)
        self.transcript = Transcript()
        self.faults = Faults()
        self.limits = Limits()
        self.commands = Commands(self.world.application_id, self.snowflakes)
        self.commands_known = asyncio.Event()
        self.interactions = Interactions(self.world)
        self.endpoint = Endpoint(self.clock, self.world.application_id)
        self.application.public_key = self.endpoint.public_key
        self.nonce_window_s = 120.0
        self.guild = self.world.add_guild(DEFAULT_GUILD, owner=DEFAULT_PEOPLE[0])
        for name in DEFAULT_PEOPLE[1:]:
            member = self.world.add_member(self.guild, self.world.add_user(name))
            member.joined_at = self.guild.joined_at
        self.gateway = Gateway(self)


def default_token(bot_id: int) -> str:
    """Return a token in Discord's shape: the bot's id in base64 before the first dot."""
    return f"{b64encode(str(bot_id).encode()).decode().rstrip('=')}.local.sandbox"
