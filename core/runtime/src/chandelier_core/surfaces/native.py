"""The native door to lightbulb: the only module that imports it.

lightbulb holds the loaders that plugins bring, and nothing of our own commands, which go straight to dispatch. Its own sync is
off: it deletes commands that it did not make, and misses changes of permissions (hikari-lightbulb 3.2.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import hikari
import lightbulb

if TYPE_CHECKING:
    from chandelier_core.registry import Entry


class NativeCommands:
    """lightbulb's client, made only where a plugin brings a loader."""

    def __init__(self, bot: hikari.GatewayBot) -> None:
        self._client = lightbulb.client_from_app(bot, sync_commands=False)
        self._loaders: dict[str, Sequence[lightbulb.Loader]] = {}

    async def attach(self, entry: Entry) -> None:
        """Add a plugin's loaders; all of them, or none."""
        added: list[lightbulb.Loader] = []
        try:
            for loader in entry.declared.native:
                await loader.add_to_client(self._client)
                added.append(loader)
        except Exception:
            for loader in added:
                await loader.remove_from_client(self._client)
            raise
        self._loaders[entry.name] = added
        await self._client.sync_application_commands()  # fills lightbulb's own map; nothing is sent

    async def detach(self, entry: Entry) -> None:
        """Take a plugin's loaders out."""
        for loader in self._loaders.pop(entry.name, ()):
            await loader.remove_from_client(self._client)

    async def start(self) -> None:
        """Begin to answer; sends nothing, because the sync is the host's own."""
        await self._client.start()

    async def stop(self) -> None:
        """Stop lightbulb's tasks, and close what it injects."""
        await self._client.stop()

    async def definitions(self) -> list[hikari.api.CommandBuilder]:
        """Build the definitions of the loaders' global commands."""
        builders = []
        for command in self._client.registered_commands:
            builder = await command.as_command_builder(self._client.default_locale, self._client.localization_provider)
            settings = getattr(command, "_command_data", None)
            if settings is not None and settings.nsfw:
                builder.set_is_nsfw(True)  # hikari-lightbulb 3.2.6 leaves it out
            builders.append(builder)
        return builders
