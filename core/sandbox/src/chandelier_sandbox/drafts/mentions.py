"""Who a message mentions (Discord: Message, Allowed Mentions Object)."""

from __future__ import annotations

import re
from typing import Any

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Message, User
from chandelier_sandbox.world import World

_MENTION = re.compile(r"<@!?(\d+)>")
_ROLE_MENTION = re.compile(r"<@&(\d+)>")
_EVERYBODY: JsonObject = {"parse": ["users", "roles", "everyone"], "replied_user": True}


def mention(message: Message, allowed: Any, world: World) -> None:
    """Work out who is mentioned; without rules everybody named is."""
    rules = allowed if isinstance(allowed, dict) else _EVERYBODY
    parse = rules.get("parse") or []
    message.mentions = _users(message, rules, parse, world)
    roles = {str(role) for role in rules.get("roles") or []}
    named = dict.fromkeys(_ROLE_MENTION.findall(message.content))
    message.mention_roles = [int(role) for role in named if "roles" in parse or role in roles]
    loud = "@everyone" in message.content or "@here" in message.content
    message.mention_everyone = loud and "everyone" in parse


def _users(message: Message, rules: JsonObject, parse: list[str], world: World) -> list[User]:
    users = {str(user) for user in rules.get("users") or []}
    found: dict[int, User] = {}
    for user_id in _MENTION.findall(message.content):
        user = world.users.get(int(user_id))
        if user is not None and ("users" in parse or user_id in users):
            found[user.id] = user
    replied = _replied_author(message, world)
    if replied is not None and rules.get("replied_user") in (True, "true", "True"):
        found[replied.id] = replied
    return list(found.values())


def _replied_author(message: Message, world: World) -> User | None:
    about = message.reference
    if about is None or about.get("type") != 0 or "message_id" not in about:
        return None
    replied = world.messages.get(int(about["channel_id"]), {}).get(int(about["message_id"]))
    return None if replied is None else replied.author
