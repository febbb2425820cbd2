"""Webhooks of a server: for whoever may manage it."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, TypeGuard

from quart import Blueprint, Response, g, request

from chandelier import BadOption, NotAllowed, Permission
from chandelier_api.calls import guild_in_path, read_actor
from chandelier_api.rendering import reply_json
from chandelier_api.requests import check_names, read_body, refusal
from chandelier_api.routes import PREFIX

if TYPE_CHECKING:
    from chandelier_core.host import Host, Webhook

_WEBHOOKS = f"{PREFIX}/guilds/<guild_id>/webhooks"
_MOST_NAMES, _LONGEST_NAME = 20, 128


def webhook_routes(host: Host) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("webhooks", __name__)

    @routes.get(_WEBHOOKS)
    async def webhooks(guild_id: str) -> Response:
        number, _ = await _admit(host, guild_id)
        return reply_json({"items": [_webhook(one) for one in await host.webhooks(number)], "next": None})

    @routes.post(_WEBHOOKS)
    async def add(guild_id: str) -> Response:
        number, by = await _admit(host, guild_id)
        body = await read_body(request)
        check_names(body, ("url", "events"), ("url",), "body")
        url, names = body["url"], [] if body.get("events") is None else body["events"]
        if not isinstance(url, str):
            raise refusal("bad_option", "body", {"url": "`url` must be text."})
        if (
            not isinstance(names, list)
            or not all(isinstance(one, str) and 0 < len(one) <= 128 for one in names)
            or len(names) > _MOST_NAMES
        ):
            raise refusal(
                "bad_option", "body", {"events": f"`events` must be a list of at most {_MOST_NAMES} names of events."}
            )
        try:
            made = await host.add_webhook(number, url, names, by=by)
        except BadOption as error:
            raise refusal("bad_option", "body", {error.option or "": error.sentence}) from None
        g.chandelier_secret_answer = True
        response = reply_json({**_webhook(made), "secret": made.secret}, 201)
        response.headers["Location"] = f"{PREFIX}/guilds/{number}/webhooks/{made.id}"
        return response

    @routes.delete(f"{_WEBHOOKS}/<webhook_id>")
    async def remove(guild_id: str, webhook_id: str) -> Response:
        number, _ = await _admit(host, guild_id)
        check_names(await read_body(request), (), (), "body")
        await host.remove_webhook(number, webhook_id)
        return Response("", 204)

    return routes


async def _admit(host: Host, guild_id: str) -> tuple[int, str]:
    """Let in whoever may manage the server; give its id, and their name."""
    number = await guild_in_path(host, guild_id)
    actor = await read_actor(host, request, number)
    if not actor.may(Permission.MANAGE_GUILD):
        raise NotAllowed(f"You need the permission {Permission.MANAGE_GUILD.words} for this.")
    return number, actor.name


def _are_names(given: object) -> TypeGuard[list[str]]:
    return (
        isinstance(given, list)
        and len(given) <= _MOST_NAMES
        and all(isinstance(one, str) and 0 < len(one) <= _LONGEST_NAME for one in given)
    )


def _webhook(one: Webhook) -> dict[str, object]:
    return {
        "id": one.id, "url": one.url, "events": list(one.names), "created_by": one.created_by,
        "created_at": one.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "off_because": one.off_because,
    }  # fmt: skip
