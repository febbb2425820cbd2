"""Rules of auto moderation come, change and go; the sandbox never acts on them."""

from __future__ import annotations

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Guild
from chandelier_sandbox.world import World

_LOGGED = ("name", "event_type", "trigger_type", "enabled", "actions", "exempt_roles", "exempt_channels")


def put_rule(world: World, guild: Guild, rule: JsonObject, by: By) -> None:
    """Add a rule, or put one in the place of the one with its id."""
    number, kind = int(rule["id"]), "UPDATE"
    before = guild.rules.get(number)
    if before is None:
        kind = "CREATE"
    guild.rules[number] = rule
    world.publish(f"AUTO_MODERATION_RULE_{kind}", rule, guild)
    changes = difference(_logged(before), _logged(rule))
    note(world, guild, by, Action[f"AUTO_MODERATION_RULE_{kind}"], number, changes=changes)


def delete_rule(world: World, guild: Guild, rule: JsonObject, by: By) -> None:
    """Delete a rule."""
    number = int(rule["id"])
    del guild.rules[number]
    world.publish("AUTO_MODERATION_RULE_DELETE", rule, guild)
    note(world, guild, by, Action.AUTO_MODERATION_RULE_DELETE, number, changes=difference(_logged(rule), {}))


def _logged(rule: JsonObject | None) -> JsonObject:
    return {} if rule is None else {name: rule[name] for name in _LOGGED}
