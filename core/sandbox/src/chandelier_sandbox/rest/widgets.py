"""What a guild shows outside: its widget and its vanity URL; and what is integrated into it."""

from __future__ import annotations

from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import user_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind, Guild
from chandelier_sandbox.rest.access import open_guild
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Route, Standing
from chandelier_sandbox.shapes import ObjectOf, Plain, checked, is_true

_WIDGET = ObjectOf({"enabled": Plain.FLAG, "channel_id": Plain.SNOWFLAKE})


def _settings(guild: Guild) -> JsonObject:
    return guild.screens.get("widget") or {"enabled": False, "channel_id": None}


def get_settings(call: Call) -> Answer:
    """Tell whether the widget is switched on."""
    return Answer(_settings(open_guild(call, Permission.MANAGE_GUILD)))


def patch_settings(call: Call) -> Answer:
    """Switch the widget on or off."""
    guild = open_guild(call, Permission.MANAGE_GUILD)
    body, settings = checked(call.body, _WIDGET), dict(_settings(guild))
    if body.get("enabled") is not None:
        settings["enabled"] = is_true(body["enabled"])
    if "channel_id" in body:
        wanted = body["channel_id"]
        if wanted is not None and int(wanted) not in guild.channels:
            raise refusal(10003)
        settings["channel_id"] = None if wanted is None else str(wanted)
    guild.screens["widget"] = settings
    guild.settings |= {"widget_enabled": settings["enabled"], "widget_channel_id": settings["channel_id"]}
    return Answer(settings)


def get_widget(call: Call) -> Answer:
    """Show the widget to anybody; 50004 while it is switched off."""
    guild = call.discord.world.guild(call.number("guild_id"))
    if not _settings(guild)["enabled"]:
        raise refusal(50004)
    channels = [one for one in guild.channels.values() if one.kind is ChannelKind.VOICE]
    return Answer(
        {
            "id": str(guild.id),
            "name": guild.name,
            "instant_invite": None,
            "channels": [{"id": str(one.id), "name": one.name, "position": one.position} for one in channels],
            "members": [],
            "presence_count": len(guild.members),
        }
    )


def get_vanity(call: Call) -> Answer:
    """Tell the vanity URL: there is none."""
    open_guild(call, Permission.MANAGE_GUILD)
    return Answer({"code": None, "uses": 0})


def list_integrations(call: Call) -> Answer:
    """List what is integrated: the bot itself."""
    open_guild(call, Permission.MANAGE_GUILD)
    application, bot = call.discord.application, call.discord.world.bot
    described: JsonObject = {
        "id": str(application.id),
        "name": application.name,
        "icon": application.icon,
        "description": application.description,
        "type": None,
        "bot": user_json(bot),
    }
    return Answer(
        [
            {
                "id": str(application.id),
                "type": "discord",
                "name": application.name,
                "enabled": True,
                "account": {"id": str(application.id), "name": application.name},
                "application": described,
                "scopes": ["bot", "applications.commands"],
            }
        ]
    )


def delete_integration(call: Call) -> Answer:
    """Refuse: the bot does not remove itself, and there is nothing else (10005)."""
    open_guild(call, Permission.MANAGE_GUILD)
    own = call.number("integration_id") == call.discord.application.id
    raise refusal(50013 if own else 10005)


_GUILD = "/guilds/{guild_id}"
_T = Standing.TOLERATED
ROUTES: tuple[Route, ...] = (
    Route("GET", _GUILD + "/widget", get_settings, standing=_T),
    Route("PATCH", _GUILD + "/widget", patch_settings, standing=_T),
    Route("GET", _GUILD + "/widget.json", get_widget, auth=Auth.NONE, standing=_T),
    Route("GET", _GUILD + "/vanity-url", get_vanity, standing=_T),
    Route("GET", _GUILD + "/integrations", list_integrations, standing=_T),
    Route("DELETE", _GUILD + "/integrations/{integration_id}", delete_integration, standing=_T),
)
