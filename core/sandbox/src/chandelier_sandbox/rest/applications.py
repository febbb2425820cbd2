"""The gateway's address, and the application."""

from __future__ import annotations

from chandelier_sandbox.changes.applications import change_application
from chandelier_sandbox.gateway.intents import application_flags
from chandelier_sandbox.payloads import application_json
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Route
from chandelier_sandbox.rest.scopes import must_be_own


def get_gateway(call: Call) -> Answer:
    """Tell where the gateway is."""
    return Answer({"url": call.discord.gateway.url})


def get_bot_gateway(call: Call) -> Answer:
    """Tell where the gateway is, with how many shards to connect."""
    gateway = call.discord.gateway
    limit = gateway.starts.json(call.discord.clock.time())
    return Answer({"url": gateway.url, "shards": gateway.shards, "session_start_limit": limit})


def get_application(call: Call) -> Answer:
    """Describe the bot's application."""
    if "application_id" in call.path:
        must_be_own(call)
    world, flags = call.discord.world, application_flags(call.discord.gateway.privileged)
    return Answer(application_json(call.discord.application, world.bot, flags, len(world.guilds)))


def patch_application(call: Call) -> Answer:
    """Change the bot's application."""
    if "application_id" in call.path:
        must_be_own(call)
    change_application(call.discord.application, call.form())
    return get_application(call)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/gateway", get_gateway, auth=Auth.NONE),
    Route("GET", "/gateway/bot", get_bot_gateway),
    Route("GET", "/applications/@me", get_application),
    Route("PATCH", "/applications/@me", patch_application),
    Route("GET", "/applications/{application_id}", get_application),
    Route("PATCH", "/applications/{application_id}", patch_application),
)
