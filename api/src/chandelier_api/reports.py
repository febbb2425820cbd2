"""The host's own routes: health, the overview, plugins, servers and their settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from quart import Blueprint, Response, request

from chandelier import NotAllowed, Permission, UserError
from chandelier_api.calls import guild_in_path, read_actor
from chandelier_api.identity import identity
from chandelier_api.plugin_control import describe_parts
from chandelier_api.problems import Problem
from chandelier_api.rendering import reply_json
from chandelier_api.requests import check_names, read_body, refusal
from chandelier_api.routes import PREFIX
from chandelier_api.words import describe_command

if TYPE_CHECKING:
    from chandelier_api.routes import Misfit
    from chandelier_core.host import Check, Host, PluginView


def report_routes(host: Host, misfits: tuple[Misfit, ...]) -> Blueprint:
    """Make the routes that every bot has, whatever its plugins."""
    routes = Blueprint("host", __name__)
    _add_health(routes, host)
    _add_plugins(routes, host, misfits)
    _add_guilds(routes, host)

    @routes.get(f"{PREFIX}/invite")
    async def invite() -> Response:
        return reply_json({"url": host.invite()})

    @routes.get("/api/data")
    async def overview() -> Response:
        return reply_json(await _overview(host))

    return routes


def _add_health(routes: Blueprint, host: Host) -> None:
    @routes.get("/health")
    async def health() -> Response:
        checks = await host.health()
        status = _status(checks)
        return reply_json({"status": status, "checks": [_check(check) for check in checks]}, _http(status))

    @routes.get("/health/live")
    async def live() -> Response:
        return reply_json({"status": "ok"})

    @routes.get("/health/ready")
    async def ready() -> Response:
        failing = [check for check in await host.health() if check.required and not check.ok]
        status = "failing" if failing else "ok"
        return reply_json({"status": status, "checks": [_check(check) for check in failing]}, _http(status))


def _add_plugins(routes: Blueprint, host: Host, misfits: tuple[Misfit, ...]) -> None:
    @routes.get(f"{PREFIX}/plugins")
    async def plugins() -> Response:
        return reply_json({"items": [_plugin(view) for view in host.plugins], "next": None})

    @routes.get(f"{PREFIX}/plugins/<name>")
    async def plugin(name: str) -> Response:
        view = host.plugin(name)
        if view is None:
            raise Problem("not_found", f"There is no plugin {name[:60]} here. {PREFIX}/plugins lists them.")
        return reply_json({**_plugin_in_full(view, misfits), "parts": describe_parts(host, name)})


def _add_guilds(routes: Blueprint, host: Host) -> None:
    @routes.get(f"{PREFIX}/guilds")
    async def guilds() -> Response:
        found = [{"id": str(guild.id), "name": guild.name} for guild in await host.guilds_of(identity())]
        return reply_json({"items": found, "next": None})

    @routes.get(f"{PREFIX}/guilds/<guild_id>/settings")
    async def settings(guild_id: str) -> Response:
        number = await guild_in_path(host, guild_id)
        await read_actor(host, request, number)
        return reply_json({"text_prefix": await host.text_prefix(number)})

    @routes.put(f"{PREFIX}/guilds/<guild_id>/settings")
    async def change_settings(guild_id: str) -> Response:
        number = await guild_in_path(host, guild_id)
        actor = await read_actor(host, request, number)
        if not actor.may(Permission.MANAGE_GUILD):
            raise NotAllowed(f"You need the permission {Permission.MANAGE_GUILD.words} for this.")
        body = await read_body(request)
        check_names(body, ("text_prefix",), ("text_prefix",), "body")
        prefix = body["text_prefix"]
        if prefix is not None and not isinstance(prefix, str):
            raise refusal(
                "bad_option", "body", {"text_prefix": "`text_prefix` must be text, or null for the bot's own."}
            )
        try:
            return reply_json({"text_prefix": await host.set_text_prefix(number, prefix)})
        except UserError as error:
            raise Problem("refused", error.sentence, status=422, errors=[_pointed(error)]) from None


def _pointed(error: UserError) -> Mapping[str, str]:
    return {"in": "body", "pointer": "/text_prefix", "detail": error.sentence}


async def _overview(host: Host) -> dict[str, object]:
    seen = await host.overview()
    return {
        "bot": {
            "connected": seen.connected,
            "latency_ms": round(seen.latency_ms, 1) if seen.connected else None,
            "version": seen.version,
            "started_at": _instant(seen.started_at),
            "uptime_s": max(0, int((host.now() - seen.started_at).total_seconds())),
        },
        "guilds": [{"id": str(guild.id), "name": guild.name} for guild in await host.guilds_of(identity())],
        "plugins": [_plugin(view) for view in host.plugins],
        "calls": {"total": sum(seen.calls.values()), **seen.calls},
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _status(checks: tuple[Check, ...]) -> str:
    if any(check.required and not check.ok for check in checks):
        return "failing"
    return "ok" if all(check.ok for check in checks) else "degraded"


def _http(status: str) -> int:
    return 503 if status == "failing" else 200


def _check(check: Check) -> dict[str, object]:
    return {"name": check.name, "ok": check.ok, "required": check.required, "sentence": check.sentence}


def _plugin(view: PluginView) -> dict[str, object]:
    return {
        "name": view.name, "summary": view.summary, "version": view.version, "state": view.state.value,
        "sentence": view.sentence or view.state.sentence, "enabled": view.enabled, "running": view.state.running,
    }  # fmt: skip


def _plugin_in_full(view: PluginView, misfits: tuple[Misfit, ...]) -> dict[str, object]:
    findings = [*view.findings, *(misfit.finding for misfit in misfits if misfit.plugin == view.name)]
    commands = view.declaration.commands if view.declaration else ()
    return {
        **_plugin(view),
        "distribution": view.distribution,
        "recoverable": view.state.recoverable,
        "blocked": view.blocked,
        "load_ms": view.load_ms,
        "start_ms": view.start_ms,
        "commands": [describe_command(command) for command in commands],
        "findings": [
            {"level": finding.level, "place": finding.place, "sentence": finding.sentence, "remedy": finding.remedy}
            for finding in findings
        ],
    }
