"""Users, the bot's guilds, direct messages."""

from __future__ import annotations

from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.payloads import channel_json, own_guild_json, self_json, user_json
from chandelier_sandbox.rest.access import find_user
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route


def get_self(call: Call) -> Answer:
    """Describe the bot."""
    return Answer(self_json(call.discord.world.bot))


def get_user(call: Call) -> Answer:
    """Describe a user."""
    return Answer(user_json(find_user(call)))


def list_guilds(call: Call) -> Answer:
    """List the guilds the bot is in."""
    world = call.discord.world
    most, after = call.count("limit", 200, 200), call.marker("after") or 0
    guilds = sorted((guild for guild in world.guilds.values() if guild.id > after), key=lambda guild: guild.id)
    return Answer([own_guild_json(guild, guild.members[world.bot.id]) for guild in guilds[:most]])


def leave_guild(call: Call) -> Answer:
    """Leave a guild."""
    call.discord.world.remove_guild(call.discord.world.guild(call.number("guild_id")))
    return NO_CONTENT


def open_direct(call: Call) -> Answer:
    """Open the direct messages with a user."""
    world, recipient = call.discord.world, call.form().get("recipient_id")
    if recipient is None:
        errors = FormErrors()
        errors.missing(("recipient_id",))
        errors.raise_any()
    user = world.users.get(int(str(recipient))) if str(recipient).isdecimal() else None
    if user is None:
        raise refusal(10013)
    if user.bot:
        raise refusal(50007)
    return Answer(channel_json(world.direct_channel(user)))


ROUTES: tuple[Route, ...] = (
    Route("GET", "/users/@me", get_self),
    Route("GET", "/users/@me/guilds", list_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("POST", "/users/@me/channels", open_direct),
    Route("GET", "/users/{user_id}", get_user),
)
