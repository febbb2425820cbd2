"""OAuth2 as JSON: who has authorized what."""

from __future__ import annotations

from datetime import UTC, datetime

from chandelier_sandbox.gateway.intents import application_flags
from chandelier_sandbox.payloads import public_application_json, timestamp, user_json, userinfo_json
from chandelier_sandbox.rest.applications import get_application
from chandelier_sandbox.rest.routing import Answer, Auth, Call, Route, Standing
from chandelier_sandbox.rest.scopes import must_have


def get_authorization(call: Call) -> Answer:
    """Describe the current authorization (Discord: OAuth2, Get Current Authorization Information)."""
    identity, world = call.identity, call.discord.world
    flags = application_flags(call.discord.gateway.privileged)
    expires_at = identity.expires_at
    until = datetime(2100, 1, 1, tzinfo=UTC) if expires_at is None else datetime.fromtimestamp(expires_at, UTC)
    answer = {
        "application": public_application_json(call.discord.application, world.bot, flags),
        "scopes": ["bot"] if identity.is_bot else sorted(identity.scopes),
        "expires": timestamp(until),
    }
    if identity.is_bot or "identify" in identity.scopes:
        answer["user"] = user_json(identity.user)
    return Answer(answer)


def get_keys(call: Call) -> Answer:
    """List the keys that ID tokens are signed with: none, since the sandbox signs none."""
    return Answer({"keys": []})


def get_userinfo(call: Call) -> Answer:
    """Describe who authorized, as OpenID Connect does."""
    must_have(call, "openid")
    return Answer(userinfo_json(call.user, call.identity.scopes))


ROUTES: tuple[Route, ...] = (
    Route("GET", "/oauth2/@me", get_authorization, auth=Auth.EITHER),
    Route("GET", "/oauth2/applications/@me", get_application),
    Route("GET", "/oauth2/keys", get_keys, auth=Auth.NONE, standing=Standing.TOLERATED),
    Route("GET", "/oauth2/userinfo", get_userinfo, auth=Auth.EITHER),
)
