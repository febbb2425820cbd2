"""The application's commands, global and of a guild."""

from __future__ import annotations

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.rest.scopes import must_be_own


def _scope(call: Call) -> int | None:
    """Return the guild of the path, None where it is global; 20012 for another's application, 50001 for its guilds."""
    must_be_own(call)
    if "guild_id" not in call.path:
        return None
    guild = call.discord.world.guilds.get(call.number("guild_id"))
    if guild is None or call.user.id not in guild.members:
        raise refusal(50001)
    return guild.id


def _now(call: Call) -> float | None:
    return call.discord.clock.time() if call.discord.limits.enforced else None


def _seen(call: Call, command: JsonObject) -> JsonObject:
    """Return a command as lists show it: without translations, unless they are asked for."""
    if call.flag("with_localizations"):
        return command
    seen = {name: value for name, value in command.items() if not name.endswith("_localizations")}
    for name in ("options", "choices"):
        if name in seen:
            seen[name] = [_seen(call, inner) for inner in seen[name]]
    return seen


def get_commands(call: Call) -> Answer:
    """List the commands of a scope."""
    return Answer([_seen(call, command) for command in call.discord.commands.all(_scope(call))])


def put_commands(call: Call) -> Answer:
    """Replace the commands of a scope."""
    answer = call.discord.commands.overwrite(_scope(call), call.body, _now(call))
    call.discord.commands_known.set()
    return Answer(answer)


def post_command(call: Call) -> Answer:
    """Create a command; 201 when it is new, 200 when it replaced one."""
    new, command = call.discord.commands.upsert(_scope(call), call.form(), _now(call))
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


def _routes(prefix: str) -> tuple[Route, ...]:
    return (
        Route("GET", prefix, get_commands),
        Route("PUT", prefix, put_commands),
        Route("POST", prefix, post_command),
        Route("GET", f"{prefix}/{{command_id}}", get_command),
        Route("PATCH", f"{prefix}/{{command_id}}", patch_command),
        Route("DELETE", f"{prefix}/{{command_id}}", delete_command),
    )


ROUTES: tuple[Route, ...] = (
    *_routes("/applications/{application_id}/commands"),
    *_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
)
