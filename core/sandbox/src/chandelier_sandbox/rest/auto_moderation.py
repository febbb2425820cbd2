"""Rules of auto moderation: kept as they are given, and never carried out."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.changes import auto_moderation
from chandelier_sandbox.errors import FormErrors, plain, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Guild
from chandelier_sandbox.rest.access import by, open_guild
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route, Standing
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, Plain, TextOf, WholeOf, checked, is_true

_WORDS = ListOf(TextOf(60, least=1))
_METADATA = ObjectOf(
    {
        "keyword_filter": _WORDS,
        "regex_patterns": ListOf(TextOf(260, least=1), most=10),
        "allow_list": _WORDS,
        "presets": ListOf(OneOf((1, 2, 3))),
        "mention_total_limit": WholeOf(0, 50),
        "mention_raid_protection_enabled": Plain.FLAG,
    }
)
_ACTION = ObjectOf(
    {
        "type": OneOf((1, 2, 3, 4)),
        "metadata": ObjectOf(
            {
                "channel_id": Plain.SNOWFLAKE,
                "duration_seconds": WholeOf(0, 2_419_200),
                "custom_message": TextOf(150),
            }
        ),
    },
    required=("type",),
)
_RULE = ObjectOf(
    {
        "name": TextOf(100, least=1),
        "event_type": OneOf((1, 2)),
        "trigger_type": OneOf((1, 3, 4, 5, 6)),
        "trigger_metadata": _METADATA,
        "actions": ListOf(_ACTION, most=5),
        "enabled": Plain.FLAG,
        "exempt_roles": ListOf(Plain.SNOWFLAKE, most=20),
        "exempt_channels": ListOf(Plain.SNOWFLAKE, most=50),
    },
    required=("name", "event_type", "trigger_type"),
)
# Discord: Auto Moderation, Trigger Types: how many rules of each a guild has
_MOST = {1: 6, 3: 1, 4: 1, 5: 1, 6: 1}
_LISTS: JsonObject = {"keyword_filter": [], "regex_patterns": [], "allow_list": []}
_DEFAULTS: dict[int, JsonObject] = {
    1: _LISTS,
    3: {},
    4: {"presets": [], "allow_list": []},
    5: {"mention_total_limit": 20, "mention_raid_protection_enabled": False},
    6: _LISTS,
}


def list_rules(call: Call) -> Answer:
    """List a guild's rules."""
    return Answer(list(open_guild(call, Permission.MANAGE_GUILD).rules.values()))


def _find(call: Call) -> tuple[Guild, JsonObject]:
    guild = open_guild(call, Permission.MANAGE_GUILD)
    rule = guild.rules.get(call.number("rule_id"))
    if rule is None:
        raise plain(404, "Not Found")
    return guild, rule


def get_rule(call: Call) -> Answer:
    """Describe a rule."""
    return Answer(_find(call)[1])


def create_rule(call: Call) -> Answer:
    """Create a rule."""
    guild = open_guild(call, Permission.MANAGE_GUILD)
    body = checked(call.body, _RULE)
    kind, errors = int(body["trigger_type"]), FormErrors()
    if sum(rule["trigger_type"] == kind for rule in guild.rules.values()) >= _MOST[kind]:
        sentence = f"Maximum number of rules of this type reached ({_MOST[kind]})."
        errors.add(("trigger_type",), "AUTO_MODERATION_MAX_RULES_OF_TYPE_EXCEEDED", sentence)
    errors.raise_any()
    rule: JsonObject = {
        "id": str(call.discord.snowflakes.make()),
        "guild_id": str(guild.id),
        "creator_id": str(call.user.id),
        "trigger_type": kind,
        "trigger_metadata": dict(_DEFAULTS[kind]),
        "actions": [{"type": 1, "metadata": {}}],
        "enabled": False,
        "exempt_roles": [],
        "exempt_channels": [],
    }
    rule |= _facts(guild, rule, body)
    auto_moderation.put_rule(call.discord.world, guild, rule, by(call))
    return Answer(rule)


def patch_rule(call: Call) -> Answer:
    """Change a rule; what triggers it stays."""
    guild, rule = _find(call)
    changed = rule | _facts(guild, rule, checked(call.body, _RULE, partial=True))
    auto_moderation.put_rule(call.discord.world, guild, changed, by(call))
    return Answer(changed)


def delete_rule(call: Call) -> Answer:
    """Delete a rule."""
    guild, rule = _find(call)
    auto_moderation.delete_rule(call.discord.world, guild, rule, by(call))
    return NO_CONTENT


def _facts(guild: Guild, rule: JsonObject, body: JsonObject) -> JsonObject:
    facts: JsonObject = {}
    for name in ("name", "event_type"):
        if body.get(name) is not None:
            facts[name] = body[name]
    if body.get("enabled") is not None:
        facts["enabled"] = is_true(body["enabled"])
    for name in ("exempt_roles", "exempt_channels"):
        if body.get(name) is not None:
            facts[name] = list(dict.fromkeys(str(one) for one in body[name]))
    if body.get("trigger_metadata") is not None:
        known = _DEFAULTS[rule["trigger_type"]]
        given = {name: value for name, value in body["trigger_metadata"].items() if name in known}
        facts["trigger_metadata"] = rule["trigger_metadata"] | given
    if body.get("actions") is not None:
        facts["actions"] = [_action(guild, one) for one in body["actions"]]
    return facts


def _action(guild: Guild, action: JsonObject) -> JsonObject:
    metadata: dict[str, Any] = {name: one for name, one in (action.get("metadata") or {}).items() if one is not None}
    if int(action["type"]) == 2 and int(metadata.get("channel_id") or 0) not in guild.channels:
        raise refusal(10003)
    if "channel_id" in metadata:
        metadata["channel_id"] = str(metadata["channel_id"])
    return {"type": int(action["type"]), "metadata": metadata}


_RULES = "/guilds/{guild_id}/auto-moderation/rules"
_T = Standing.TOLERATED
ROUTES: tuple[Route, ...] = (
    Route("GET", _RULES, list_rules, standing=_T),
    Route("POST", _RULES, create_rule, standing=_T),
    Route("GET", _RULES + "/{rule_id}", get_rule, standing=_T),
    Route("PATCH", _RULES + "/{rule_id}", patch_rule, standing=_T),
    Route("DELETE", _RULES + "/{rule_id}", delete_rule, standing=_T),
)
