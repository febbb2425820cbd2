"""Announcement channels: publish a message, follow a channel."""

from __future__ import annotations

from chandelier_sandbox.changes.announcements import follow, publish
from chandelier_sandbox.errors import refusal
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import ChannelKind, MessageFlag
from chandelier_sandbox.rest.access import by, open_channel, open_message
from chandelier_sandbox.rest.routing import Answer, Call, Route
from chandelier_sandbox.rest.speaking import must_be_by_people, must_hold, open_talk
from chandelier_sandbox.shapes import ObjectOf, Plain, checked

_FOLLOWER = ObjectOf({"webhook_channel_id": Plain.SNOWFLAKE}, ("webhook_channel_id",))


def post_crosspost(call: Call) -> Answer:
    """Publish a message of an announcement channel; 40033 for the second time."""
    channel = open_talk(call, Permission.SEND_MESSAGES)
    message = open_message(call, channel)
    if channel.kind is not ChannelKind.ANNOUNCEMENT:
        raise refusal(50024)
    must_be_by_people(message)
    if message.author is not call.user:
        must_hold(call, channel, Permission.MANAGE_MESSAGES)
    if message.flags & int(MessageFlag.IS_CROSSPOST):
        raise refusal(50068)
    if message.flags & int(MessageFlag.CROSSPOSTED):
        raise refusal(40033)
    publish(call.discord.world, message)
    return Answer(call.discord.world.render(message))


def post_follower(call: Call) -> Answer:
    """Let another channel get what an announcement channel publishes."""
    source, world = open_channel(call), call.discord.world
    target = world.channel(int(checked(call.form(), _FOLLOWER)["webhook_channel_id"]))
    if not world.permissions_in(target, call.user) & Permission.VIEW_CHANNEL:
        raise refusal(50001)
    must_hold(call, target, Permission.MANAGE_WEBHOOKS)
    if source.kind is not ChannelKind.ANNOUNCEMENT or target.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
        raise refusal(50024)
    webhook = follow(world, source, target, by(call))
    return Answer({"channel_id": str(source.id), "webhook_id": str(webhook.id)})


ROUTES: tuple[Route, ...] = (
    Route("POST", "/channels/{channel_id}/messages/{message_id}/crosspost", post_crosspost),
    Route("POST", "/channels/{channel_id}/followers", post_follower),
)
