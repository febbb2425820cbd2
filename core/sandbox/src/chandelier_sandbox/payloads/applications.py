"""The bot's application and what belongs to it, as JSON."""

from __future__ import annotations

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.times import timestamp
from chandelier_sandbox.payloads.users import user_json
from chandelier_sandbox.records import Application, Entitlement, User

_TEST_ENTITLEMENT = 8  # Discord: Entitlement, Entitlement Types, APPLICATION_SUBSCRIPTION


def public_application_json(application: Application, bot: User, flags: int) -> JsonObject:
    """Describe an application to anybody (Discord: Application Object); verify_key is hexadecimal."""
    shown = ("tags", "install_params", "integration_types_config", "custom_install_url", "max_participants")
    return {
        "id": str(application.id),
        "name": application.name,
        "icon": application.icon,
        "description": application.description,
        "type": None,
        "bot": user_json(bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": application.public_key,
        "flags": flags | application.flags,
        "flags_new": str(flags | application.flags),
        **{name: value for name, value in application.settings.items() if name in shown},
    }


def application_json(application: Application, bot: User, flags: int, guild_count: int) -> JsonObject:
    """Describe an application to itself, with what only its owner may see."""
    return {
        **public_application_json(application, bot, flags),
        "owner": user_json(application.owner),
        "team": None,
        "redirect_uris": list(application.redirect_uris),
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "event_webhooks_url": None,
        "event_webhooks_status": 1,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
        "approximate_guild_count": guild_count,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        **application.settings,
    }


def entitlement_json(entitlement: Entitlement, application_id: int) -> JsonObject:
    """Describe an entitlement (Discord: Entitlement Object)."""
    answer: JsonObject = {
        "id": str(entitlement.id),
        "sku_id": str(entitlement.sku_id),
        "application_id": str(application_id),
        "user_id": str(entitlement.user_id),
        "deleted": entitlement.deleted,
        "consumed": entitlement.consumed,
        "starts_at": timestamp(entitlement.starts_at),
        "ends_at": timestamp(entitlement.ends_at),
        "type": _TEST_ENTITLEMENT,
    }
    return answer | ({} if entitlement.guild_id is None else {"guild_id": str(entitlement.guild_id)})
