"""The native door to lightbulb: the only module that imports it.

lightbulb holds the loaders that plugins bring, and nothing of our own commands, which go straight to dispatch. Its own sync is
off: it deletes commands that it did not make, and misses changes of permissions (hikari-lightbulb 3.2.6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import hikari
import lightbulb

from chandelier_core.life.owners import Owners

if TYPE_CHECKING:
    from chandelier_core.life.failures import Failures
    from chandelier_core.registry import Entry


class OffHere(Exception):
    """Ends a command of a plugin that is off in the server; the person has been told."""


class NativeCommands:
    """lightbulb's client, made only where a plugin brings a loader."""

    def __init__(self, bot: hikari.GatewayBot, uses: Callable[[str, int | None], bool], failures: Failures) -> None:
        """Hold plugins' loaders; ``uses`` says whether a plugin is on in a server."""
        self._client = lightbulb.client_from_app(bot, sync_commands=False, hooks=[self._only_where_on()])
        self._loaders: dict[str, Sequence[lightbulb.Loader]] = {}
        self._owners: dict[object, str] = {}
        self._modules = Owners.of_installed()
        self._uses = uses
        self._failures = failures
        self._client.error_handler(self._command_failed)
        bot.subscribe(hikari.ExceptionEvent, self._event_failed)

    async def attach(self, entry: Entry) -> None:
        """Add a plugin's loaders; all of them, or none."""
        added: list[lightbulb.Loader] = []
        known = set(self._client.registered_commands)
        try:
            for loader in entry.declared.native:
                await loader.add_to_client(self._client)
                added.append(loader)
        except Exception:
            for loader in added:
                await loader.remove_from_client(self._client)
            raise
        self._loaders[entry.name] = added
        self._owners |= dict.fromkeys(set(self._client.registered_commands) - known, entry.name)
        await self._client.sync_application_commands()  # fills lightbulb's own map; nothing is sent

    async def detach(self, entry: Entry) -> None:
        """Take a plugin's loaders out."""
        for loader in self._loaders.pop(entry.name, ()):
            await loader.remove_from_client(self._client)

    def _only_where_on(self) -> lightbulb.ExecutionHook:
        """Make the check that refuses the commands of a plugin in servers where it is off."""

        @lightbulb.hook(lightbulb.ExecutionSteps.MAX_CONCURRENCY)
        async def only_where_on(_: lightbulb.ExecutionPipeline, ctx: lightbulb.Context) -> None:
            plugin = self._owners.get(type(ctx.command))
            guild_id = None if ctx.guild_id is None else int(ctx.guild_id)
            if plugin is not None and not self._uses(plugin, guild_id):
                await ctx.respond(f"{plugin.capitalize()} is switched off in this server.", ephemeral=True)
                raise OffHere

        return only_where_on

    async def _command_failed(self, error: lightbulb.exceptions.ExecutionPipelineFailedException) -> bool:
        """Record what a command raised, and tell who used it."""
        if any(isinstance(cause, OffHere) for cause in error.causes):
            return True
        ctx, cause = error.context, error.causes[0]
        plugin = self._owners.get(type(ctx.command), "host")
        part = f"native command {ctx.command_data.qualified_name}"
        reference = await self._failures.record(cause, plugin=plugin, part=part, surface="slash")
        with suppress(hikari.HikariError):
            await ctx.respond(_broke(reference), ephemeral=True)
        return True

    async def _event_failed(self, failed: hikari.ExceptionEvent[hikari.Event]) -> None:
        """Record what a menu or a form raised, and tell who used it."""
        event, error = failed.failed_event, failed.exception
        place = self._modules.of_traceback(error.__traceback__)
        plugin = "host" if place is None else place
        if not isinstance(event, hikari.InteractionCreateEvent):
            await self._failures.record(error, plugin=plugin, part=f"event {type(event).__name__}")
            return
        kind = "form" if isinstance(event.interaction, hikari.ModalInteraction) else "menu"
        reference = await self._failures.record(error, plugin=plugin, part=f"native {kind}", surface="slash")
        if isinstance(event.interaction, hikari.ComponentInteraction | hikari.ModalInteraction):
            with suppress(hikari.HikariError):  # it may have answered already
                await event.interaction.create_initial_response(
                    hikari.ResponseType.MESSAGE_CREATE, _broke(reference), flags=hikari.MessageFlag.EPHEMERAL
                )

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


def _broke(reference: str) -> str:
    return f"Something broke; it is recorded as {reference}."
