"""Who the caller is, their tokens and their sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from quart import Blueprint, Response, g, request

from chandelier import BadOption, NotAllowed
from chandelier.types import parse_duration
from chandelier_api.identity import check_scope, identity, session
from chandelier_api.problems import Problem
from chandelier_api.rendering import reply_json
from chandelier_api.requests import check_names, read_body, read_id, refusal
from chandelier_api.routes import PREFIX
from chandelier_core.host import TokenWish

if TYPE_CHECKING:
    from chandelier_core.host import ApiToken, BrowserSession, Host, Identity

_FIELDS = ("name", "scopes", "guild_ids", "expires_in", "user_id")


def access_routes(host: Host) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("access", __name__)
    _add_tokens(routes, host)
    _add_sessions(routes, host)

    @routes.get(f"{PREFIX}/me")
    async def me() -> Response:
        caller, here = identity(), session()
        return reply_json({
            "kind": caller.kind, "user_id": _id(caller.user_id), "name": caller.name,
            "operator": await host.access.is_operator(caller),
            "scopes": None if caller.scopes is None else list(caller.scopes),
            "guild_ids": None if caller.guild_ids is None else [str(one) for one in caller.guild_ids],
            "session_id": None if here is None else here.id,
        })  # fmt: skip

    return routes


def _add_tokens(routes: Blueprint, host: Host) -> None:
    @routes.get(f"{PREFIX}/tokens")
    async def tokens() -> Response:
        caller = identity()
        check_scope("host", "read")
        found = await host.access.tokens(caller.user_id, everybodys=caller.user_id is None)
        return reply_json({"items": [_token(one) for one in found], "next": None})

    @routes.post(f"{PREFIX}/tokens")
    async def create() -> Response:
        caller = identity()
        check_scope("host", "admin")
        asked = _read(await read_body(request), caller)
        try:
            kept, text = await host.access.create_token(asked, by=caller.name)
        except BadOption as error:
            raise refusal("bad_option", "body", {error.option or "": error.sentence}) from None
        g.chandelier_secret_answer = True
        response = reply_json({**_token(kept), "token": text}, 201)
        response.headers["Location"] = f"{PREFIX}/tokens/{kept.id}"
        return response

    @routes.delete(f"{PREFIX}/tokens/<token_id>")
    async def revoke(token_id: str) -> Response:
        caller = identity()
        if caller.caller != f"token:{token_id}":  # whoever holds a token may end it
            check_scope("host", "admin")
        check_names(await read_body(request), (), (), "body")
        await host.access.revoke_token(token_id, caller.user_id, everybodys=caller.user_id is None)
        return Response("", 204)


def _add_sessions(routes: Blueprint, host: Host) -> None:
    @routes.get(f"{PREFIX}/sessions")
    async def sessions() -> Response:
        here = session()
        found = await host.access.sessions(_person())
        return reply_json({"items": [_session(one, here) for one in found], "next": None})

    @routes.delete(f"{PREFIX}/sessions")
    async def end_all() -> Response:
        check_names(await read_body(request), (), (), "body")
        await host.access.end_sessions(_person())
        return Response("", 204)

    @routes.delete(f"{PREFIX}/sessions/<session_id>")
    async def end(session_id: str) -> Response:
        check_names(await read_body(request), (), (), "body")
        caller = identity()
        anybodys = await host.access.is_operator(caller)
        check_scope("host", "admin")
        await host.access.end_session(None if anybodys else caller.user_id, session_id)
        return Response("", 204)


def _person() -> int:
    caller = identity()
    check_scope("host", "admin")
    if caller.user_id is None:
        raise Problem("user_needed", "An operator's token has no sessions; they are of people who log in.")
    return caller.user_id


def _read(body: Mapping[str, object], caller: Identity) -> TokenWish:
    """Read what a new token is to be. Nobody can give away more than they hold."""
    check_names(body, _FIELDS, ("name", "scopes"), "body")
    name, scopes = body["name"], body["scopes"]
    if not isinstance(name, str):
        raise refusal("bad_option", "body", {"name": "`name` must be text."})
    if not isinstance(scopes, list) or not all(isinstance(one, str) for one in scopes):
        raise refusal("bad_option", "body", {"scopes": "`scopes` must be a list of words such as `custom:read`."})
    for scope in scopes:
        plugin, _, level = scope.partition(":")
        if level in ("read", "write", "admin") and not caller.may(plugin, level):
            raise Problem("scope_missing", f"Your own token does not have the scope {scope}.")
    guild_ids = _ids(body.get("guild_ids"), "guild_ids")
    if caller.guild_ids is not None and not set(guild_ids or ()) <= set(caller.guild_ids):
        raise NotAllowed("Your own token is for some servers only; name none but those.")
    if caller.guild_ids is not None and guild_ids is None:
        guild_ids = list(caller.guild_ids)
    user_id = caller.user_id
    if body.get("user_id") is not None:
        if caller.user_id is not None:
            raise NotAllowed("Only an operator makes tokens for somebody else; leave out user_id.")
        user_id = read_id(body["user_id"])
        if user_id is None:
            raise refusal("bad_option", "body", {"user_id": "`user_id` must be a Discord id, as a string of digits."})
    return TokenWish(name, user_id, scopes, guild_ids, _lasts(body.get("expires_in")))


def _ids(given: object, name: str) -> list[int] | None:
    if given is None:
        return None
    found = [read_id(one) for one in given] if isinstance(given, list) else []
    if not found or None in found or len(found) > 100:
        raise refusal(
            "bad_option", "body", {name: f"`{name}` must be a list of 1 to 100 Discord ids, each a string of digits."}
        )
    return [one for one in found if one is not None]


def _lasts(given: object) -> timedelta | None:
    if given is None:
        return None
    try:
        return parse_duration(given)
    except ValueError:
        raise refusal(
            "bad_option", "body", {"expires_in": "`expires_in` must be a duration such as 30d, or seconds."}
        ) from None


def _token(one: ApiToken) -> dict[str, object]:
    return {
        "id": one.id, "name": one.name, "user_id": _id(one.user_id), "scopes": list(one.scopes),
        "guild_ids": None if one.guild_ids is None else [str(each) for each in one.guild_ids],
        "created_by": one.created_by, "created_at": _instant(one.created_at), "expires_at": _instant(one.expires_at),
        "last_used_at": _instant(one.last_used_at), "revoked_at": _instant(one.revoked_at),
    }  # fmt: skip


def _session(one: BrowserSession, here: BrowserSession | None) -> dict[str, object]:
    return {
        "id": one.id, "user_agent": one.user_agent, "created_at": _instant(one.created_at),
        "last_used_at": _instant(one.last_used_at), "ends_at": _instant(one.ends_at),
        "current": here is not None and here.id == one.id,
    }  # fmt: skip


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
