"""The hooks: what a plugin takes part in. What a plugin *has* stands in its declaration instead.

The core never calls an async hook through pluggy's own caller, which ends at the first exception: it walks the
implementations, each under its own guard and time limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chandelier.calls import Call, Outcome
    from chandelier.commands import Resolution
    from chandelier.declaration import Declaration
    from chandelier.errors import UserError
    from chandelier.server_commands import ServerCommand
    from chandelier.states import State

PROJECT = "chandelier"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Hooks:
    """Ten hooks. ``declare`` is the only required one, and Plugin implements it for you."""

    @hookspec
    def declare(self) -> Declaration:  # type: ignore[empty-body]
        """Say what this plugin is.

        Guarantees: called once in each process, before any I/O, perhaps with no Discord and no database. Must be pure, and
        done within 1 s.
        """

    @hookspec
    async def resolve_command(self, guild_id: int | None, name: str, rest: str) -> Resolution | None:
        """Answer for a text command that nobody declared. The first answer, in the order of plugins.toml, is used; 2 s.

        ``rest`` is what was written after the name. An implementation may leave out what it does not look at.
        """

    @hookspec
    async def server_commands(self, guild_id: int) -> Sequence[ServerCommand]:  # type: ignore[empty-body]
        """Give the slash commands of a server alone, 100 from all plugins; asked again after ``ctx.show_commands``; 5 s."""

    @hookspec
    async def before_command(self, call: Call) -> UserError | None:
        """Refuse a call by giving a UserError. Needs the grant INTERCEPT; one refusal is enough; an error refuses; 2 s."""

    @hookspec
    async def command_finished(self, call: Call, outcome: Outcome) -> None:
        """Observe that a call has ended, well or not. The reply has gone; 5 s."""

    @hookspec
    async def plugin_changed(self, plugin: str, old: State, new: State) -> None:
        """Observe that a plugin moved between states; 5 s."""

    @hookspec
    async def guild_left(self, guild_id: int) -> None:
        """Delete what you hold about a server that the bot has left. Must be idempotent; 60 s."""

    @hookspec
    async def user_exported(self, user_id: int) -> dict[str, object] | None:
        """Give everything you hold about a person, as JSON; 60 s."""

    @hookspec
    async def user_erased(self, user_id: int) -> None:
        """Delete what you hold about a person. Must be idempotent; 60 s."""

    @hookspec
    async def health(self) -> str | None:
        """Say in a sentence what ails you, or None. Asked at most every 10 s; 2 s."""


#: The names of all hooks, in the order above.
HOOK_NAMES = tuple(name for name, value in vars(Hooks).items() if callable(value) and not name.startswith("_"))
