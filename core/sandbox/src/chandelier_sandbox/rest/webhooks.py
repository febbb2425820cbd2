"""Webhooks: make, list, change, delete; those in the path may be named with their token instead of a permission."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.webhooks import delete_webhook as remove
from chandelier_sandbox.changes.webhooks import edit_webhook, find_webhook, make_webhook, webhooks_of
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.images import image_hash
from chandelier_sandbox.payloads import source_json, webhook_json
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Webhook
from chandelier_sandbox.rest.access import by, open_channel, open_guild
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Auth, Call, Route
from chandelier_sandbox.rest.speaking import must_hold
from chandelier_sandbox.shapes import ObjectOf, Plain, TextOf, checked

NAME_MOST = 80
_FORBIDDEN = ("clyde", "discord")
_NEW = ObjectOf({"name": TextOf(NAME_MOST, 1), "avatar": Plain.TEXT}, ("name",))
_EDIT = ObjectOf({"name": TextOf(NAME_MOST, 1), "avatar": Plain.TEXT, "channel_id": Plain.SNOWFLAKE})


def check_name(path: str, name: Any) -> None:
    """Raise 50035 for a name that webhooks may not have."""
    errors, text = FormErrors(), str(name or "").strip()
    if name is not None and not text:
        errors.add((path,), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {NAME_MOST} in length.")
    for word in _FORBIDDEN:
        if word in text.lower():
            errors.add((path,), "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"')
    errors.raise_any()


def _judged(call: Call, shape: ObjectOf) -> JsonObject:
    body = checked(call.form(), shape)
    check_name("name", body.get("name"))
    if "avatar" in body:
        body["avatar"] = image_hash(body["avatar"], "avatar")
    return body


def shown(call: Call, webhook: Webhook, *, with_creator: bool = True) -> JsonObject:
    """Describe a webhook, with what it follows."""
    world = call.discord.world
    answer = webhook_json(webhook, f"{world.origin}/api", with_creator=with_creator)
    source = world.channels.get(webhook.source_channel_id or 0)
    return answer | ({} if source is None else source_json(world.guild(source.guild_id or 0), source))


def _place(call: Call) -> Channel:
    channel = open_channel(call)
    if channel.guild_id is None:
        raise refusal(50003)
    if channel.thread is not None or channel.kind is ChannelKind.CATEGORY:
        raise refusal(50024)
    must_hold(call, channel, Permission.MANAGE_WEBHOOKS)
    return channel


def post_webhook(call: Call) -> Answer:
    """Make a webhook for a channel."""
    channel, body = _place(call), _judged(call, _NEW)
    name = str(body["name"]).strip()
    webhook = make_webhook(call.discord.world, channel, name, by(call), avatar=body.get("avatar"))
    return Answer(shown(call, webhook))


def list_of_channel(call: Call) -> Answer:
    """List the webhooks of a channel."""
    return Answer([shown(call, one) for one in webhooks_of(call.discord.world, _place(call))])


def list_of_guild(call: Call) -> Answer:
    """List the webhooks of a server."""
    guild = open_guild(call, Permission.MANAGE_WEBHOOKS)
    return Answer([shown(call, one) for one in guild.webhooks.values() if one.channel_id in guild.channels])


def _managed(call: Call) -> Webhook:
    """Return the webhook of the path; the caller must manage webhooks in its channel."""
    world = call.discord.world
    webhook = find_webhook(world, call.number("webhook_id"))
    must_hold(call, world.channel(webhook.channel_id), Permission.MANAGE_WEBHOOKS)
    return webhook


def by_token(call: Call) -> Webhook:
    """Return the webhook of the path; 50027 where the token is not its own."""
    webhook = find_webhook(call.discord.world, call.number("webhook_id"))
    if webhook.source_channel_id is not None or call.path["webhook_token"] != webhook.token:
        raise refusal(50027)
    return webhook


def _by_itself(call: Call, webhook: Webhook) -> By:
    return By(webhook.creator, call.reason)


def get_webhook(call: Call) -> Answer:
    """Describe a webhook."""
    return Answer(shown(call, _managed(call)))


def get_by_token(call: Call) -> Answer:
    """Describe a webhook to who has its token: without its creator."""
    return Answer(shown(call, by_token(call), with_creator=False))


def patch_webhook(call: Call) -> Answer:
    """Change a webhook's name, avatar or channel."""
    webhook, world = _managed(call), call.discord.world
    body = _judged(call, _EDIT)
    if body.get("channel_id") is not None:
        target = world.channel(int(body["channel_id"]))
        if target.guild_id != webhook.guild_id or target.thread is not None or target.kind is ChannelKind.CATEGORY:
            raise refusal(50024)
        must_hold(call, target, Permission.MANAGE_WEBHOOKS)
    return Answer(shown(call, edit_webhook(world, webhook, body, by(call))))


def patch_by_token(call: Call) -> Answer:
    """Change a webhook's name or avatar."""
    webhook = by_token(call)
    body = {name: value for name, value in _judged(call, _EDIT).items() if name != "channel_id"}
    edit_webhook(call.discord.world, webhook, body, _by_itself(call, webhook))
    return Answer(shown(call, webhook, with_creator=False))


def delete_webhook(call: Call) -> Answer:
    """Delete a webhook."""
    remove(call.discord.world, _managed(call), by(call))
    return NO_CONTENT


def delete_by_token(call: Call) -> Answer:
    """Delete a webhook, as who has its token."""
    webhook = by_token(call)
    remove(call.discord.world, webhook, _by_itself(call, webhook))
    return NO_CONTENT


_OF_CHANNEL = "/channels/{channel_id}/webhooks"
_WEBHOOK = "/webhooks/{webhook_id}"
_WITH_TOKEN = _WEBHOOK + "/{webhook_token}"
ROUTES: tuple[Route, ...] = (
    Route("POST", _OF_CHANNEL, post_webhook),
    Route("GET", _OF_CHANNEL, list_of_channel),
    Route("GET", "/guilds/{guild_id}/webhooks", list_of_guild),
    Route("GET", _WEBHOOK, get_webhook),
    Route("PATCH", _WEBHOOK, patch_webhook),
    Route("DELETE", _WEBHOOK, delete_webhook),
    Route("GET", _WITH_TOKEN, get_by_token, auth=Auth.NONE),
    Route("PATCH", _WITH_TOKEN, patch_by_token, auth=Auth.NONE),
    Route("DELETE", _WITH_TOKEN, delete_by_token, auth=Auth.NONE),
)
