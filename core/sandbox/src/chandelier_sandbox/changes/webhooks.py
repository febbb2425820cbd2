"""Webhooks: made, changed, deleted, and who speaks through them."""

from __future__ import annotations

import secrets

from chandelier_sandbox.changes.audit import Action, By, difference, note
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads.webhooks import FOLLOWER, INCOMING
from chandelier_sandbox.records import Channel, User, Webhook
from chandelier_sandbox.world import World

WEBHOOKS_MOST = 15


def make_webhook(
    world: World,
    channel: Channel,
    name: str,
    by: By,
    *,
    avatar: str | None = None,
    source: Channel | None = None,
) -> Webhook:
    """Make a webhook for a channel, or a follower of the source; 30007 where the channel has fifteen."""
    guild = world.guild(channel.guild_id or 0)
    if len(webhooks_of(world, channel)) >= WEBHOOKS_MOST:
        raise refusal(30007)
    webhook = Webhook(
        id=world.snowflakes.make(),
        token=secrets.token_urlsafe(51),
        guild_id=guild.id,
        channel_id=channel.id,
        name=name,
        creator=by.actor,
        kind=INCOMING if source is None else FOLLOWER,
        source_channel_id=None if source is None else source.id,
        avatar=avatar,
        application_id=world.application_id if by.actor is world.bot and source is None else None,
    )
    guild.webhooks[webhook.id] = webhook
    tell(world, guild.id, channel.id)
    changes = difference({}, _facts(webhook))
    note(world, guild, by, Action.WEBHOOK_CREATE, webhook.id, changes=changes)
    return webhook


def edit_webhook(world: World, webhook: Webhook, wanted: JsonObject, by: By) -> Webhook:
    """Change name, avatar or channel."""
    guild, before = world.guild(webhook.guild_id), _facts(webhook)
    places = {webhook.channel_id}
    webhook.name = str(wanted.get("name") or webhook.name)
    if "avatar" in wanted:
        webhook.avatar = wanted["avatar"]
    if wanted.get("channel_id") is not None:
        webhook.channel_id = int(wanted["channel_id"])
    changes = difference(before, _facts(webhook))
    for channel_id in places | {webhook.channel_id}:
        tell(world, guild.id, channel_id)
    if changes:
        note(world, guild, by, Action.WEBHOOK_UPDATE, webhook.id, changes=changes)
    return webhook


def delete_webhook(world: World, webhook: Webhook, by: By) -> None:
    """Delete a webhook; its messages stay."""
    guild = world.guild(webhook.guild_id)
    del guild.webhooks[webhook.id]
    tell(world, guild.id, webhook.channel_id)
    changes = difference(_facts(webhook), {})
    note(world, guild, by, Action.WEBHOOK_DELETE, webhook.id, changes=changes)


def find_webhook(world: World, webhook_id: int) -> Webhook:
    """Return the webhook with this id, or raise 10015."""
    for guild in world.guilds.values():
        webhook = guild.webhooks.get(webhook_id)
        if webhook is not None and webhook.channel_id in world.channels:
            return webhook
    raise refusal(10015)


def webhooks_of(world: World, channel: Channel) -> list[Webhook]:
    """Return the webhooks of a channel."""
    guild = world.guild(channel.guild_id or 0)
    return [webhook for webhook in guild.webhooks.values() if webhook.channel_id == channel.id]


def speaker(webhook: Webhook, name: str | None = None, avatar: str | None = None) -> User:
    """Return who a message of a webhook is by."""
    return User(webhook.id, name or webhook.name, bot=True, webhook=True, avatar=avatar or webhook.avatar)


def tell(world: World, guild_id: int, channel_id: int) -> None:
    """Tell that the webhooks of a channel have changed."""
    payload: JsonObject = {"guild_id": str(guild_id), "channel_id": str(channel_id)}
    world.publish("WEBHOOKS_UPDATE", payload, world.guild(guild_id))


def _facts(webhook: Webhook) -> JsonObject:
    facts: JsonObject = {"name": webhook.name, "type": webhook.kind, "channel_id": str(webhook.channel_id)}
    return facts | ({} if webhook.avatar is None else {"avatar_hash": webhook.avatar})
