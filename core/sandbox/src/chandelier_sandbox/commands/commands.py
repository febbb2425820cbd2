"""The application's commands, global and of each guild, as Discord keeps them."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.commands.fields import CHAT_INPUT, ENTRY_POINT, MESSAGE_COMMAND, USER_COMMAND
from chandelier_sandbox.commands.rules import inspect_command
from chandelier_sandbox.errors import DiscordError, FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.limits import Bucket, Limited
from chandelier_sandbox.snowflakes import Snowflakes

COMMANDS_MOST = {CHAT_INPUT: 100, USER_COMMAND: 15, MESSAGE_COMMAND: 15, ENTRY_POINT: 1}
LIST_MOST = 130
CREATES_MOST = 200
DAY_S = 86_400.0
ROLE, USER, CHANNEL = 1, 2, 3  # Discord: Application Commands, Application Command Permission Type
ALL_CHANNELS_BELOW = 1  # "all channels" has the id of the server less one
_Key = tuple[str, int]
_SUBS = (1, 2)
_OF_ALL = ("type", "name", "name_localizations", "description", "description_localizations", "required")
_OF_KIND = {
    1: ("options",),
    2: ("options",),
    3: ("autocomplete", "choices", "min_length", "max_length"),
    4: ("autocomplete", "choices", "min_value", "max_value"),
    7: ("channel_types",),
    10: ("autocomplete", "choices", "min_value", "max_value"),
}
_OF_CHOICE = ("name", "name_localizations", "value")


class Commands:
    """Keep commands per scope; scope None is global, a number is a guild.

    Where `now` is given, creations count towards Discord's 200 a day; what replaces a command is none.
    """

    def __init__(self, application_id: int, snowflakes: Snowflakes) -> None:
        self.application_id = application_id
        self._snowflakes = snowflakes
        self._scopes: dict[int | None, dict[_Key, JsonObject]] = {}
        self._creates: dict[int | None, Bucket] = {}
        self._permissions: dict[int, dict[int, list[JsonObject]]] = {}

    def all(self, scope: int | None = None) -> list[JsonObject]:
        """Return the commands of a scope, in the order they were registered."""
        return list(self._scopes.get(scope, {}).values())

    def get(self, scope: int | None, command_id: int) -> JsonObject:
        """Return a command or raise 10063."""
        for command in self.all(scope):
            if command["id"] == str(command_id):
                return command
        raise refusal(10063)

    def overwrite(self, scope: int | None, bodies: Any, now: float | None = None) -> list[JsonObject]:
        """Replace a scope (PUT); a command of the same name and type keeps its id."""
        _check_list(bodies, in_guild=scope is not None)
        old = self._scopes.get(scope, {})
        keys = [_key(body) for body in bodies]
        _must_fit(keys)
        self._count(scope, len([key for key in keys if key not in old]), now)
        self._scopes[scope] = {_key(body): self._written(scope, body, old.get(_key(body))) for body in bodies}
        kept = {command["id"] for command in self.all(scope)}
        for command in old.values():
            if command["id"] not in kept:
                self._forget(command)
        return self.all(scope)

    def upsert(self, scope: int | None, body: Any, now: float | None = None) -> tuple[bool, JsonObject]:
        """Create a command or replace the one of the same name (POST); tell whether it is new."""
        errors = FormErrors()
        inspect_command(body, (), errors, in_guild=scope is not None)
        errors.raise_any()
        commands = self._scopes.setdefault(scope, {})
        key = _key(body)
        old = commands.get(key)
        if old is None:
            _must_fit([*commands, key])
            self._count(scope, 1, now)
        commands[key] = self._written(scope, body, old)
        return old is None, commands[key]

    def edit(self, scope: int | None, command_id: int, body: JsonObject) -> JsonObject:
        """Change parts of a command (PATCH); its type stays."""
        old = self.get(scope, command_id)
        wanted = old | body | {"type": old["type"]}
        errors = FormErrors()
        inspect_command(wanted, (), errors, in_guild=scope is not None)
        namesake = self._scopes[scope].get(_key(wanted))
        if namesake is not None and namesake is not old:
            _note_duplicate((), errors)
        errors.raise_any()
        new = self._written(scope, wanted, old)
        commands = [new if command is old else command for command in self.all(scope)]
        self._scopes[scope] = {_key(command): command for command in commands}
        return new

    def delete(self, scope: int | None, command_id: int) -> None:
        """Delete a command or raise 10063."""
        command = self.get(scope, command_id)
        del self._scopes[scope][_key(command)]
        self._forget(command)

    # Permissions

    def permissions(self, guild_id: int, command_id: int) -> list[JsonObject]:
        """Return what a server allows and denies for a command, or for the application by its own id."""
        return self._permissions.get(guild_id, {}).get(command_id, [])

    def permissions_in(self, guild_id: int) -> dict[int, list[JsonObject]]:
        """Return everything that a server allows and denies, by the id of the command or application."""
        return self._permissions.get(guild_id, {})

    def permit(self, guild_id: int, command_id: int, permissions: list[JsonObject]) -> None:
        """Put what a server allows and denies in place of what it did."""
        kept = self._permissions.setdefault(guild_id, {})
        kept.pop(command_id, None)
        if permissions:
            kept[command_id] = permissions

    def _forget(self, command: JsonObject) -> None:
        for kept in self._permissions.values():
            kept.pop(int(command["id"]), None)

    def _count(self, scope: int | None, created: int, now: float | None) -> None:
        """Count creations, or raise 30034 with the time until there is room again."""
        if now is None or not created:
            return
        bucket = self._creates.setdefault(scope, Bucket(CREATES_MOST, DAY_S))
        if now >= bucket.reset_at:
            bucket.used, bucket.reset_at = 0, now + DAY_S
        if bucket.used + created > bucket.most:
            raise Limited(bucket.reset_at - now, "user", 30034)
        bucket.used += created

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


def _check_list(bodies: Any, *, in_guild: bool) -> None:
    """Raise 50035 with every error of a list of commands."""
    errors = FormErrors()
    if not isinstance(bodies, list):
        errors.add((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        errors.raise_any()
    if len(bodies) > LIST_MOST:
        errors.too_long((), LIST_MOST)
        errors.raise_any()
    keys: set[_Key] = set()
    for place, body in enumerate(bodies):
        inspect_command(body, (place,), errors, in_guild=in_guild)
        if not isinstance(body, dict) or not isinstance(body.get("name"), str):
            continue
        if _key(body) in keys:
            _note_duplicate((place,), errors)
        keys.add(_key(body))
    errors.raise_any()


def _note_duplicate(path: tuple[str | int, ...], errors: FormErrors) -> None:
    errors.add((*path, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")


def _must_fit(keys: list[_Key]) -> None:
    for kind, most in COMMANDS_MOST.items():
        if sum(key[1] == kind for key in keys) > most:
            raise DiscordError(400, 30032, f"Maximum number of application commands reached ({most})")


def _key(body: JsonObject) -> _Key:
    kind = body.get("type") or CHAT_INPUT
    return (str(body.get("name")), kind if isinstance(kind, int) else 0)


def _facts(body: JsonObject) -> JsonObject:
    """Return what makes up a command, defaults filled in."""
    permissions = body.get("default_member_permissions")
    options = [_option(option) for option in body.get("options") or []]
    facts: JsonObject = {
        "type": int(body.get("type") or CHAT_INPUT),
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None if permissions is None else str(int(permissions)),
        "dm_permission": body.get("dm_permission") is not False,
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "nsfw": body.get("nsfw") is True,
    }
    if body.get("handler") is not None:
        facts["handler"] = body["handler"]
    return facts | ({"options": options} if options else {})


def _option(option: JsonObject) -> JsonObject:
    """Return what an option keeps of its body: what its type has, without what is null or false."""
    names = (*_OF_ALL, *_OF_KIND.get(option["type"], ()))
    kept = {name: option[name] for name in names if option.get(name) is not None and option[name] is not False}
    if option["type"] in _SUBS:
        kept.pop("required", None)
    if kept.get("options"):
        kept["options"] = [_option(inner) for inner in kept["options"]]
    if kept.get("choices"):
        kept["choices"] = [_choice(choice) for choice in kept["choices"]]
    return kept


def _choice(choice: JsonObject) -> JsonObject:
    return {name: choice[name] for name in _OF_CHOICE if choice.get(name) is not None}
