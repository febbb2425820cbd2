"""The application: every route of the host and of its plugins, and what holds for all of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from quart import Quart, Request, Response, g, has_websocket_context, request, websocket
from werkzeug import Response as WerkzeugResponse
from werkzeug.exceptions import HTTPException

from chandelier import BadOption, UserError
from chandelier_api import etags, idempotency
from chandelier_api.access import access_routes
from chandelier_api.auth import auth_routes
from chandelier_api.calls import view_of
from chandelier_api.entrance import OPEN_PATHS, is_open
from chandelier_api.events import event_routes
from chandelier_api.guild_plugins import guild_plugin_routes
from chandelier_api.identity import check_scope, recognise
from chandelier_api.interactions import PATH as INTERACTIONS
from chandelier_api.interactions import interaction_routes
from chandelier_api.native import mount_blueprints, plugin_of
from chandelier_api.pages import page_routes
from chandelier_api.plugin_control import control_routes
from chandelier_api.problems import Problem, broken, code_for, respond
from chandelier_api.rates import Rates
from chandelier_api.references import give_reference, reference, request_id
from chandelier_api.reports import report_routes
from chandelier_api.requests import MAX_BODY_BYTES, StrictRequest
from chandelier_api.routes import PREFIX, Route, read_routes
from chandelier_api.running import require_running
from chandelier_api.webhooks import webhook_routes

if TYPE_CHECKING:
    from chandelier_core.host import Host

_log = logging.getLogger("chandelier.api")
#: When whoever met an outage of the database may try again.
_RETRY_AFTER_S = 5
_JSON_POLICY = "default-src 'none'; frame-ancestors 'none'"


class _Application(Quart):
    """Quart that a plugin cannot end: what is no Exception would leave the server's task, and with it the loop."""

    async def full_dispatch_request(self, *context: Any, **more: Any) -> Response | WerkzeugResponse:
        try:  # its parameters are others in Quart 0.23 than in 0.22
            return await super().full_dispatch_request(*context, **more)
        except (Exception, asyncio.CancelledError):
            raise
        except BaseException as error:
            raise _Escaped(f"{type(error).__name__} escaped") from error


class _Escaped(Exception):
    """A hook of a plugin's blueprint raised what is no Exception."""


def create_app(host: Host) -> Quart:
    """Build the application for the plugins that the host has found.

    A route stands for every plugin with a declaration; whether it answers is asked at each request, so that a plugin can be
    switched on and off live. What cannot be mounted is logged, and shown at /api/v1/plugins/<name>.
    """
    app = _Application("chandelier_api", static_folder=None)
    app.request_class = StrictRequest
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["BACKGROUND_TASK_SHUTDOWN_TIMEOUT"] = 1
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    routes, misfits = read_routes(host.plugins)
    owners = {_endpoint(route): route.plugin for route in routes}
    _add_guards(app, host, owners, Rates(host.settings))
    _add_error_answers(app, host)
    misfits += mount_blueprints(app, host)
    for misfit in misfits:
        _log.warning(
            "route_not_served plugin=%s place=%r reason=%r",
            misfit.plugin,
            misfit.finding.place,
            misfit.finding.sentence,
        )
    app.register_blueprint(report_routes(host, misfits))
    app.register_blueprint(control_routes(host))
    app.register_blueprint(guild_plugin_routes(host))
    app.register_blueprint(access_routes(host))
    app.register_blueprint(auth_routes(host))
    app.register_blueprint(event_routes(host))
    app.register_blueprint(interaction_routes(host))
    app.register_blueprint(webhook_routes(host))
    app.register_blueprint(page_routes(host, routes))
    for route in routes:
        rule = route.path.replace("{", "<").replace("}", ">")
        app.add_url_rule(rule, _endpoint(route), view_of(host, route), methods=[route.method])
    return app


def _endpoint(route: Route) -> str:
    return f"{route.method} {route.path}".replace(".", "%2E")


def _check_scope(request: Request, owners: Mapping[str, str]) -> None:
    """Refuse a caller whose scopes do not reach the route; open routes, pages and what is about the caller need none."""
    level = "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
    plugin = plugin_of(request.blueprints) or owners.get(request.endpoint or "")
    if plugin is not None:
        check_scope(plugin, level)
    elif "control" in request.blueprints:
        check_scope("host", "admin")
    elif {"host", "guild_plugins", "events", "webhooks"} & set(request.blueprints) and not is_open(request.path):
        check_scope("host", level)


