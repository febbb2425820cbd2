"""Messages through webhooks; where the id is the application's, they are answers to an interaction."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

from chandelier_sandbox.changes.audit import By
from chandelier_sandbox.changes.messages import note_edit
from chandelier_sandbox.changes.threads import start_thread
from chandelier_sandbox.changes.webhooks import speaker
from chandelier_sandbox.drafts import check_draft, compose, fill
from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Channel, ChannelKind, Message, MessageFlag, Webhook
from chandelier_sandbox.rest import interactions
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Auth, Call, Handler, Route, Standing
from chandelier_sandbox.rest.speaking import must_be_open
from chandelier_sandbox.rest.thread_fields import FORUMS, check_tags, move_into, new_thread
from chandelier_sandbox.rest.webhooks import NAME_MOST, by_token, check_name
from chandelier_sandbox.shapes import LinkOf, ListOf, ObjectOf, Plain, TextOf, checked

_EXECUTE = ObjectOf(
    {
        "username": TextOf(NAME_MOST, 1),
        "avatar_url": LinkOf(),
        "thread_name": TextOf(100),
        "applied_tags": ListOf(Plain.SNOWFLAKE, 5),
    }
)
_SLACK_COLOURS = {"good": "#2eb67d", "warning": "#ecb22e", "danger": "#e01e5a"}


def _passed_on(handler: Handler, to_interaction: Handler, message_id: str | None = None) -> Handler:
    """Return the handler for a template that webhooks and interactions share."""

    def passed_on(call: Call) -> Answer:
        if message_id is not None:
            call = replace(call, path={**call.path, "message_id": message_id})
        is_interaction = call.number("webhook_id") == call.discord.world.application_id
        return to_interaction(call) if is_interaction else handler(call)

    return passed_on


def _said_in(call: Call, webhook: Webhook) -> Channel:
    """Return the webhook's channel, or the thread of it that the query names (else 10003)."""
    world = call.discord.world
    channel, thread_id = world.channel(webhook.channel_id), call.marker("thread_id")
    if thread_id is None:
        return channel
    thread = world.channel(thread_id)
    if thread.parent_id != channel.id or thread.thread is None:
        raise refusal(10003)
    return thread


def post_message(call: Call) -> Answer:
    """Say something through a webhook; 200 and the message if asked to wait, else 204."""
    webhook = by_token(call)
    message = _execute(call, webhook, _wanted(call, webhook))
    return Answer(call.discord.world.render(message)) if call.flag("wait") else NO_CONTENT


def _wanted(call: Call, webhook: Webhook) -> JsonObject:
    """Judge the body; components that can be used are for webhooks of an application."""
    body = checked(call.form(), _EXECUTE)
    check_name("username", body.get("username"))
    check_draft(body)
    if webhook.application_id is None and not call.flag("with_components"):
        body.pop("components", None)
    return body


def _execute(call: Call, webhook: Webhook, body: JsonObject) -> Message:
    world, channel = call.discord.world, _said_in(call, webhook)
    name, picture = body.get("username"), body.get("avatar_url")
    avatar = None if picture is None else blake2b(str(picture).encode(), digest_size=16).hexdigest()
    author = speaker(webhook, None if name is None else str(name).strip(), avatar)
    thread_name = body.get("thread_name")
    if channel.kind in FORUMS and not thread_name:
        raise refusal(220001)
    if thread_name and channel.thread is not None:
        raise refusal(220002)
    if thread_name and channel.kind not in FORUMS:
        raise refusal(220003)
    body = {field: value for field, value in body.items() if field not in ("message_reference", "nonce")}
    message = compose(world, channel, author, body, call.files, webhook_id=webhook.id)
    if channel.kind in FORUMS:
        check_tags(call, channel, body.get("applied_tags") or [], [])
        about = {"name": thread_name, "applied_tags": body.get("applied_tags")}
        thread = new_thread(call, channel, ChannelKind.PUBLIC_THREAD, about, message.id)
        if thread.thread is not None:
            thread.thread.owner_id = webhook.id
        move_into(thread, message, world.origin)
        start_thread(world, channel, thread, By(author))
    return world.post(message)


