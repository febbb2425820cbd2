"""Templates of a guild: what it looked like, kept under a code; no guild is ever made from one."""

from __future__ import annotations

import secrets

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import guild_json, timestamp, user_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind, Guild
from chandelier_sandbox.rest.access import open_guild
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Route, Standing
from chandelier_sandbox.shapes import ObjectOf, TextOf, checked

_TEMPLATE = ObjectOf({"name": TextOf(100, least=1), "description": TextOf(120)}, required=("name",))
_KINDS = (ChannelKind.TEXT, ChannelKind.VOICE, ChannelKind.CATEGORY, ChannelKind.FORUM)
_SETTINGS = (
    "name",
    "description",
    "region",
    "verification_level",
    "default_message_notifications",
    "explicit_content_filter",
    "preferred_locale",
    "afk_timeout",
    "system_channel_flags",
)


def find_template(call: Call) -> Answer:
    """Describe the template of a code to anybody."""
    for guild in call.discord.world.guilds.values():
        if (template := guild.templates.get(call.path["code"])) is not None:
            return Answer(template)
    raise refusal(10057)


def list_templates(call: Call) -> Answer:
    """List a guild's templates."""
    return Answer(list(open_guild(call, Permission.MANAGE_GUILD).templates.values()))


def create_template(call: Call) -> Answer:
    """Make the one template of a guild."""
    guild = open_guild(call, Permission.MANAGE_GUILD)
    body = checked(call.body, _TEMPLATE)
    if guild.templates:
        raise refusal(30031)
    code, now = secrets.token_hex(6), timestamp(call.discord.clock.now())
    guild.templates[code] = {
        "code": code,
        "name": str(body["name"]),
        "description": body.get("description") or None,
        "usage_count": 0,
        "creator_id": str(call.user.id),
        "creator": user_json(call.user),
        "created_at": now,
        "updated_at": now,
        "source_guild_id": str(guild.id),
        "serialized_source_guild": _snapshot(guild),
        "is_dirty": None,
    }
    return Answer(guild.templates[code])


def _find(call: Call) -> tuple[Guild, JsonObject]:
    guild = open_guild(call, Permission.MANAGE_GUILD)
    template = guild.templates.get(call.path["code"])
    if template is None:
        raise refusal(10057)
    return guild, template


def sync_template(call: Call) -> Answer:
    """Let a template look as the guild does now."""
    guild, template = _find(call)
    template |= {"serialized_source_guild": _snapshot(guild), "updated_at": timestamp(call.discord.clock.now())}
    return Answer(template)


def patch_template(call: Call) -> Answer:
    """Rename or describe a template."""
    _, template = _find(call)
    body = checked(call.body, _TEMPLATE, partial=True)
    if body.get("name") is not None:
        template["name"] = str(body["name"])
    if "description" in body:
        template["description"] = body["description"] or None
    return Answer(template)


def delete_template(call: Call) -> Answer:
    """Delete a template."""
    guild, template = _find(call)
    return Answer(guild.templates.pop(template["code"]))


def _snapshot(guild: Guild) -> JsonObject:
    """Describe a guild with roles and channels numbered from 0, as templates do."""
    described = guild_json(guild)
    return {name: described.get(name) for name in _SETTINGS} | {
        "icon_hash": guild.settings.get("icon"),
        "afk_channel_id": None,
        "system_channel_id": None,
        "roles": [
            {
                "id": number,
                "name": role.name,
                "permissions": str(role.permissions),
                "color": role.color,
                "colors": None,
                "hoist": role.hoist,
                "mentionable": role.mentionable,
                "icon": None,
                "unicode_emoji": None,
            }
            for number, role in enumerate(one for one in guild.roles.values() if not one.managed)
        ],
        "channels": _channels(guild),
    }


def _channels(guild: Guild) -> list[JsonObject]:
    kept = [one for one in guild.channels.values() if one.kind in _KINDS]
    return [
        {
            "id": number,
            "type": int(channel.kind),
            "name": channel.name,
            "position": channel.position,
            "topic": channel.topic,
            "bitrate": int(channel.settings.get("bitrate") or 64_000),
            "user_limit": int(channel.settings.get("user_limit") or 0),
            "nsfw": channel.nsfw,
            "rate_limit_per_user": channel.slowmode_s,
            "parent_id": None,
            "default_auto_archive_duration": int(channel.settings.get("default_auto_archive_duration") or 4320),
            "permission_overwrites": [],
            "available_tags": None,
            "template": "",
            "default_reaction_emoji": None,
            "default_thread_rate_limit_per_user": None,
            "default_sort_order": None,
            "default_forum_layout": None,
            "default_tag_setting": None,
            "icon_emoji": None,
            "theme_color": None,
        }
        for number, channel in enumerate(kept)
    ]


_TEMPLATES = "/guilds/{guild_id}/templates"
_T = Standing.TOLERATED
ROUTES: tuple[Route, ...] = (
    Route("GET", "/guilds/templates/{code}", find_template, auth=Auth.NONE, standing=_T),
    Route("GET", _TEMPLATES, list_templates, standing=_T),
    Route("POST", _TEMPLATES, create_template, standing=_T),
    Route("PUT", _TEMPLATES + "/{code}", sync_template, standing=_T),
    Route("PATCH", _TEMPLATES + "/{code}", patch_template, standing=_T),
    Route("DELETE", _TEMPLATES + "/{code}", delete_template, standing=_T),
)
