"""One valid request, at least, for every route: what the tests send so that both sides of it are judged.

To add a route, add a row to its subject below (a subject starts with a fresh sandbox, its rows run in order):

- path: relative to /api/v10. `{name}` stands for a placeholder, in path, query and body alike; those that are
  always there are listed in `placeholders`. Whatever is no placeholder is sent as it stands.
- status: the status that is expected. body: the JSON. query: what follows the question mark.
- keep={"thread": "id"} keeps a value of the answer for later rows of the subject ("0.user.id" digs deeper): {thread}.
- files={"files[0]": PNG} sends a form with the body as payload_json; parts=True sends the fields of the body as parts
  of their own, as stickers want it. token="{...}" sends another Authorization header than the bot's; "" sends none.
- before=a_function is awaited with the sandbox first, for what a person does; it returns further placeholders.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from chandelier_sandbox import Sandbox
from chandelier_sandbox.changes import voice
from chandelier_sandbox.changes.polls import vote
from chandelier_sandbox.records import ChannelKind

# The smallest picture there is: one transparent pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
IMAGE = "data:image/png;base64," + base64.b64encode(PNG).decode()


@dataclass(frozen=True, slots=True)
class Request:
    """One request and the status it is answered with; the module's docstring tells what each field is for."""

    method: str
    path: str
    body: Any = None
    query: str = ""
    status: int = 200
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    parts: bool = False
    token: str = "Bot {token}"
    keep: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[Sandbox], Awaitable[Mapping[str, str]]] | None = field(default=None, repr=False)


def placeholders(sandbox: Sandbox) -> dict[str, str]:
    """Return what every row may name: people, places, one role and one message, by id."""
    bob = sandbox.member("bob")
    role = sandbox.world.add_role(sandbox.guild, "Helpers")
    return {
        "token": sandbox.token,
        "app": str(sandbox.application_id),
        "bot": str(sandbox.bot_id),
        "guild": str(sandbox.guild.id),
        "general": str(sandbox.guild.channel("general").id),
        "random": str(sandbox.guild.channel("random").id),
        "alice": str(sandbox.member("alice").id),
        "bob": str(bob.id),
        "carol": str(sandbox.member("carol").id),
        "role": str(role.id),
        "message": str(bob.in_channel("general").post("Hello there, <@" + str(bob.id) + ">")),
    }


async def someone_uses_the_command(sandbox: Sandbox) -> dict[str, str]:
    """Let bob use /a and wait for the answer in the background."""
    known = set(sandbox._discord.interactions._by_id)
    task = asyncio.ensure_future(sandbox.member("bob").slash("a"))
    while not set(sandbox._discord.interactions._by_id) - known:
        assert not task.done(), task.exception()
        await asyncio.sleep(0)
    interaction = sandbox._discord.interactions._by_id[(set(sandbox._discord.interactions._by_id) - known).pop()]
    return {"interaction": str(interaction.id), "interaction_token": interaction.token}


async def the_bot_enters_voice(sandbox: Sandbox) -> dict[str, str]:
    """Let the bot join a voice channel."""
    talk = sandbox.world.add_channel(sandbox.guild, "talk", ChannelKind.VOICE)
    voice.join(sandbox.world, sandbox.guild, sandbox.bot_id, talk)
    return {"talk": str(talk.id)}


async def bob_enters_a_stage(sandbox: Sandbox) -> dict[str, str]:
    """Let bob and the bot join a stage channel."""
    stage = sandbox.world.add_channel(sandbox.guild, "stage", ChannelKind.STAGE)
    for user_id in (sandbox.member("bob").id, sandbox.bot_id):
        voice.join(sandbox.world, sandbox.guild, user_id, stage)
    return {"stage": str(stage.id)}


async def someone_allows_joining(sandbox: Sandbox) -> dict[str, str]:
    """Let dave, who is in no server, allow the application to add him."""
    dave = sandbox.world.add_user("dave")
    token = sandbox._discord.oauth2.issue(dave, ("identify", "guilds.join"))
    return {"dave": str(dave.id), "daves_token": token.access}


async def alice_allows_setting_permissions(sandbox: Sandbox) -> dict[str, str]:
    """Let alice, who owns the server, allow the application to say who may use its commands."""
    alice = sandbox.world.users[sandbox.member("alice").id]
    token = sandbox._discord.oauth2.issue(alice, ("applications.commands.permissions.update",))
    return {"alices_token": token.access}