def _message(call: Call) -> Message:
    """Return a message that the webhook of the path sent, or raise 10008."""
    webhook = by_token(call)
    channel = _said_in(call, webhook)
    message = call.discord.world.message(channel.id, call.number("message_id"))
    if message.webhook_id != webhook.id:
        raise refusal(10008)
    return message


def get_message(call: Call) -> Answer:
    """Describe a message of the webhook."""
    return Answer(call.discord.world.render(_message(call)))


def patch_message(call: Call) -> Answer:
    """Edit a message of the webhook."""
    message, world, body = _message(call), call.discord.world, call.form()
    must_be_open(world.channel(message.channel_id))
    check_draft(body, flags=message.flags & int(MessageFlag.IS_COMPONENTS_V2))
    note_edit(world, message)
    fill(message, body, call.files, world)
    world.changed(message, edited_at=world.clock.now())
    return Answer(world.render(message))


def delete_message(call: Call) -> Answer:
    """Delete a message of the webhook."""
    message = _message(call)
    must_be_open(call.discord.world.channel(message.channel_id))
    call.discord.world.delete(message)
    return NO_CONTENT


def post_slack(call: Call) -> Answer:
    """Take a message in Slack's form: its text, and its attachments as embeds."""
    webhook, body = by_token(call), call.form()
    if call.discord.world.channel(webhook.channel_id).kind in FORUMS and call.marker("thread_id") is None:
        raise refusal(220004)
    said: JsonObject = {"content": body.get("text"), "username": body.get("username")}
    said["embeds"] = [_from_slack(one) for one in body.get("attachments") or [] if isinstance(one, dict)]
    check_name("username", said["username"])
    check_draft(said)
    _execute(call, webhook, said)
    return Answer("ok")


def _from_slack(attachment: JsonObject) -> JsonObject:
    embed: JsonObject = {"title": attachment.get("title"), "description": attachment.get("text")}
    embed["url"] = attachment.get("title_link")
    colour = str(attachment.get("color") or "")
    colour = _SLACK_COLOURS.get(colour, colour).removeprefix("#")
    if len(colour) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in colour):
        embed["color"] = int(colour, 16)
    return embed


def post_github(call: Call) -> Answer:
    """Take an event in GitHub's form and say who did what where."""
    webhook, body = by_token(call), call.form()
    if call.discord.world.channel(webhook.channel_id).kind in FORUMS and call.marker("thread_id") is None:
        raise refusal(220004)
    errors, sender = FormErrors(), body.get("sender")
    if not isinstance(sender, dict):
        errors.missing(("sender",))
    errors.raise_any()
    repository = body.get("repository") if isinstance(body.get("repository"), dict) else None
    place = f"[{repository.get('full_name')}] " if repository else ""
    title = f"{place}{body.get('action') or 'event'} by {(sender or {}).get('login', 'somebody')}"
    _execute(call, webhook, {"embeds": [{"title": title[:256]}], "username": "GitHub"})
    return NO_CONTENT


_WITH_TOKEN = "/webhooks/{webhook_id}/{webhook_token}"  # noqa: S105  # a path
_SHARED: tuple[tuple[str, Handler, Handler], ...] = (
    ("GET", get_message, interactions.get_message),
    ("PATCH", patch_message, interactions.patch_message),
    ("DELETE", delete_message, interactions.delete_message),
)


def _message_routes(name: str, message_id: str | None) -> tuple[Route, ...]:
    path = f"{_WITH_TOKEN}/messages/{name}"
    return tuple(
        Route(method, path, _passed_on(own, other, message_id), auth=Auth.NONE) for method, own, other in _SHARED
    )


ROUTES: tuple[Route, ...] = (
    Route("POST", _WITH_TOKEN, _passed_on(post_message, interactions.post_follow_up), auth=Auth.NONE),
    Route("POST", f"{_WITH_TOKEN}/slack", post_slack, auth=Auth.NONE, standing=Standing.TOLERATED),
    Route("POST", f"{_WITH_TOKEN}/github", post_github, auth=Auth.NONE, standing=Standing.TOLERATED),
    *_message_routes("@original", "@original"),
    *_message_routes("{message_id}", None),
)
