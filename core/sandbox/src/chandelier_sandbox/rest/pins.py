"""Pins, under the path of today and the one that Discord keeps for older programs."""

from __future__ import annotations

from chandelier_sandbox.changes.pins import pin, pinned_in, unpin
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.payloads import timestamp
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, Message
from chandelier_sandbox.rest.access import by, open_message
from chandelier_sandbox.rest.routing import NO_CONTENT, Answer, Call, Route
from chandelier_sandbox.rest.speaking import must_be_by_people, must_be_open, open_talk, shown
from chandelier_sandbox.shapes import Plain, moment

_OLD_MOST = 50


def _readable(call: Call) -> tuple[Channel, list[Message]]:
    channel = open_talk(call)
    held = call.discord.world.permissions_in(channel, call.user)
    readable = held & Permission.READ_MESSAGE_HISTORY
    return channel, pinned_in(call.discord.world, channel) if readable else []


def list_pins(call: Call) -> Answer:
    """List pins, the latest first (before: a moment; limit: 1 to 50)."""
    most = call.count("limit", 50, 50)
    _, pinned = _readable(call)
    if (text := call.query.get("before")) is not None:
        before = moment(text)
        if before is None:
            errors = FormErrors()
            errors.add(("before",), *Plain.MOMENT.value)
            errors.raise_any()
        pinned = [one for one in pinned if one.pinned_at is not None and before is not None and one.pinned_at < before]
    items = [{"pinned_at": timestamp(one.pinned_at), "message": shown(call, one)} for one in pinned[:most]]
    return Answer({"items": items, "has_more": len(pinned) > most})


def list_old(call: Call) -> Answer:
    """List the latest fifty pins as messages."""
    _, pinned = _readable(call)
    return Answer([shown(call, one) for one in pinned[:_OLD_MOST]])


def _place(call: Call) -> tuple[Channel, Message]:
    """Return the channel and the message; PIN_MESSAGES alone permits it (Discord: Change Log, Pin Permission Split)."""
    channel = open_talk(call, Permission.PIN_MESSAGES, Permission.READ_MESSAGE_HISTORY)
    message = open_message(call, channel)
    must_be_by_people(message)
    must_be_open(channel)
    return channel, message


def put_pin(call: Call) -> Answer:
    """Pin a message."""
    pin(call.discord.world, *_place(call), by(call))
    return NO_CONTENT


def delete_pin(call: Call) -> Answer:
    """Unpin a message."""
    unpin(call.discord.world, *_place(call), by(call))
    return NO_CONTENT


_PINS = "/channels/{channel_id}/messages/pins"
_OLD = "/channels/{channel_id}/pins"
ROUTES: tuple[Route, ...] = (
    Route("GET", _PINS, list_pins),
    Route("PUT", f"{_PINS}/{{message_id}}", put_pin),
    Route("DELETE", f"{_PINS}/{{message_id}}", delete_pin),
    Route("GET", _OLD, list_old),
    Route("PUT", f"{_OLD}/{{message_id}}", put_pin),
    Route("DELETE", f"{_OLD}/{{message_id}}", delete_pin),
)
