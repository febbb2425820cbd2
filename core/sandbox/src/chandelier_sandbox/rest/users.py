"""Users, one's own servers, direct messages."""

from __future__ import annotations

from chandelier_sandbox.changes.joining import bot_leaves
from chandelier_sandbox.changes.users import change_self
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.payloads import channel_json, member_json, own_guild_json, self_json, user_json
from chandelier_sandbox.permissions import guild_permissions
from chandelier_sandbox.records import Guild, Membership
from chandelier_sandbox.rest.access import find_user
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Auth, Call, Route, Standing
from chandelier_sandbox.rest.scopes import must_have
from chandelier_sandbox.shapes import ObjectOf, Plain, TextOf, checked

_SELF = ObjectOf({"username": TextOf(32, least=2), "avatar": Plain.ANY, "banner": Plain.ANY})
_RECIPIENT = ObjectOf({"recipient_id": Plain.SNOWFLAKE}, required=("recipient_id",))
_NEVER_NAMES = ("everyone", "here")
_NEVER_IN_NAMES = ("@", "#", ":", "```", "discord")


def get_self(call: Call) -> Answer:
    """Describe the caller; a person's address needs the scope email."""
    must_have(call, "identify")
    return Answer(self_json(call.user, with_email=call.identity.is_bot or "email" in call.identity.scopes))


def change_own_user(call: Call) -> Answer:
    """Change the bot's name, avatar or banner."""
    body = checked(call.body, _SELF)
    facts: dict[str, str | None] = {}
    if body.get("username") is not None:
        facts["name"] = _checked_name(str(body["username"]).strip())
    facts |= {name: image_hash(body[name], name) for name in ("avatar", "banner") if name in body}
    if facts:
        change_self(call.discord.world, call.user, **facts)
    return Answer(self_json(call.user))


def _checked_name(name: str) -> str:
    errors = FormErrors()
    for part in _NEVER_IN_NAMES:
        if part in name.lower():
            errors.add(("username",), "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{part}"')
    if name.lower() in _NEVER_NAMES or len(name) < 2:
        errors.add(("username",), "USERNAME_INVALID", f'Username cannot be "{name}"')
    errors.raise_any()
    return name


def get_user(call: Call) -> Answer:
    """Describe a user."""
    return Answer(user_json(find_user(call)))


def _own_guilds(call: Call) -> list[Guild]:
    """Return the servers the caller is in, in the order they were made; a person may be where the bot is not."""
    world = call.discord.world
    everywhere = [*world.guilds.values(), *world.elsewhere.values()]
    return sorted((guild for guild in everywhere if call.user.id in guild.members), key=lambda guild: guild.id)


def list_guilds(call: Call) -> Answer:
    """List the servers the caller is in, with the caller's permissions."""
    must_have(call, "guilds")
    most, before, after = call.count("limit", 200, 200), call.marker("before"), call.marker("after") or 0
    found = [guild for guild in _own_guilds(call) if guild.id > after and (before is None or guild.id < before)]
    page = found[-most:] if before is not None and "after" not in call.query else found[:most]
    shown = [own_guild_json(guild, guild.members[call.user.id]) for guild in page]
    if not call.flag("with_counts"):
        shown = [{name: value for name, value in one.items() if not name.startswith("approximate_")} for one in shown]
    return Answer(shown)


def get_own_member(call: Call) -> Answer:
    """Describe a person as member of a server of theirs."""
    must_have(call, "guilds.members.read")
    guild, member = _own_guild(call)
    return Answer(member_json(member) | {"permissions": str(guild_permissions(guild, member))})


def _own_guild(call: Call) -> tuple[Guild, Membership]:
    number = call.number("guild_id")
    for guild in _own_guilds(call):
        if guild.id == number:
            return guild, guild.members[call.user.id]
    raise refusal(10004)


def leave_guild(call: Call) -> Answer:
    """Let the bot leave a server; what it owns it cannot leave."""
    guild, member = _own_guild(call)
    if guild.owner_id == member.user.id:
        raise refusal(50055)
    bot_leaves(call.discord.world, guild)
    return NO_CONTENT


def open_direct(call: Call) -> Answer:
    """Open the direct messages with a user."""
    world, body = call.discord.world, checked(call.body, _RECIPIENT)
    user = world.users.get(int(body["recipient_id"]))
    if user is None:
        raise refusal(10013)
    if user.bot or user.webhook:
        raise refusal(50007)
    return Answer(channel_json(world.direct_channel(user)))


def list_connections(call: Call) -> Answer:
    """List the accounts that the caller has connected: none in the sandbox."""
    must_have(call, "connections")
    nothing: list[JsonObject] = []
    return Answer(nothing)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/users/@me", get_self, auth=Auth.EITHER),
    Route("PATCH", "/users/@me", change_own_user),
    Route("GET", "/users/@me/guilds", list_guilds, auth=Auth.EITHER),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    Route("GET", "/users/@me/guilds/{guild_id}/member", get_own_member, auth=Auth.USER),
    Route("POST", "/users/@me/channels", open_direct),
    Route("GET", "/users/@me/connections", list_connections, auth=Auth.EITHER, standing=Standing.TOLERATED),
    Route("GET", "/users/{user_id}", get_user),
)
