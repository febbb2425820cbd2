"""The application's commands, global and of each guild, as Discord keeps them."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.command_rules import check_command, inspect_command
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.snowflakes import Snowflakes

COMMANDS_MOST = 100
ROLE, USER, CHANNEL = 1, 2, 3  # Discord: Application Commands, Application Command Permission Type
ALL_CHANNELS_BELOW = 1  # "all channels" has the id of the server less one
_Key = tuple[str, int]
_KEPT_OPTION_FIELDS = (
    "type",
    "name",
    "description",
    "name_localizations",
    "description_localizations",
    "required",
    "autocomplete",
    "choices",
    "options",
    "channel_types",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
)


class Commands:
    """Keep commands per scope; scope None is global, a number is a guild."""

    def __init__(self, application_id: int, snowflakes: Snowflakes) -> None:
        self.application_id = application_id
        self._snowflakes = snowflakes
        self._scopes: dict[int | None, dict[_Key, JsonObject]] = {}
        self._permissions: dict[int, dict[int, list[JsonObject]]] = {}

    def permissions(self, guild_id: int, command_id: int) -> list[JsonObject]:
        """Return what a server allows and denies for a command, or for the application by its own id."""
        return self._permissions.get(guild_id, {}).get(command_id, [])

    def all(self, scope: int | None = None) -> list[JsonObject]:
        """Return the commands of a scope, in the order they were registered."""
        return list(self._scopes.get(scope, {}).values())

    def get(self, scope: int | None, command_id: int) -> JsonObject:
        """Return a command or raise 10063."""
        for command in self.all(scope):
            if command["id"] == str(command_id):
                return command
        raise refusal(10063)

    def overwrite(self, scope: int | None, bodies: Any) -> list[JsonObject]:
        """Replace a scope (PUT); a command of the same name and type keeps its id."""
        errors = FormErrors()
        if not isinstance(bodies, list):
            errors.add((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            errors.raise_any()
        keys: set[_Key] = set()
        for place, body in enumerate(bodies):
            inspect_command(body, (place,), errors)
            key = _key(body) if isinstance(body, dict) else ("", 0)
            if key in keys:
                text = "Application command names must be unique"
                errors.add((place, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)
            keys.add(key)
        if len([key for key in keys if key[1] == 1]) > COMMANDS_MOST:
            raise refusal(30032)
        errors.raise_any()
        old = self._scopes.get(scope, {})
        self._scopes[scope] = {_key(body): self._written(scope, body, old.get(_key(body))) for body in bodies}
        return self.all(scope)

    def upsert(self, scope: int | None, body: Any) -> tuple[bool, JsonObject]:
        """Create a command or replace the one of the same name (POST); tell whether it is new."""
        check_command(body)
        commands = self._scopes.setdefault(scope, {})
        old = commands.get(_key(body))
        if old is None and len([key for key in commands if key[1] == 1]) >= COMMANDS_MOST:
            raise refusal(30032)
        commands[_key(body)] = self._written(scope, body, old)
        return old is None, commands[_key(body)]

    def edit(self, scope: int | None, command_id: int, body: Any) -> JsonObject:
        """Change parts of a command (PATCH)."""
        old = self.get(scope, command_id)
        check_command(body, partial=True)
        new = self._written(scope, old | body, old)
        scoped = {key: new if command is old else command for key, command in self._scopes[scope].items()}
        self._scopes[scope] = {_key(command): command for command in scoped.values()}
        return new

    def delete(self, scope: int | None, command_id: int) -> None:
        """Delete a command or raise 10063."""
        command = self.get(scope, command_id)
        del self._scopes[scope][_key(command)]

    def _written(self, scope: int | None, body: JsonObject, old: JsonObject | None) -> JsonObject:
        facts = _facts(body)
        if old is not None and _facts(old) == facts:
            return old
        number = str(self._snowflakes.make())
        command: JsonObject = {
            "id": number if old is None else old["id"],
            "application_id": str(self.application_id),
            "version": number,
            **facts,
        }
        return command if scope is None else command | {"guild_id": str(scope)}


def _key(body: JsonObject) -> _Key:
    kind = body.get("type") or 1
    return (str(body.get("name")), kind if isinstance(kind, int) else 0)


def _facts(body: JsonObject) -> JsonObject:
    """Return what makes up a command, defaults filled in."""
    permissions = body.get("default_member_permissions")
    options = [_option(option) for option in body.get("options") or []]
    facts: JsonObject = {
        "type": int(body.get("type") or 1),
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None if permissions is None else str(permissions),
        "dm_permission": bool(body.get("dm_permission", True) in (True, None)),
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "nsfw": bool(body.get("nsfw")),
    }
    return facts | ({"options": options} if options else {})


def _option(option: JsonObject) -> JsonObject:
    kept = {name: option[name] for name in _KEPT_OPTION_FIELDS if option.get(name) is not None}
    if kept.get("options"):
        kept["options"] = [_option(inner) for inner in kept["options"]]
    for absent_when_false in ("required", "autocomplete"):
        if kept.get(absent_when_false) is False:
            del kept[absent_when_false]
    return kept
