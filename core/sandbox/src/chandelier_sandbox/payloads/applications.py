"""The bot's application as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import User


def application_json(application_id: int, bot: User, owner: User, flags: int, guild_count: int) -> JsonObject:
    """Describe the bot's application (Discord: Application Object); verify_key is hexadecimal."""
    nothing = "icon interactions_endpoint_url role_connections_verification_url team type"
    answer: JsonObject = {
        **dict.fromkeys(nothing.split()),
        "id": str(application_id),
        "name": bot.display_name or bot.name,
        "description": "A bot in the sandbox.",
        "bot": user_json(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": f"{application_id:064x}",
        "flags": flags,
        "flags_new": str(flags),
        "owner": user_json(owner),
        "redirect_uris": [],
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "approximate_guild_count": guild_count,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
    }
    return answer
