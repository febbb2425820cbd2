"""The guarded REST client: a plugin may send what its needs allow. What is not listed here, nobody may send."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import hikari

from chandelier import Need, NeedMissing

Arguments = tuple[tuple[Any, ...], Mapping[str, Any]]
Rule = Callable[[Arguments, int], Collection[Need]]

#: What only reads, builds, or answers whoever has just asked: for everybody.
FREE_PREFIXES = ("fetch_", "build_", "estimate_", "search_")
FREE = frozenset(
    {
        "context_menu_command_builder", "slash_command_builder", "interaction_autocomplete_builder",
        "interaction_deferred_builder", "interaction_message_builder", "interaction_modal_builder",
        "create_interaction_response", "edit_interaction_response", "delete_interaction_response",
        "create_autocomplete_response", "create_modal_response", "create_interaction_voice_message_response",
        "edit_interaction_voice_message_response", "create_dm_channel", "trigger_typing", "delete_my_reaction",
        "leave_thread",
    }
)  # fmt: skip
_READS = {
    Need.AUDIT_LOG: ("fetch_audit_log",),
    Need.MODERATE: ("fetch_ban", "fetch_bans"),
    Need.MEMBERS: ("fetch_members",),
    Need.MANAGE_WEBHOOKS: (
        "fetch_webhook",
        "fetch_channel_webhooks",
        "fetch_guild_webhooks",
        "fetch_webhook_message",
    ),  # with tokens
}
_BY_NEED: Mapping[Need, tuple[str, ...]] = {
    Need.SEND_MESSAGES: ("crosspost_message", "forward_message", "end_poll", "join_thread"),
    Need.ADD_REACTIONS: ("add_reaction",),
    Need.MANAGE_MESSAGES: ("delete_messages", "delete_reaction", "delete_all_reactions", "delete_all_reactions_for_emoji",
                           "pin_message", "unpin_message"),
    Need.MANAGE_ROLES: ("create_role", "edit_role", "delete_role", "reposition_roles", "add_role_to_member",
                        "remove_role_from_member"),
    Need.MANAGE_CHANNELS: (
        "create_guild_category", "create_guild_forum_channel", "create_guild_media_channel", "create_guild_news_channel",
        "create_guild_stage_channel", "create_guild_text_channel", "create_guild_voice_channel", "delete_channel", "edit_channel",
        "edit_permission_overwrite", "delete_permission_overwrite", "reposition_channels", "follow_channel",
    ),
    Need.MANAGE_THREADS: ("create_thread", "create_message_thread", "add_thread_member",
                          "remove_thread_member"),
    Need.MANAGE_WEBHOOKS: ("create_webhook", "edit_webhook", "delete_webhook", "execute_webhook_voice_message",
                           "delete_webhook_message"),
    Need.MANAGE_EXPRESSIONS: ("create_emoji", "edit_emoji", "delete_emoji", "create_sticker", "edit_sticker", "delete_sticker"),
    Need.MANAGE_EVENTS: ("create_external_event", "create_stage_event", "create_voice_event", "edit_scheduled_event",
                         "delete_scheduled_event"),
    Need.MANAGE_SERVER: (
        "edit_guild", "edit_guild_onboarding", "edit_welcome_screen", "edit_widget", "create_template", "edit_template",
        "delete_template", "sync_guild_template", "set_guild_incident_actions", "create_auto_mod_rule", "edit_auto_mod_rule",
        "delete_auto_mod_rule", "delete_invite",
    ),
    Need.NICKNAMES: ("edit_my_member",),
    Need.VOICE: ("edit_voice_state", "edit_my_voice_state", "create_stage_instance", "edit_stage_instance",
                 "delete_stage_instance"),
    Need.INVITE: ("create_invite",),
    Need.MODERATE: ("ban_member", "ban_user", "bulk_ban_users", "unban_member", "unban_user", "kick_member", "kick_user",
                    "begin_guild_prune"),
}  # fmt: skip
#: The host's own: its connection, its application and its commands, other people's authorisation. No need opens them.
CLOSED = frozenset(
    {
        "close", "leave_guild", "delete_guild", "edit_my_user", "edit_application", "create_application_emoji",
        "edit_application_emoji", "delete_application_emoji", "create_slash_command", "create_context_menu_command",
        "edit_application_command", "delete_application_command", "set_application_commands",
        "set_application_command_permissions", "set_application_role_connection_metadata_records",
        "set_my_user_application_role_connection", "add_user_to_guild", "authorize_access_token",
        "authorize_client_credentials_token", "refresh_access_token", "revoke_access_token", "create_test_entitlement",
        "delete_test_entitlement", "consume_entitlement",
    }
)  # fmt: skip


def _says(*needs: Need) -> Rule:
    """Judge what says something: files and mentions of many take needs of their own."""

    def rule(arguments: Arguments, _own: int) -> set[Need]:
        _, named = arguments
        wanted = set(needs)
        if any(named.get(key) for key in ("attachment", "attachments")):
            wanted.add(Need.ATTACH_FILES)
        if named.get("mentions_everyone") or named.get("role_mentions"):
            wanted.add(Need.MENTION_EVERYONE)
        return wanted

    return rule


def _of_deletion(arguments: Arguments, own: int) -> set[Need]:
    given, named = arguments
    message = named.get("message", given[1] if len(given) > 1 else None)
    is_own = isinstance(message, hikari.Message) and message.author.id == own
    return set() if is_own else {Need.MANAGE_MESSAGES}


def _of_member(arguments: Arguments, _own: int) -> set[Need]:
    _, named = arguments
    by_field = {"nickname": Need.NICKNAMES, "roles": Need.MANAGE_ROLES, "mute": Need.VOICE, "deaf": Need.VOICE,
                "voice_channel": Need.VOICE, "communication_disabled_until": Need.MODERATE}  # fmt: skip
    return {need for field, need in by_field.items() if named.get(field, hikari.UNDEFINED) is not hikari.UNDEFINED}


def _always(need: Need) -> Rule:
    return lambda _arguments, _own: (need,)


_RULES: Mapping[str, Rule] = {
    "create_message": _says(Need.SEND_MESSAGES),
    "edit_message": _says(Need.SEND_MESSAGES),
    "create_voice_message": lambda _arguments, _own: (Need.SEND_MESSAGES, Need.ATTACH_FILES),
    "create_forum_post": _says(Need.SEND_MESSAGES, Need.MANAGE_THREADS),
    "execute_webhook": _says(Need.MANAGE_WEBHOOKS),
    "edit_webhook_message": _says(Need.MANAGE_WEBHOOKS),
    "delete_message": _of_deletion,
    "edit_member": _of_member,
    **{name: _always(need) for table in (_BY_NEED, _READS) for need, names in table.items() for name in names},
}


def rule_of(method: str) -> str:
    """Say how a method is guarded: free, needed, closed, or unknown."""
    if method in _RULES:
        return "needed"
    if method in CLOSED:
        return "closed"
    return "free" if method in FREE or method.startswith(FREE_PREFIXES) else "unknown"


def needs_of_method(method: str) -> set[Need]:
    """Give what a method needs at the least, whatever it is called with."""
    return set(_RULES[method](((), {}), 0)) if method in _RULES and method != "delete_message" else set()


class GuardedRest:
    """hikari's REST client as one plugin has it. Raises NeedMissing where the plugin lacks a need."""

    def __init__(
        self, rest: hikari.api.RESTClient, plugin: str, own: Callable[[], int], held: Callable[[], Collection[Need]]
    ) -> None:
        self._rest = rest
        self._plugin = plugin
        self._own = own
        self._held = held

    def __getattr__(self, name: str) -> Any:
        """Give a method that asks first, or what is free as it is."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = getattr(self._rest, name)
        if not callable(value):
            return value
        kind = rule_of(name)
        if kind == "free":
            return value
        if kind != "needed":
            raise NeedMissing(f"{self._plugin} used {name}, which the host keeps to itself.")

        def ask(*given: Any, **named: Any) -> Any:
            self._must_hold(name, _RULES[name]((given, named), self._own()))
            return value(*given, **named)

        return ask

    def _must_hold(self, name: str, needs: Collection[Need]) -> None:
        missing = sorted(need.name for need in set(needs) - set(self._held()))
        if missing:
            words = " and ".join(f"Need.{one}" for one in missing)
            raise NeedMissing(f"{self._plugin} used {name} without {words}; list it among the needs of its Plugin.")
