"""The host's own plugin: each command from a module of its own."""

from __future__ import annotations

from collections.abc import Callable

from chandelier import Plugin
from chandelier_core.builtin.operators import Desk, add_operators
from chandelier_core.builtin.prefix import add_prefix
from chandelier_core.builtin.servers import Counter, add_servers
from chandelier_core.builtin.telling import FeedInUse, WebhooksInUse, add_telling, delivery
from chandelier_core.builtin.tokens import AccessInUse, add_tokens
from chandelier_core.guilds.settings import Guilds


def host_plugin(
    guilds_in_use: Callable[[], Guilds],
    desk_in_use: Callable[[], Desk],
    counter_in_use: Callable[[], Counter],
    access_in_use: AccessInUse,
    feed_in_use: FeedInUse,
    webhooks_in_use: WebhooksInUse,
) -> Plugin:
    """Make the host's own plugin. What it stands on is asked for when a command runs, not before."""
    plugin = Plugin("host", summary="Settings of the bot itself.", jobs=[delivery(webhooks_in_use)])
    add_prefix(plugin, guilds_in_use)
    add_servers(plugin, counter_in_use)
    add_operators(plugin, desk_in_use)
    add_tokens(plugin, access_in_use)
    add_telling(plugin, feed_in_use, webhooks_in_use)
    return plugin
