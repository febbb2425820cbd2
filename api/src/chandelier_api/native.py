"""The native door: a plugin's own Quart blueprint, mounted under its name and guarded like the rest."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from quart import Quart, request

from chandelier import Finding
from chandelier_api.problems import Problem
from chandelier_api.references import reference
from chandelier_api.routes import PREFIX, RESERVED, Misfit
from chandelier_core.host import PartTooSlow

if TYPE_CHECKING:
    from quart import Blueprint

    from chandelier_core.host import Host, PluginView

#: How long a route of a plugin's own may take (DESIGN, section 4). A streamed body is not counted.
LIMIT_S = 30.0
_NAME = "native:"


def mount_blueprints(app: Quart, host: Host) -> tuple[Misfit, ...]:
    """Mount every plugin's blueprint below /api/v1/<plugin>; tell which could not be, and why.

    A blueprint is first tried on an application of its own: one that fails there, or that reaches outside of its prefix, is
    not mounted, and leaves no trace.
    """
    misfits: list[Misfit] = []
    for view in host.plugins:
        blueprint = view.declaration.blueprint if view.declaration else None
        if blueprint is None:
            continue
        tried = trial_of(view)
        if isinstance(tried, Quart):
            _mount(app, host, view.name, blueprint)
        elif tried is not None:
            misfits.append(Misfit(view.name, Finding("blueprint", tried, level="warning")))
    return tuple(misfits)


def plugin_of(blueprints: list[str]) -> str | None:
    """Give the plugin whose blueprint answers a request, from the names of the request's blueprints."""
    return next((name.removeprefix(_NAME) for name in blueprints if name.startswith(_NAME)), None)


def _prefix(plugin: str, blueprint: Blueprint) -> str:
    return f"{PREFIX}/{plugin}" + (blueprint.url_prefix or "").rstrip("/")


def trial_of(view: PluginView) -> Quart | str | None:
    """Mount a plugin's blueprint on an application of its own and give that, or the sentence why not; None without one."""
    blueprint = view.declaration.blueprint if view.declaration else None
    if blueprint is None:
        return None
    if view.name in RESERVED:
        return f"{PREFIX}/{view.name} is the API's own; the plugin needs another name to have routes."
    trial = Quart("trial", static_folder=None)
    untouched = _reach(trial)
    try:
        trial.register_blueprint(blueprint, url_prefix=_prefix(view.name, blueprint), name=_NAME + view.name)
    except Exception as error:
        return f"Quart refuses it: {error}"
    outside = [rule.rule for rule in trial.url_map.iter_rules() if not rule.rule.startswith(f"{PREFIX}/{view.name}")]
    if outside:
        return f"its route {outside[0]} stands outside of {PREFIX}/{view.name}."
    if _reach(trial) != untouched:
        return "it sets hooks or error handlers for the whole application; use those of the blueprint."
    return trial


def _reach(app: Quart) -> list[int]:
    """Count what is set for a whole application."""
    hooks: list[Any] = [app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs,
                        app.before_websocket_funcs, app.after_websocket_funcs]  # fmt: skip
    handlers = sum(len(found) for found in app.error_handler_spec[None].values())
    return [*(len(functions[None]) for functions in hooks), handlers, len(app.before_serving_funcs)]


def _mount(app: Quart, host: Host, plugin: str, blueprint: Blueprint) -> None:
    before = set(app.view_functions)
    app.register_blueprint(blueprint, url_prefix=_prefix(plugin, blueprint), name=_NAME + plugin)
    sockets = {rule.endpoint for rule in app.url_map.iter_rules() if rule.websocket}
    for endpoint in set(app.view_functions) - before - sockets:
        app.view_functions[endpoint] = _limited(app, host, plugin, app.view_functions[endpoint])


def _limited(app: Quart, host: Host, plugin: str, view: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Guard a view: its circuit, its time, and whatever it raises are the host's."""
    run: Callable[..., Awaitable[Any]] = app.ensure_async(view)

    @functools.wraps(view)
    async def answer(*args: object, **kwargs: object) -> Any:
        rule = request.url_rule
        part = f"route {request.method} {rule.rule if rule is not None else request.path[:100]}"
        try:
            return await host.run_part(plugin, part, lambda: run(*args, **kwargs), limit_s=LIMIT_S)
        except PartTooSlow as error:
            await host.record_failure(error, plugin=plugin, part=part, reference=reference())
            raise Problem("timed_out", f"The plugin {plugin} took longer than {LIMIT_S:.0f} s and was ended.") from None

    return answer
