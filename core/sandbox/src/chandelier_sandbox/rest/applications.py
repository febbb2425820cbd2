"""The gateway's address, the application, and its commands."""

from __future__ import annotations

from chandelier_sandbox.changes.applications import change_application
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.intents import application_flags
from chandelier_sandbox.payloads import application_json
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Auth, Call, Route
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


def _scope(call: Call) -> int | None:
    if call.number("application_id") != call.discord.world.application_id:
        raise refusal(20012)
    if "guild_id" not in call.path:
        return None
    guild_id = call.number("guild_id")
    if guild_id not in call.discord.world.guilds:
        raise refusal(50001)
    return guild_id


def _seen(call: Call, command: JsonObject) -> JsonObject:
    if call.flag("with_localizations"):
        return command
    return {name: value for name, value in command.items() if not name.endswith("_localizations")}


def get_commands(call: Call) -> Answer:
    """List the commands of a scope."""
    return Answer([_seen(call, command) for command in call.discord.commands.all(_scope(call))])


def put_commands(call: Call) -> Answer:
    """Replace the commands of a scope."""
    answer = call.discord.commands.overwrite(_scope(call), call.body)
    call.discord.commands_known.set()
    return Answer(answer)


def post_command(call: Call) -> Answer:
    """Create a command; 201 when it is new, 200 when it replaced one."""
    new, command = call.discord.commands.upsert(_scope(call), call.form())
    call.discord.commands_known.set()
    return Answer(command, 201 if new else 200)


def get_command(call: Call) -> Answer:
    """Describe one command."""
    return Answer(call.discord.commands.get(_scope(call), call.number("command_id")))


def patch_command(call: Call) -> Answer:
    """Change one command."""
    return Answer(call.discord.commands.edit(_scope(call), call.number("command_id"), call.form()))


def delete_command(call: Call) -> Answer:
    """Delete one command."""
    call.discord.commands.delete(_scope(call), call.number("command_id"))
    return NO_CONTENT


def _command_routes(prefix: str) -> tuple[Route, ...]:
    return (
        Route("GET", prefix, get_commands),
        Route("PUT", prefix, put_commands),
        Route("POST", prefix, post_command),
        Route("GET", f"{prefix}/{{command_id}}", get_command),
        Route("PATCH", f"{prefix}/{{command_id}}", patch_command),
        Route("DELETE", f"{prefix}/{{command_id}}", delete_command),
    )


ROUTES: tuple[Route, ...] = (
    Route("GET", "/gateway", get_gateway, auth=Auth.NONE),
    Route("GET", "/gateway/bot", get_bot_gateway),
    Route("GET", "/applications/@me", get_application),
    Route("PATCH", "/applications/@me", patch_application),
    Route("GET", "/applications/{application_id}", get_application),
    Route("PATCH", "/applications/{application_id}", patch_application),
    *_command_routes("/applications/{application_id}/commands"),
    *_command_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
)
