"""Who may use a command in a server, as its owner sets it (Discord: Application Commands, Permissions)."""

from __future__ import annotations

from chandelier_sandbox.changes.audit import Action, By, note
from chandelier_sandbox.commands.commands import Commands
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Guild
from chandelier_sandbox.world import World


def set_permissions(
    world: World, commands: Commands, guild: Guild, command_id: int, wanted: list[JsonObject], *, by: By
) -> JsonObject:
    """Put these permissions in place of a command's, tell of it, and return how they are described."""
    before = {one["id"]: one for one in commands.permissions(guild.id, command_id)}
    after = {one["id"]: one for one in wanted}
    commands.permit(guild.id, command_id, wanted)
    payload = permissions_json(commands, guild.id, command_id)
    world.publish("APPLICATION_COMMAND_PERMISSIONS_UPDATE", payload, guild)
    changes = [_change(number, before.get(number), after.get(number)) for number in {**before, **after}]
    options: JsonObject = {"application_id": str(commands.application_id)}
    target = Action.APPLICATION_COMMAND_PERMISSION_UPDATE
    note(world, guild, by, target, command_id, changes=[one for one in changes if one is not None], options=options)
    return payload


def permissions_json(commands: Commands, guild_id: int, command_id: int) -> JsonObject:
    """Describe the permissions of a command (Discord: Guild Application Command Permissions Structure)."""
    return {
        "id": str(command_id),
        "application_id": str(commands.application_id),
        "guild_id": str(guild_id),
        "permissions": commands.permissions(guild_id, command_id),
    }


def _change(number: str, old: JsonObject | None, new: JsonObject | None) -> JsonObject | None:
    if old == new:
        return None
    change: JsonObject = {"key": number}
    change |= {} if old is None else {"old_value": old}
    return change | ({} if new is None else {"new_value": new})
