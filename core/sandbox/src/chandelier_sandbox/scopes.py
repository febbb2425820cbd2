"""The OAuth2 scopes that an application may ask for, in words for the page (Discord: OAuth2, OAuth2 Scopes)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SCOPES: Mapping[str, str] = {
    "identify": "Know your username, avatar and banner",
    "email": "Know your email address",
    "connections": "Know the accounts you have connected",
    "guilds": "Know what servers you are in",
    "guilds.join": "Add you to servers",
    "guilds.members.read": "Read your member info (nickname, roles) in your servers",
    "gdm.join": "Add you to group messages",
    "bot": "Add a bot to a server",
    "webhook.incoming": "Create a webhook that posts into a channel",
    "applications.commands": "Create commands in a server",
    "applications.commands.permissions.update": "Change who may use its commands in your servers",
    "applications.builds.read": "Read the builds of your applications",
    "applications.entitlements": "Read what you are entitled to",
    "applications.store.update": "Change the store pages of your applications",
    "role_connections.write": "Update your connection and its metadata for this app",
    "openid": "Confirm who you are (OpenID Connect)",
}
WITHOUT_A_PERSON = frozenset({"identify", "email", "connections", "guilds", "applications.commands.update"})
ALWAYS_ASKED = frozenset({"bot", "webhook.incoming"})
COMMAND_PERMISSIONS = "applications.commands.permissions.update"


def split_scopes(text: str) -> tuple[str, ...]:
    """Return the scopes of a parameter, each once, in their order."""
    return tuple(dict.fromkeys(text.split()))


def are_askable(scopes: Iterable[str]) -> bool:
    """Tell whether a person can be asked for all of these; those that Discord grants on request only are not."""
    return all(scope in SCOPES for scope in scopes)
