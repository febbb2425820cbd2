"""What newcomers are shown: welcome screen, onboarding, guide; and measures against raids. Kept, and never shown."""

from __future__ import annotations

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Guild
from chandelier_sandbox.rest.access import open_guild
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route, Standing
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, Plain, TextOf, checked, is_true

P = Permission
_WELCOME = ObjectOf(
    {
        "enabled": Plain.FLAG,
        "description": TextOf(140),
        "welcome_channels": ListOf(
            ObjectOf(
                {
                    "channel_id": Plain.SNOWFLAKE,
                    "description": TextOf(50, least=1),
                    "emoji_id": Plain.SNOWFLAKE,
                    "emoji_name": TextOf(100),
                },
                ("channel_id", "description"),
            ),
            most=5,
        ),
    }
)
_OPTION = ObjectOf(
    {
        "title": TextOf(50, least=1),
        "description": TextOf(100),
        "role_ids": ListOf(Plain.SNOWFLAKE),
        "channel_ids": ListOf(Plain.SNOWFLAKE),
        "emoji_id": Plain.SNOWFLAKE,
        "emoji_name": TextOf(100),
    },
    ("title",),
)
_PROMPT = ObjectOf(
    {
        "title": TextOf(100, least=1),
        "type": OneOf((0, 1)),
        "options": ListOf(_OPTION, most=50, least=1),
        "single_select": Plain.FLAG,
        "required": Plain.FLAG,
        "in_onboarding": Plain.FLAG,
    },
    ("title", "options"),
)
_ONBOARDING = ObjectOf(
    {
        "enabled": Plain.FLAG,
        "mode": OneOf((0, 1)),
        "default_channel_ids": ListOf(Plain.SNOWFLAKE, most=500),
        "prompts": ListOf(_PROMPT, most=15),
    }
)
_INCIDENTS = ObjectOf({"invites_disabled_until": Plain.MOMENT, "dms_disabled_until": Plain.MOMENT})


def get_welcome(call: Call) -> Answer:
    """Describe the welcome screen; 10069 where none was made."""
    guild = open_guild(call)
    screen = guild.screens.get("welcome")
    if screen is None:
        raise refusal(10069)
    return Answer(screen)


def patch_welcome(call: Call) -> Answer:
    """Make or change the welcome screen."""
    guild = open_guild(call, P.MANAGE_GUILD)
    body = checked(call.body, _WELCOME)
    screen = dict(guild.screens.get("welcome") or {"description": None, "welcome_channels": []})
    if "description" in body:
        screen["description"] = body["description"]
    if body.get("welcome_channels") is not None:
        screen["welcome_channels"] = [_welcome_channel(guild, one) for one in body["welcome_channels"]]
    guild.screens["welcome"] = screen
    return Answer(screen)


def _welcome_channel(guild: Guild, row: JsonObject) -> JsonObject:
    if int(row["channel_id"]) not in guild.channels:
        raise refusal(10003)
    return {
        "channel_id": str(row["channel_id"]),
        "description": str(row["description"]),
        "emoji_id": row.get("emoji_id"),
        "emoji_name": row.get("emoji_name"),
    }


def get_onboarding(call: Call) -> Answer:
    """Describe the onboarding."""
    guild = open_guild(call)
    return Answer(guild.screens.get("onboarding") or _onboarding(guild))


def _onboarding(guild: Guild) -> JsonObject:
    return {"guild_id": str(guild.id), "prompts": [], "default_channel_ids": [], "enabled": False, "mode": 0}


def put_onboarding(call: Call) -> Answer:
    """Change the onboarding."""
    guild = open_guild(call, P.MANAGE_GUILD, P.MANAGE_ROLES)
    body = checked(call.body, _ONBOARDING)
    screen = dict(guild.screens.get("onboarding") or _onboarding(guild))
    if body.get("prompts") is not None:
        screen["prompts"] = [_prompt(call, one) for one in body["prompts"]]
    if body.get("default_channel_ids") is not None:
        screen["default_channel_ids"] = [str(one) for one in body["default_channel_ids"]]
    if body.get("mode") is not None:
        screen["mode"] = int(body["mode"])
    if body.get("enabled") is not None:
        screen["enabled"] = is_true(body["enabled"])
    guild.screens["onboarding"] = screen
    return Answer(screen)


def _prompt(call: Call, row: JsonObject) -> JsonObject:
    make = call.discord.snowflakes.make
    return {
        "id": str(row.get("id") or make()),
        "title": str(row["title"]),
        "type": int(row.get("type") or 0),
        "single_select": is_true(row.get("single_select")),
        "required": is_true(row.get("required")),
        "in_onboarding": is_true(row.get("in_onboarding")),
        "options": [_option(str(one.get("id") or make()), one) for one in row["options"]],
    }


def _option(number: str, row: JsonObject) -> JsonObject:
    return {
        "id": number,
        "title": str(row["title"]),
        "description": str(row.get("description") or ""),
        "emoji": {"id": row.get("emoji_id"), "name": row.get("emoji_name"), "animated": False},
        "role_ids": [str(one) for one in row.get("role_ids") or []],
        "channel_ids": [str(one) for one in row.get("channel_ids") or []],
    }


def get_guide(call: Call) -> Answer:
    """Answer that there is no guide for newcomers."""
    open_guild(call)
    return NO_CONTENT


def put_incidents(call: Call) -> Answer:
    """Stop invites or direct messages for a while: noted, with no effect."""
    guild = open_guild(call, P.MANAGE_GUILD)
    body = checked(call.body, _INCIDENTS)
    before = guild.screens.get("incidents") or {"invites_disabled_until": None, "dms_disabled_until": None}
    guild.screens["incidents"] = before | {name: body[name] for name in before if name in body}
    return Answer(guild.screens["incidents"])


_GUILD = "/guilds/{guild_id}"
_T = Standing.TOLERATED
ROUTES: tuple[Route, ...] = (
    Route("GET", _GUILD + "/welcome-screen", get_welcome, standing=_T),
    Route("PATCH", _GUILD + "/welcome-screen", patch_welcome, standing=_T),
    Route("GET", _GUILD + "/onboarding", get_onboarding, standing=_T),
    Route("PUT", _GUILD + "/onboarding", put_onboarding, standing=_T),
    Route("GET", _GUILD + "/new-member-welcome", get_guide, standing=_T),
    Route("PUT", _GUILD + "/incident-actions", put_incidents, standing=_T),
)
