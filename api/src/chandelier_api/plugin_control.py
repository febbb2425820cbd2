"""Switching plugins and their parts: for the operator alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from quart import Blueprint, Response, request

from chandelier import NotAllowed
from chandelier_api.calls import USER_HEADER
from chandelier_api.identity import identity
from chandelier_api.rendering import reply_json
from chandelier_api.requests import check_names, read_body
from chandelier_api.routes import PREFIX

if TYPE_CHECKING:
    from chandelier_core.host import Host, PartView

BY = "the operator over REST"


def control_routes(host: Host) -> Blueprint:
    """Make the routes that switch plugins and parts. Each answers with the plugin as it is then."""
    routes = Blueprint("control", __name__)

    @routes.post(f"{PREFIX}/plugins/<name>/stop")
    async def stop(name: str) -> Response:
        await _admit(host)
        await host.switch_plugin(name, on=False, by=BY)
        return _answer(host, name)

    @routes.post(f"{PREFIX}/plugins/<name>/start")
    async def start(name: str) -> Response:
        await _admit(host)
        await host.switch_plugin(name, on=True, by=BY)
        return _answer(host, name)

    @routes.post(f"{PREFIX}/plugins/<name>/parts/<path:part>/park")
    async def park(name: str, part: str) -> Response:
        await _admit(host)
        await host.switch_part(name, part, on=False, by=BY)
        return _answer(host, name)

    @routes.post(f"{PREFIX}/plugins/<name>/parts/<path:part>/resume")
    async def resume(name: str, part: str) -> Response:
        await _admit(host)
        await host.switch_part(name, part, on=True, by=BY)
        return _answer(host, name)

    return routes


def describe_parts(host: Host, name: str) -> list[dict[str, object]]:
    """Describe every part of a plugin, in use or not."""
    return [_part(part) for part in host.parts(name)]


async def _admit(host: Host) -> None:
    """Let the operator in, and nobody in whose name the operator acts; take no body."""
    if USER_HEADER in request.headers or not await host.access.is_operator(identity()):
        raise NotAllowed("Only the operator, or who owns the bot's application, may switch plugins.")
    check_names(await read_body(request), (), (), "body")


def _answer(host: Host, name: str) -> Response:
    view = host.plugin(name)
    assert view is not None  # noqa: S101 the host has just switched it
    return reply_json({
        "name": view.name, "state": view.state.value, "sentence": view.sentence or view.state.sentence,
        "running": view.state.running, "parts": describe_parts(host, name),
    })  # fmt: skip


def _part(part: PartView) -> dict[str, object]:
    return {
        "name": part.name, "state": part.state, "sentence": part.sentence, "reference": part.reference,
        "since": _instant(part.since), "probe_at": _instant(part.probe_at),
    }  # fmt: skip


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
