"""Which plugins a server uses, and its settings for them: for whoever may manage the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quart import Blueprint, Response, request

from chandelier import BadOption, NotAllowed, Permission
from chandelier_api.calls import guild_in_path, read_actor
from chandelier_api.problems import Problem
from chandelier_api.rendering import reply_json
from chandelier_api.requests import check_names, read_body, refusal
from chandelier_api.routes import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chandelier_core.host import GuildPluginView, Host

_PLUGINS = f"{PREFIX}/guilds/<guild_id>/plugins"


def guild_plugin_routes(host: Host) -> Blueprint:
    """Make the routes. Each that changes something answers with the plugin as the server has it then."""
    routes = Blueprint("guild_plugins", __name__)

    @routes.get(_PLUGINS)
    async def plugins(guild_id: str) -> Response:
        number = await _admit(host, guild_id)
        return reply_json({"items": [_in_short(view) for view in host.guild_plugins(number)], "next": None})

    @routes.get(f"{_PLUGINS}/<name>")
    async def plugin(guild_id: str, name: str) -> Response:
        return _answer(host, await _admit(host, guild_id), name)

    @routes.put(f"{_PLUGINS}/<name>")
    async def switch(guild_id: str, name: str) -> Response:
        number = await _admit(host, guild_id)
        body = await read_body(request)
        check_names(body, ("on",), ("on",), "body")
        if not isinstance(body["on"], bool):
            raise refusal("bad_option", "body", {"on": "`on` must be true or false."})
        _find(host, number, name)
        await host.switch_in_guild(number, name, on=body["on"])
        return _answer(host, number, name)

    @routes.patch(f"{_PLUGINS}/<name>/config")
    async def configure(guild_id: str, name: str) -> Response:
        number = await _admit(host, guild_id)
        body = await read_body(request)
        _find(host, number, name)
        return await _configure(host, number, name, body)

    @routes.delete(f"{_PLUGINS}/<name>/config")
    async def reset(guild_id: str, name: str) -> Response:
        number = await _admit(host, guild_id)
        check_names(await read_body(request), (), (), "body")
        _find(host, number, name)
        return await _configure(host, number, name, None)

    return routes


async def _configure(host: Host, guild_id: int, name: str, changes: Mapping[str, object] | None) -> Response:
    try:
        await host.configure_in_guild(guild_id, name, changes)
    except BadOption as error:
        raise refusal("bad_option", "body", {error.option or "": error.sentence}) from None
    return _answer(host, guild_id, name)


async def _admit(host: Host, guild_id: str) -> int:
    """Let in whoever may manage the server; give its id."""
    number = await guild_in_path(host, guild_id)
    actor = await read_actor(host, request, number)
    if not actor.may(Permission.MANAGE_GUILD):
        raise NotAllowed(f"You need the permission {Permission.MANAGE_GUILD.words} for this.")
    return number


def _find(host: Host, guild_id: int, name: str) -> GuildPluginView:
    view = next((one for one in host.guild_plugins(guild_id) if one.name == name), None)
    if view is None:
        raise Problem(
            "not_found", f"This server has no plugin {name[:60]}. {PREFIX}/guilds/{guild_id}/plugins lists them."
        )
    return view


def _answer(host: Host, guild_id: int, name: str) -> Response:
    view = _find(host, guild_id, name)
    return reply_json({**_in_short(view), "config": view.config, "schema": view.schema, "misfits": list(view.misfits)})


def _in_short(view: GuildPluginView) -> dict[str, object]:
    return {
        "name": view.name,
        "summary": view.summary,
        "on": view.on,
        "running": view.running,
        "sentence": view.sentence,
    }