def _add_guards(app: Quart, host: Host, owners: Mapping[str, str], rates: Rates) -> None:
    @app.before_request
    async def enter() -> Response | None:
        give_reference(request.headers.get("X-Request-Id"), host.new_reference())
        await _admit(request, host, rates)
        _check_scope(request, owners)
        if (plugin := plugin_of(request.blueprints)) is not None:
            require_running(host, plugin)
        await etags.hold(app, host, request)
        return await idempotency.begin(host, request)

    @app.before_websocket
    async def enter_socket() -> None:
        give_reference(None, host.new_reference())
        await recognise(websocket, host, is_open=False)
        if (plugin := plugin_of(websocket.blueprints)) is not None:
            check_scope(plugin, "write")
            require_running(host, plugin)

    @app.after_request
    async def mark(response: Response) -> Response:
        response = await etags.tag(request, response)
        await idempotency.end(host, response)
        headers = response.headers
        headers["X-Request-Id"] = request_id()
        if (rate := g.get("chandelier_rate")) is not None:
            headers.update(rate.headers())
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Content-Security-Policy", _JSON_POLICY)
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("Cache-Control", "no-store")
        return response

    @app.teardown_request
    async def leave(_error: BaseException | None) -> None:
        await etags.release()


async def _admit(request: Request, host: Host, rates: Rates) -> None:
    """Find out who calls, and count the request; what the application asks itself is not counted."""
    if request.path == INTERACTIONS:  # let in by Discord's signature
        return
    address = request.remote_addr or "nowhere"
    try:
        await recognise(request, host, is_open=is_open(request.path))
    except Problem as problem:
        if problem.code == "token_wrong":
            await rates.count_wrong_token(address)
        elif problem.code == "token_needed":
            g.chandelier_rate = await rates.count(None, address)
        raise
    if not request.scope.get(etags.LOOKS) and request.path not in OPEN_PATHS:
        g.chandelier_rate = await rates.count(g.get("chandelier_identity"), address)


def _add_error_answers(app: Quart, host: Host) -> None:
    @app.errorhandler(Problem)
    async def problem(error: Problem) -> Response:
        return respond(error, reference())

    @app.errorhandler(UserError)
    async def refused(error: UserError) -> Response:
        errors = (
            [{"name": error.option, "detail": error.sentence}] if isinstance(error, BadOption) and error.option else []
        )
        said = Problem(error.code, error.sentence, status=error.status, plugin=_plugin_here(), errors=errors)
        return respond(said.retry_after(getattr(error, "retry_after_s", None)), reference())

    @app.errorhandler(HTTPException)
    async def http(error: HTTPException) -> Response:
        if isinstance(cause := getattr(error, "original_exception", None), _Escaped):
            return await failed(cause)
        try:
            said = _from_http(error, host)
        except Problem as better:
            said = better
        return respond(said, reference())

    @app.errorhandler(Exception)
    async def failed(error: Exception) -> Response:
        if host.is_database_away(error):
            said = Problem("database_away", "The database does not answer at the moment. Try again in a few seconds.")
            return respond(said.retry_after(_RETRY_AFTER_S), reference())
        plugin = _plugin_here() or "host"
        await host.record_failure(error, plugin=plugin, part=_part_here(), reference=reference())
        return respond(broken(reference()), reference())


def _plugin_here() -> str | None:
    return plugin_of(websocket.blueprints if has_websocket_context() else request.blueprints)


def _path_here() -> str:
    return str(websocket.path if has_websocket_context() else request.path)


def _part_here() -> str:
    """Name the route as its circuit does: by its rule, not by what stood in the path."""
    if has_websocket_context():
        return f"route WS {_path_here()[:100]}"
    rule = request.url_rule
    return f"route {request.method} {rule.rule if rule is not None else _path_here()[:100]}"


def _from_http(error: HTTPException, host: Host) -> Problem:
    status = error.code or 500
    unrouted = not has_websocket_context() and request.routing_exception is error
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() in ("allow", "retry-after", "www-authenticate")
    }
    if unrouted and status == 404:
        return _no_route(host)
    if status == 405:
        sentence = f"{request.method} does not fit {_shown()}; it takes {headers.get('Allow', 'another method')}."
    elif status == 413:
        sentence = f"The body is larger than {MAX_BODY_BYTES // 1024} KiB."
    elif status >= 500:
        sentence = (
            f"Something broke; it is recorded as {reference()}." if status == 500 else "It does not work right now."
        )
    else:
        sentence = error.description or "The request was refused."
    return Problem(code_for(status), sentence, status=status, headers=headers)


def _no_route(host: Host) -> Problem:
    parts = request.path.removeprefix(PREFIX).strip("/").split("/")
    name = parts[2] if parts[0] == "guilds" and len(parts) > 2 else parts[0]
    if (
        request.path.startswith(PREFIX)
        and (view := host.plugin(name))
        and not (view.declaration and view.state.running)
    ):
        require_running(host, view.name)
    return Problem(
        "no_such_route", f"There is no route {request.method} {_shown()}. {PREFIX}/openapi.json lists all there are."
    )


def _shown() -> str:
    path = request.path.encode("ascii", "backslashreplace").decode()
    return path if len(path) <= 120 else path[:120] + "…"
