"""Commands that are slash commands of their own in their server."""

from __future__ import annotations

from collections.abc import Sequence

from chandelier import ServerCommand, ServerOption
from chandelier.parameters import Kind
from chandelier_custom.spec import Option, Spec
from chandelier_custom.store import reading

MOST = 100
_KINDS = {
    "text": Kind.STRING, "integer": Kind.INTEGER, "number": Kind.NUMBER, "yes_no": Kind.BOOLEAN, "user": Kind.USER,
    "channel": Kind.CHANNEL, "role": Kind.ROLE,
}  # fmt: skip


async def server_commands(guild_id: int) -> Sequence[ServerCommand]:
    """Give a server's commands that have opted in, up to the 100 that Discord shows; `/custom run` has them all."""
    return [
        _command(command_id, Spec.model_validate(kept)) for command_id, kept in await reading.read_slash(guild_id, MOST)
    ]


def _command(command_id: int, spec: Spec) -> ServerCommand:
    return ServerCommand(
        name=spec.name, description=spec.description or "A command of this server.", runs="custom triggered",
        arguments={"command_id": command_id}, options=tuple(_option(option) for option in spec.options), into="given",
    )  # fmt: skip


def _option(option: Option) -> ServerOption:
    return ServerOption(
        name=option.name, description=option.description or option.name, kind=_KINDS[option.kind], required=option.required,
        choices=tuple(option.choices),
    )  # fmt: skip