async def bob_votes(sandbox: Sandbox) -> dict[str, str]:
    """Let bob vote for the first answer of the newest poll."""
    message = [one for one in sandbox.world.messages[sandbox.guild.channel("general").id].values() if one.poll][-1]
    vote(sandbox.world, message, sandbox.world.users[sandbox.member("bob").id], 1)
    return {}


_COMMANDS = "/applications/{app}/guilds/{guild}/commands"


def command_rows(prefix: str) -> list[Request]:
    """Return the rows of one scope of commands."""
    option = {"type": 3, "name": "o", "description": "o"}
    return [
        Request("PUT", prefix, [{"name": "a", "description": "a", "options": [option]}]),
        Request("POST", prefix, {"name": "b", "description": "b"}, status=201, keep={"command": "id"}),
        Request("POST", prefix, {"name": "b", "description": "b again"}),
        Request("GET", prefix),
        Request("GET", prefix, query="with_localizations=true"),
        Request("GET", prefix + "/{command}"),
        Request("PATCH", prefix + "/{command}", {"description": "changed"}),
        Request("DELETE", prefix + "/{command}", status=204),
    ]


async def bob_logs_in(sandbox: Sandbox) -> dict[str, str]:
    """Get an access token of bob's with every scope that rows need."""
    scopes = (
        "identify",
        "email",
        "openid",
        "guilds",
        "guilds.members.read",
        "connections",
        "role_connections.write",
        "applications.entitlements",
    )
    form = {"grant_type": "authorization_code", "redirect_uri": "http://127.0.0.1/callback"}
    form["code"] = await sandbox.authorize("bob", scopes=scopes, redirect_uri=form["redirect_uri"])
    form |= {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    async with aiohttp.ClientSession() as session, session.post(f"{sandbox.api_url}/oauth2/token", data=form) as answer:
        return {"access": (await answer.json())["access_token"]}


_BEARER = "Bearer {access}"
_CONNECTION = "/users/@me/applications/{app}/role-connection"
_APP_EMOJI = "/applications/{app}/emojis/{app_emoji}"
_ENTITLEMENT = "/applications/{app}/entitlements/{entitlement}"
_MESSAGE = "/channels/{general}/messages/{message}"
_CALLBACK = "/interactions/{interaction}/{interaction_token}/callback"
_WEBHOOK = "/webhooks/{app}/{interaction_token}"
_HOOK = "/webhooks/{hook}/{hook_token}"
_POLL = {
    "question": {"text": "Tea?"},
    "answers": [{"poll_media": {"text": "Yes"}}, {"poll_media": {"text": "No", "emoji": {"name": "☕"}}}],
    "duration": 2,
}
_GITHUB = {
    "id": 1,
    "login": "octo",
    "html_url": "https://example.com/octo",
    "avatar_url": "https://example.com/octo.png",
}

SUBJECTS: Mapping[str, list[Request]] = {
    "gateway": [
        Request("GET", "/gateway", token=""),
        Request("GET", "/gateway/bot"),
    ],
    "oauth2": [
        Request("GET", "/oauth2/applications/@me"),
        Request("GET", "/oauth2/@me"),
        Request("GET", "/oauth2/@me", token=_BEARER, before=bob_logs_in),
        Request("GET", "/oauth2/keys", token=""),
        Request("GET", "/oauth2/userinfo", token=_BEARER),
        Request("GET", "/oauth2/userinfo"),
    ],
    "applications": [
        Request("GET", "/applications/@me"),
        Request("GET", "/applications/{app}"),
        Request("PATCH", "/applications/@me", {"description": {"default": "Lights up."}, "icon": IMAGE, "tags": ["a"]}),
        Request(
            "PATCH",
            "/applications/{app}",
            {
                "install_params": {"scopes": ["bot"], "permissions": 8},
                "integration_types_config": {
                    "0": {"oauth2_install_params": {"scopes": ["bot", "applications.commands"], "permissions": 8}}
                },
                "cover_image": IMAGE,
                "custom_install_url": "https://example.com/add",
                "event_webhooks_url": "https://example.com/events",
                "event_webhooks_types": ["ENTITLEMENT_CREATE"],
            },
        ),
        Request("PATCH", "/applications/@me", {"install_params": None, "tags": None, "event_webhooks_url": None}),
        Request(
            "POST", "/applications/{app}/emojis", {"name": "a1", "image": IMAGE}, status=201, keep={"app_emoji": "id"}
        ),
        Request("GET", "/applications/{app}/emojis"),
        Request("GET", _APP_EMOJI),
        Request("PATCH", _APP_EMOJI, {"name": "a2"}),
        Request("DELETE", _APP_EMOJI, status=204),
        Request(
            "PUT",
            "/applications/{app}/role-connections/metadata",
            [{"type": 2, "key": "level", "name": "Level", "description": "At least this level"}],
        ),
        Request("GET", "/applications/{app}/role-connections/metadata"),
        Request("GET", "/applications/{app}/activity-instances/i-1", status=404),
    ],
    "commands": [
        *command_rows("/applications/{app}/commands"),
        *command_rows("/applications/{app}/guilds/{guild}/commands"),
    ],
    "command permissions": [
        Request("PUT", "/applications/{app}/commands", [{"name": "a", "description": "a"}], keep={"command": "0.id"}),
        Request("GET", _COMMANDS + "/{command}/permissions", status=404),
        Request(
            "PUT",
            _COMMANDS + "/{command}/permissions",
            {"permissions": [{"id": "{bob}", "type": 2, "permission": False}]},
            token="Bearer {alices_token}",
            before=alice_allows_setting_permissions,
        ),
        Request("GET", _COMMANDS + "/{command}/permissions"),
        Request("GET", _COMMANDS + "/permissions"),
        Request("PUT", _COMMANDS + "/{command}/permissions", {"permissions": []}, status=403),
    ],
    "entitlements": [
        Request(
            "POST",
            "/applications/{app}/entitlements",
            {"sku_id": "5", "owner_id": "{bob}", "owner_type": 2},
            keep={"entitlement": "id"},
        ),
        Request("POST", "/applications/{app}/entitlements", {"sku_id": "5", "owner_id": "{guild}", "owner_type": 1}),
        Request("GET", "/applications/{app}/entitlements", query="user_id={bob}&limit=5"),
        Request("GET", "/users/@me/applications/{app}/entitlements", token=_BEARER, before=bob_logs_in),
        Request("GET", _ENTITLEMENT),
        Request("POST", _ENTITLEMENT + "/consume", status=204),
        Request("DELETE", _ENTITLEMENT, status=204),
    ],
    "skus": [
        Request("GET", "/skus/5/subscriptions"),
        Request("GET", "/skus/5/subscriptions/6", status=404),
    ],
    "users": [
        Request("GET", "/users/@me"),
        Request("GET", "/users/{bob}"),
        Request("GET", "/users/@me/guilds"),
        Request("GET", "/users/@me/guilds", query="with_counts=true&limit=2"),
        Request("POST", "/users/@me/channels", {"recipient_id": "{bob}"}, keep={"direct": "id"}),
        Request("GET", "/channels/{direct}"),
        Request("POST", "/channels/{direct}/messages", {"content": "Between us."}),
        Request("PATCH", "/users/@me", {"username": "Lamp", "avatar": IMAGE, "banner": None}),
        Request("GET", "/users/@me/connections"),
        Request("GET", "/users/@me", token=_BEARER, before=bob_logs_in),
        Request("GET", "/users/@me/guilds", token=_BEARER, query="with_counts=true"),
        Request("GET", "/users/@me/guilds/{guild}/member", token=_BEARER),
        Request("GET", "/users/@me/connections", token=_BEARER),
        Request("GET", _CONNECTION, token=_BEARER),
        Request("PUT", _CONNECTION, {"platform_name": "Game", "metadata": {}}, token=_BEARER),
        Request("DELETE", _CONNECTION, token=_BEARER, status=204),
        Request("DELETE", "/users/@me/guilds/{guild}", status=204),
    ],
    "guilds": [
        Request("GET", "/guilds/{guild}"),
        Request("GET", "/guilds/{guild}", query="with_counts=true"),
        Request(
            "PATCH", "/guilds/{guild}", {"name": "Lounge", "verification_level": 1, "system_channel_id": "{general}"}
        ),
        Request("PATCH", "/guilds/{guild}", {"icon": IMAGE, "description": "A place.", "afk_timeout": 900}),
        Request("GET", "/guilds/{guild}/preview"),
    ],
    "guild channels": [
        Request("GET", "/guilds/{guild}/channels"),
        Request("POST", "/guilds/{guild}/channels", {"name": "New Place"}, status=201, keep={"new": "id"}),
        Request("POST", "/guilds/{guild}/channels", {"name": "Group", "type": 4}, status=201, keep={"group": "id"}),
        Request("POST", "/guilds/{guild}/channels", {"name": "talk", "type": 2, "bitrate": 64000}, status=201),
        Request("POST", "/guilds/{guild}/channels", {"name": "stage", "type": 13}, status=201),
        Request("POST", "/guilds/{guild}/channels", {"name": "news", "type": 5}, status=201),
        Request(
            "POST",
            "/guilds/{guild}/channels",
            {"name": "forum", "type": 15, "available_tags": [{"name": "a"}], "default_forum_layout": 1},
            status=201,
        ),
        Request(
            "PATCH", "/guilds/{guild}/channels", [{"id": "{new}", "position": 0, "parent_id": "{group}"}], status=204
        ),
        Request("PATCH", "/channels/{new}", {"topic": "New", "rate_limit_per_user": 5, "type": 5}),
        Request(
            "PATCH",
            "/channels/{new}",
            {"permission_overwrites": [{"id": "{role}", "type": 0, "allow": 1024, "deny": 0}]},
        ),
        Request("PUT", "/channels/{new}/permissions/{bob}", {"type": 1, "allow": "1024", "deny": "0"}, status=204),
        Request("DELETE", "/channels/{new}/permissions/{bob}", status=204),
        Request("DELETE", "/channels/{group}"),
        Request("DELETE", "/channels/{new}"),
    ],
    "roles": [
        Request("GET", "/guilds/{guild}/roles"),
        Request(
            "POST", "/guilds/{guild}/roles", {"name": "New", "permissions": 1024, "color": 255}, keep={"new": "id"}
        ),
        Request("GET", "/guilds/{guild}/roles/member-counts"),
        Request("GET", "/guilds/{guild}/roles/{new}"),
        Request("PATCH", "/guilds/{guild}/roles/{new}", {"name": "Newer", "hoist": True}),
        Request("PATCH", "/guilds/{guild}/roles", [{"id": "{new}", "position": 2}]),
        Request("DELETE", "/guilds/{guild}/roles/{new}", status=204),
        Request("PUT", "/guilds/{guild}/members/{bob}/roles/{role}", status=204),
        Request("DELETE", "/guilds/{guild}/members/{bob}/roles/{role}", status=204),
    ],
    "members": [
        Request("GET", "/guilds/{guild}/members", query="limit=10"),
        Request("GET", "/guilds/{guild}/members/search", query="query=bo&limit=5"),
        Request("GET", "/guilds/{guild}/members/{bob}"),
        Request("PATCH", "/guilds/{guild}/members/{bob}", {"nick": "Bobby", "roles": ["{role}"]}),
        Request("PATCH", "/guilds/{guild}/members/{bob}", {"communication_disabled_until": None}),
        Request("PATCH", "/guilds/{guild}/members/@me", {"nick": "Botty"}),
        Request(
            "PUT",
            "/guilds/{guild}/members/{dave}",
            {"access_token": "{daves_token}", "nick": "Davy"},
            status=201,
            before=someone_allows_joining,
        ),
        Request("DELETE", "/guilds/{guild}/members/{bob}", status=204),
    ],
    "bans": [
        Request("PUT", "/guilds/{guild}/bans/{bob}", {"delete_message_seconds": 3600}, status=204),
        Request("GET", "/guilds/{guild}/bans", query="limit=5"),
        Request("GET", "/guilds/{guild}/bans/{bob}"),
        Request("DELETE", "/guilds/{guild}/bans/{bob}", {}, status=204),
        Request("POST", "/guilds/{guild}/bulk-ban", {"user_ids": ["{bob}", "{bot}"], "delete_message_seconds": 0}),
        Request("GET", "/guilds/{guild}/prune", query="days=7"),
        Request("POST", "/guilds/{guild}/prune", {"days": 7, "compute_prune_count": True}),
    ],
    "auto moderation": [
        Request(
            "POST",
            "/guilds/{guild}/auto-moderation/rules",
            {
                "name": "Words",
                "event_type": 1,
                "trigger_type": 1,
                "trigger_metadata": {"keyword_filter": ["bad"]},
                "actions": [{"type": 1, "metadata": {}}, {"type": 2, "metadata": {"channel_id": "{general}"}}],
                "enabled": True,
            },
            keep={"rule": "id"},
        ),
        Request(
            "POST",
            "/guilds/{guild}/auto-moderation/rules",
            {"name": "Mentions", "event_type": 1, "trigger_type": 5, "actions": [{"type": 1, "metadata": {}}]},
        ),
        Request("GET", "/guilds/{guild}/auto-moderation/rules"),
        Request("GET", "/guilds/{guild}/auto-moderation/rules/{rule}"),
        Request("PATCH", "/guilds/{guild}/auto-moderation/rules/{rule}", {"enabled": False}),
        Request("GET", "/guilds/{guild}/audit-logs"),
        Request("DELETE", "/guilds/{guild}/auto-moderation/rules/{rule}", status=204),
    ],
    "audit logs": [
        Request("POST", "/guilds/{guild}/roles", {"name": "New"}),
        Request("PATCH", "/guilds/{guild}/members/{bob}", {"nick": "Bobby", "roles": ["{role}"]}),
        Request("GET", "/guilds/{guild}/audit-logs"),
        Request("GET", "/guilds/{guild}/audit-logs", query="user_id={bot}&action_type=30&limit=5"),
    ],
    "emojis": [
        Request(
            "POST",
            "/guilds/{guild}/emojis",
            {"name": "wave", "image": IMAGE, "roles": ["{role}"]},
            status=201,
            keep={"emoji": "id"},
        ),
        Request("GET", "/guilds/{guild}/emojis"),
        Request("GET", "/guilds/{guild}/emojis/{emoji}"),
        Request("PATCH", "/guilds/{guild}/emojis/{emoji}", {"name": "bow", "roles": []}),
        Request("DELETE", "/guilds/{guild}/emojis/{emoji}", status=204),
    ],
    "stickers": [
        Request(
            "POST",
            "/guilds/{guild}/stickers",
            {"name": "wave", "tags": "wave", "description": "A hand"},
            files={"file": PNG},
            parts=True,
            status=201,
            keep={"sticker": "id"},
        ),
        Request("GET", "/guilds/{guild}/stickers"),
        Request("GET", "/guilds/{guild}/stickers/{sticker}"),
        Request("GET", "/stickers/{sticker}"),
        Request("PATCH", "/guilds/{guild}/stickers/{sticker}", {"name": "bow"}),
        Request("DELETE", "/guilds/{guild}/stickers/{sticker}", status=204),
        Request("GET", "/sticker-packs"),
        Request("GET", "/sticker-packs/5", status=404),
    ],
    "soundboard": [
        Request(
            "POST",
            "/guilds/{guild}/soundboard-sounds",
            {"name": "horn", "sound": "data:audio/ogg;base64,T2dnUw==", "volume": 0.5, "emoji_name": "🔥"},
            status=201,
            keep={"sound": "sound_id"},
        ),
        Request("GET", "/guilds/{guild}/soundboard-sounds"),
        Request("GET", "/guilds/{guild}/soundboard-sounds/{sound}"),
        Request("PATCH", "/guilds/{guild}/soundboard-sounds/{sound}", {"name": "trumpet"}),
        Request(
            "POST",
            "/channels/{talk}/send-soundboard-sound",
            {"sound_id": "{sound}"},
            status=204,
            before=the_bot_enters_voice,
        ),
        Request("DELETE", "/guilds/{guild}/soundboard-sounds/{sound}", status=204),
        Request("GET", "/soundboard-default-sounds"),
    ],
    "scheduled events": [
        Request(
            "POST",
            "/guilds/{guild}/scheduled-events",
            {
                "name": "Fair",
                "privacy_level": 2,
                "entity_type": 3,
                "scheduled_start_time": "2099-01-01T00:00:00+00:00",
                "scheduled_end_time": "2099-01-02T00:00:00+00:00",
                "entity_metadata": {"location": "Market"},
            },
            keep={"event": "id"},
        ),
        Request("GET", "/guilds/{guild}/scheduled-events", query="with_user_count=true"),
        Request("GET", "/guilds/{guild}/scheduled-events/{event}"),
        Request("PATCH", "/guilds/{guild}/scheduled-events/{event}", {"status": 2}),
        Request("GET", "/guilds/{guild}/scheduled-events/{event}/users", query="with_member=true"),
        Request("GET", "/guilds/{guild}/scheduled-events/{event}/users/counts"),
        Request("GET", "/guilds/{guild}/audit-logs"),
        Request("DELETE", "/guilds/{guild}/scheduled-events/{event}", status=204),
    ],
    "templates": [
        Request("POST", "/guilds/{guild}/templates", {"name": "Copy", "description": "Of it"}, keep={"code": "code"}),
        Request("GET", "/guilds/{guild}/templates"),
        Request("GET", "/guilds/templates/{code}"),
        Request("PUT", "/guilds/{guild}/templates/{code}"),
        Request("PATCH", "/guilds/{guild}/templates/{code}", {"name": "Copied"}),
        Request("DELETE", "/guilds/{guild}/templates/{code}"),
    ],
    "onboarding and welcome": [
        Request("GET", "/guilds/{guild}/welcome-screen", status=404),
        Request(
            "PATCH",
            "/guilds/{guild}/welcome-screen",
            {"enabled": True, "welcome_channels": [{"channel_id": "{general}", "description": "Start here"}]},
        ),
        Request("GET", "/guilds/{guild}/welcome-screen"),
        Request("GET", "/guilds/{guild}/onboarding"),
        Request(
            "PUT",
            "/guilds/{guild}/onboarding",
            {"enabled": True, "prompts": [{"id": "1", "title": "Who?", "type": 0, "options": [{"title": "Me"}]}]},
        ),
        Request("GET", "/guilds/{guild}/new-member-welcome", status=204),
        Request("PUT", "/guilds/{guild}/incident-actions", {"dms_disabled_until": "2099-01-01T00:00:00+00:00"}),
    ],
    "integrations and widget": [
        Request("GET", "/guilds/{guild}/integrations"),
        Request("DELETE", "/guilds/{guild}/integrations/5", status=404),
        Request("GET", "/guilds/{guild}/vanity-url"),
        Request("GET", "/guilds/{guild}/widget"),
        Request("PATCH", "/guilds/{guild}/widget", {"enabled": True, "channel_id": "{general}"}),
        Request("GET", "/guilds/{guild}/widget.json"),
    ],
    "voice and stages": [
        Request("GET", "/voice/regions"),
        Request("GET", "/guilds/{guild}/regions"),
        Request("GET", "/guilds/{guild}/voice-states/@me", before=the_bot_enters_voice),
        Request("GET", "/guilds/{guild}/voice-states/{bob}", before=bob_enters_a_stage),
        Request("PATCH", "/guilds/{guild}/voice-states/{bob}", {"suppress": False}, status=204),
        Request("PATCH", "/guilds/{guild}/voice-states/@me", {"suppress": False}, status=204),
        Request("PUT", "/channels/{talk}/voice-status", {"status": "Cards"}, status=204),
        Request("POST", "/stage-instances", {"topic": "Song", "channel_id": "{stage}"}),
        Request("GET", "/stage-instances/{stage}"),
        Request("PATCH", "/stage-instances/{stage}", {"topic": "Songs"}),
        Request("DELETE", "/stage-instances/{stage}", status=204),
    ],
    "invites": [
        Request(
            "POST", "/channels/{general}/invites", {"max_age": 60, "max_uses": 1, "unique": True}, keep={"code": "code"}
        ),
        Request("GET", "/channels/{general}/invites"),
        Request("GET", "/guilds/{guild}/invites"),
        Request("GET", "/invites/{code}", query="with_counts=true"),
        Request("DELETE", "/invites/{code}"),
    ],
    "channels": [
        Request("GET", "/channels/{general}"),
        Request("POST", "/channels/{general}/typing", status=204),
    ],
    "threads": [
        Request("POST", f"{_MESSAGE}/threads", {"name": "About it"}, status=201, keep={"thread": "id"}),
        Request("GET", _MESSAGE),
        Request("GET", "/channels/{thread}"),
        Request("GET", "/channels/{thread}/messages"),
        Request("POST", "/channels/{thread}/messages", {"content": "In the thread."}),
        Request("PUT", "/channels/{thread}/thread-members/{carol}", status=204),
        Request("GET", "/channels/{thread}/thread-members", query="with_member=true&limit=10"),
        Request("GET", "/channels/{thread}/thread-members/{carol}", query="with_member=true"),
        Request("DELETE", "/channels/{thread}/thread-members/{carol}", status=204),
        Request("DELETE", "/channels/{thread}/thread-members/@me", status=204),
        Request("PUT", "/channels/{thread}/thread-members/@me", status=204),
        Request("GET", "/guilds/{guild}/threads/active"),
        Request("GET", "/channels/{general}/threads/search", query="name=about&limit=5"),
        Request("PATCH", "/channels/{thread}", {"name": "Renamed", "archived": True, "locked": True}),
        Request("GET", "/channels/{general}/threads/archived/public", query="limit=10"),
        Request(
            "POST",
            "/channels/{general}/threads",
            {"name": "Quiet", "type": 12, "invitable": False, "auto_archive_duration": 60, "rate_limit_per_user": 5},
            status=201,
            keep={"private": "id"},
        ),
        Request("POST", "/channels/{general}/threads", {"name": "Loud", "type": 11}, status=201),
        Request("PATCH", "/channels/{private}", {"archived": True}),
        Request("GET", "/channels/{general}/threads/archived/private"),
        Request("GET", "/channels/{general}/users/@me/threads/archived/private"),
        Request("DELETE", "/channels/{private}"),
        Request(
            "POST",
            "/guilds/{guild}/channels",
            {"name": "forum", "type": 15, "available_tags": [{"name": "open"}]},
            status=201,
            keep={"forum": "id", "tag": "available_tags.0.id"},
        ),
        Request(
            "POST",
            "/channels/{forum}/threads",
            {"name": "A post", "applied_tags": ["{tag}"], "message": {"content": "First!"}},
            status=201,
            keep={"post": "id"},
        ),
        Request("PATCH", "/channels/{post}", {"applied_tags": [], "flags": 2}),
        Request("GET", "/channels/{forum}/threads/search"),
    ],
    "announcements": [
        Request("POST", "/guilds/{guild}/channels", {"name": "news", "type": 5}, status=201, keep={"news": "id"}),
        Request("POST", "/channels/{news}/followers", {"webhook_channel_id": "{random}"}, keep={"f": "webhook_id"}),
        Request("POST", "/channels/{news}/messages", {"content": "Extra!"}, keep={"extra": "id"}),
        Request("POST", "/channels/{news}/messages/{extra}/crosspost"),
        Request("GET", "/channels/{random}/messages"),
        Request("GET", "/channels/{random}/webhooks"),
        Request("GET", "/webhooks/{f}"),
    ],
    "messages": [
        Request("GET", "/channels/{general}/messages"),
        Request("GET", "/channels/{general}/messages", query="limit=5&around={message}"),
        Request("POST", "/channels/{general}/messages", {"content": "<@{bob}>", "embeds": [{"title": "t"}]}),
        Request("POST", "/channels/{general}/messages", {"content": "file"}, files={"files[0]": PNG}),
        Request(
            "POST",
            "/channels/{general}/messages",
            {"content": "Indeed.", "message_reference": {"message_id": "{message}"}, "nonce": "once"},
            keep={"own": "id"},
        ),
        Request("GET", _MESSAGE),
        Request("PATCH", "/channels/{general}/messages/{own}", {"content": "changed"}),
        Request("DELETE", "/channels/{general}/messages/{own}", status=204),
        Request("POST", "/channels/{general}/messages", {"content": "one"}, keep={"one": "id"}),
        Request("POST", "/channels/{general}/messages", {"content": "two"}, keep={"two": "id"}),
        Request("POST", "/channels/{general}/messages/bulk-delete", {"messages": ["{one}", "{two}"]}, status=204),
        Request(
            "POST",
            "/channels/{general}/messages",
            {
                "embeds": [
                    {
                        "title": "t",
                        "url": "https://example.com/",
                        "color": 255,
                        "timestamp": "2026-01-02T03:04:05Z",
                        "image": {"url": "attachment://picture.png"},
                        "footer": {"text": "f", "icon_url": "https://example.com/i.png"},
                        "author": {"name": "a"},
                        "fields": [{"name": "n", "value": "v"}],
                    }
                ],
                "attachments": [{"id": "0", "filename": "picture.png", "description": "A pixel"}],
            },
            files={"files[0]": PNG},
        ),
        Request("GET", "/guilds/{guild}/messages/search", query="content=hello&author_id={bob}&limit=5"),
    ],
    "reactions": [
        Request("PUT", f"{_MESSAGE}/reactions/%F0%9F%91%8D/@me", status=204),
        Request("GET", f"{_MESSAGE}/reactions/%F0%9F%91%8D", query="limit=10"),
        Request("GET", _MESSAGE),
        Request("DELETE", f"{_MESSAGE}/reactions/%F0%9F%91%8D/@me", status=204),
        Request("PUT", f"{_MESSAGE}/reactions/%F0%9F%91%8D/@me", status=204),
        Request("DELETE", f"{_MESSAGE}/reactions/%F0%9F%91%8D/{{bot}}", status=204),
        Request("PUT", f"{_MESSAGE}/reactions/%F0%9F%91%8D/@me", status=204),
        Request("DELETE", f"{_MESSAGE}/reactions/%F0%9F%91%8D", status=204),
        Request("DELETE", f"{_MESSAGE}/reactions", status=204),
    ],
    "polls": [
        Request("POST", "/channels/{general}/messages", {"poll": _POLL}, keep={"poll": "id"}),
        Request("GET", "/channels/{general}/polls/{poll}/answers/1", before=bob_votes),
        Request("POST", "/channels/{general}/polls/{poll}/expire"),
        Request("GET", "/channels/{general}/messages"),
    ],
    "pins": [
        Request("PUT", "/channels/{general}/messages/pins/{message}", status=204),
        Request("GET", "/channels/{general}/messages/pins", query="limit=5&before=2100-01-01T00:00:00Z"),
        Request("GET", "/channels/{general}/pins"),
        Request("GET", "/channels/{general}/messages"),
        Request("DELETE", "/channels/{general}/messages/pins/{message}", status=204),
        Request("PUT", "/channels/{general}/pins/{message}", status=204),
        Request("DELETE", "/channels/{general}/pins/{message}", status=204),
    ],
    "webhooks": [
        Request(
            "POST",
            "/channels/{general}/webhooks",
            {"name": "Herald", "avatar": IMAGE},
            keep={"hook": "id", "hook_token": "token"},
        ),
        Request("GET", "/channels/{general}/webhooks"),
        Request("GET", "/guilds/{guild}/webhooks"),
        Request("GET", "/webhooks/{hook}"),
        Request("PATCH", "/webhooks/{hook}", {"name": "Crier", "channel_id": "{random}"}),
        Request("PATCH", "/webhooks/{hook}", {"channel_id": "{general}"}),
        Request("GET", _HOOK, token=""),
        Request("PATCH", _HOOK, {"name": "Herald"}, token=""),
        Request("POST", _HOOK, {"content": "Hear!", "username": "Town"}, query="wait=true", token="", keep={"h": "id"}),
        Request("POST", _HOOK, {"content": "Hear again!"}, status=204, token=""),
        Request("GET", f"{_HOOK}/messages/{{h}}", token=""),
        Request("PATCH", f"{_HOOK}/messages/{{h}}", {"content": "Hear me!"}, token=""),
        Request("DELETE", f"{_HOOK}/messages/{{h}}", status=204, token=""),
        Request("POST", f"{_HOOK}/slack", {"text": "From afar"}, token=""),
        Request("POST", f"{_HOOK}/github", {"sender": _GITHUB}, status=204, token=""),
        Request("DELETE", _HOOK, status=204, token=""),
        Request("POST", "/channels/{general}/webhooks", {"name": "Herald"}, keep={"hook": "id"}),
        Request("DELETE", "/webhooks/{hook}", status=204),
    ],
    "interactions": [
        Request("PUT", "/applications/{app}/commands", [{"name": "a", "description": "a"}]),
        Request("POST", _CALLBACK, {"type": 5}, status=204, token="", before=someone_uses_the_command),
        Request("GET", f"{_WEBHOOK}/messages/@original", token=""),
        Request("PATCH", f"{_WEBHOOK}/messages/@original", {"content": "Here at last."}, token=""),
        Request("POST", _WEBHOOK, {"content": "more"}, query="wait=true", token="", keep={"more": "id"}),
        Request("GET", f"{_WEBHOOK}/messages/{{more}}", token=""),
        Request("PATCH", f"{_WEBHOOK}/messages/{{more}}", {"content": "changed"}, token=""),
        Request("DELETE", f"{_WEBHOOK}/messages/{{more}}", status=204, token=""),
        Request("DELETE", f"{_WEBHOOK}/messages/@original", status=204, token=""),
        Request(
            "POST",
            _CALLBACK,
            {"type": 4, "data": {"content": "hi"}},
            query="with_response=true",
            token="",
            before=someone_uses_the_command,
        ),
    ],
    "lobbies": [],
}

REQUESTS: list[Request] = [row for rows in SUBJECTS.values() for row in rows]
