"""From a request to a Call, and from its Outcome to a response: the REST surface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from quart import Request, Response, request

from chandelier import Actor, Call, NotFound, Surface
from chandelier.parameters import Kind, Parameter
from chandelier_api.identity import identity
from chandelier_api.problems import Problem, broken, respond
from chandelier_api.references import reference
from chandelier_api.rendering import render
from chandelier_api.requests import check_names, is_wide, read_body, read_id, read_query, refusal, refuse_body
from chandelier_api.routes import PREFIX
from chandelier_api.running import require_running

if TYPE_CHECKING:
    from chandelier_api.routes import Route
    from chandelier_core.host import Host

USER_HEADER = "X-Discord-User-Id"


def view_of(host: Host, route: Route) -> Callable[..., Awaitable[Response]]:
    """Make the view of a route."""

    async def answer(**path: str) -> Response:
        received_at = host.now()
        require_running(host, route.plugin)
        guild_id = await guild_in_path(host, path.pop("guild_id")) if route.guild == "path" else None
        arguments = await _read_arguments(route, path)
        if route.guild == "sought":
            guild_id = await _seek_guild(host, arguments.pop("guild_id", None), "body" if route.has_body else "query")
        call = Call(
            reference=reference(), surface=Surface.REST, plugin=route.plugin, command=route.command.path,
            actor=await read_actor(host, request, guild_id), arguments=arguments, received_at=received_at, guild_id=guild_id,
        )  # fmt: skip
        outcome = await host.dispatch(call)
        try:
            return render(outcome, route, call.reference)
        except Exception as error:  # the handler has run; only its answer cannot be written
            part = f"answer of {route.command.path}"
            await host.record_failure(error, plugin=route.plugin, part=part, reference=call.reference)
            return respond(broken(call.reference), call.reference)

    return answer


async def read_actor(host: Host, request: Request, guild_id: int | None) -> Actor:
    """Read who acts: whose token or session it is; for an operator's, the operator, or the Discord user that they name.

    Raises NotFound for a stranger in the server.
    """
    caller, given = identity(), request.headers.getlist(USER_HEADER)
    if caller.user_id is not None:
        if given:
            raise Problem("not_allowed", f"Only an operator acts in somebody's name; leave out {USER_HEADER}.")
        return await _actor_here(host, caller.user_id, guild_id)
    if not given:
        return await host.actor(None, guild_id)
    user_id = read_id(given[0].strip()) if len(given) == 1 else None
    if user_id is None:
        raise Problem("bad_user", f"The header {USER_HEADER} must be one Discord user id, digits only.")
    return await host.actor(user_id, guild_id)


async def _actor_here(host: Host, user_id: int, guild_id: int | None) -> Actor:
    """Give a person where they are; a server that they are not in is, to them, none at all."""
    try:
        return await host.actor(user_id, guild_id)
    except NotFound:
        if guild_id is None:
            raise
        raise _no_guild(guild_id) from None


async def guild_in_path(host: Host, text: str) -> int:
    """Read the server that the path names. Raises a 404 where the bot is in no such server."""
    guild_id = read_id(text)
    if guild_id is None:
        raise Problem("not_found", "There is no such server: the id in the path is no Discord id.")
    return await _known_guild(host, guild_id)


async def _seek_guild(host: Host, given: object, place: str) -> int:
    if given is not None:
        guild_id = read_id(given)
        if guild_id is None:
            raise refusal("bad_option", place, {"guild_id": "`guild_id` must be a Discord id, as a string of digits."})
        return await _known_guild(host, guild_id)
    guilds = await host.guilds_of(identity())
    if len(guilds) != 1:
        where = "in the body" if place == "body" else "in the query string"
        count = f"{len(guilds)} servers" if guilds else "no server yet"
        raise Problem("guild_needed", f"The bot is in {count}: say which one is meant with guild_id {where}.")
    return guilds[0].id


async def _known_guild(host: Host, guild_id: int) -> int:
    """Let through a server that the caller may know of; to everybody else it is like one that does not exist."""
    caller = identity()
    named = caller.guild_ids is None or guild_id in caller.guild_ids
    if not named or all(guild.id != guild_id for guild in await host.guilds()):
        raise _no_guild(guild_id)
    if caller.user_id is not None:
        await _actor_here(host, caller.user_id, guild_id)
    return guild_id


def _no_guild(guild_id: int) -> Problem:
    return Problem("not_found", f"The bot is in no server {guild_id} that you know of. {PREFIX}/guilds lists those.")


async def _read_arguments(route: Route, path: Mapping[str, str]) -> dict[str, object]:
    """Gather the raw arguments; their values are dispatch's to convert."""
    known = {parameter.name: parameter for parameter in route.carried}
    names = [*known, *(["guild_id"] if route.guild == "sought" else [])]
    required = [parameter.name for parameter in known.values() if parameter.required]
    if route.has_body:
        check_names(request.args, (), (), "query")
        carried = await read_body(request)
        check_names(carried, names, required, "body")
    else:
        await refuse_body(request)
        carried = read_query(request)
        check_names(carried, names, required, "query")
    arguments: dict[str, object] = {**carried, **path}
    for parameter in route.command.parameters:
        place = "path" if parameter.name in path else "body" if route.has_body else "query"
        if parameter.name in arguments and (sentence := _complaint(parameter, arguments[parameter.name])):
            raise refusal("bad_option", place, {parameter.name: sentence})
    return arguments


def _complaint(parameter: Parameter, raw: object) -> str | None:
    """Refuse what cannot be looked up or stored; null is left to the option itself."""
    if raw is None:
        return None
    if parameter.kind is Kind.ATTACHMENT:
        return f"`{parameter.name}` is a file, which cannot be sent over REST."
    if parameter.kind.entity and read_id(raw) is None:
        return f"`{parameter.name}` must be a Discord id, as a string of digits."
    if parameter.kind is Kind.INTEGER and is_wide(raw):
        return f"`{parameter.name}` must be a whole number of 64 bits."
    return None
