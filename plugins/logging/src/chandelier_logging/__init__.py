"""Logging: one row for every command that was used."""

from chandelier import Page, Permission, Plugin, Surface
from chandelier_logging.config import Config
from chandelier_logging.reading import everywhere, log
from chandelier_logging.upkeep import add_hooks, sweep
from chandelier_logging.uses import Recorder


def build_plugin() -> Plugin:
    """List the parts; the recorder is theirs, and opens no earlier than the plugin's lifespan."""
    recorder = Recorder()
    plugin = Plugin(
        "logging",
        summary="One row for every command that was used.",
        config=Config,
        jobs=[sweep],
        models="chandelier_logging.models",
        lifespan=recorder.open,
        pages=[Page("Command log", rows="GET /", columns=("at", "user_name", "command", "status", "duration_ms"))],
    )
    seen = {Surface.SLASH, Surface.REST}  # a text command cannot answer so that only its caller reads it
    plugin.command(http="GET /", where="guild", allow=Permission.VIEW_AUDIT_LOG, ephemeral=True, surfaces=seen)(log)
    plugin.command(http="GET /uses", allow=Permission.ADMINISTRATOR, surfaces={Surface.REST})(everywhere)
    add_hooks(plugin, recorder)
    return plugin


plugin = build_plugin()
