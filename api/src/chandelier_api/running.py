"""Whether a plugin's routes answer now: asked at every request, because plugins are switched on and off live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chandelier import State
from chandelier_api.problems import Problem

if TYPE_CHECKING:
    from chandelier_core.host import Host

_COMING = (State.VALIDATED, State.MIGRATED, State.FAILED)
_RETRY_AFTER_S = 5


def require_running(host: Host, name: str) -> None:
    """Let a plugin's route answer, or raise the Problem that says why not.

    A plugin that is off has no routes: 404. One that should run and does not yet, or not at the moment: 503.
    """
    view = host.plugin(name)
    if view is None:
        raise Problem("plugin_off", f"There is no plugin {name} here any more.")
    if view.state.running and view.enabled:
        return
    sentence = f"The plugin {name} does not run: {view.sentence or view.state.sentence}"
    if view.enabled and view.state in _COMING:
        raise Problem("plugin_not_ready", sentence).retry_after(_RETRY_AFTER_S)
    raise Problem("plugin_off", sentence)
