"""What may be said about a thread when it is started or changed."""

from __future__ import annotations

from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.permissions import Permission
from chandelier_sandbox.records import Channel, ChannelKind, Message, ThreadFacts
from chandelier_sandbox.rest.routing import Call
from chandelier_sandbox.shapes import ListOf, ObjectOf, OneOf, Plain, Shape, TextOf, WholeOf

ARCHIVE_MINUTES = (60, 1440, 4320, 10080)
DEFAULT_ARCHIVE_MINUTES = 4320
REQUIRE_TAG = 1 << 4  # Discord: Channel, Channel Flags
_FIELDS: dict[str, Shape] = {
    "name": TextOf(100, 1),
    "auto_archive_duration": OneOf(ARCHIVE_MINUTES),
    "rate_limit_per_user": WholeOf(0, 21_600),
    "type": OneOf((10, 11, 12)),
    "invitable": Plain.FLAG,
    "applied_tags": ListOf(Plain.SNOWFLAKE, 5),
}
THREAD = ObjectOf(_FIELDS, ("name",))
POST = ObjectOf(_FIELDS | {"message": ObjectOf()}, ("name", "message"))
EDIT = ObjectOf(_FIELDS | {"archived": Plain.FLAG, "locked": Plain.FLAG, "flags": Plain.WHOLE})
FORUMS = (ChannelKind.FORUM, ChannelKind.MEDIA)


def new_thread(call: Call, parent: Channel, kind: ChannelKind, body: JsonObject, thread_id: int) -> Channel:
    """Make the thread of a judged body, without placing it."""
    now = call.discord.clock.now()
    default = parent.settings.get("default_auto_archive_duration") or DEFAULT_ARCHIVE_MINUTES
    slowmode = body.get("rate_limit_per_user")
    if slowmode is None:
        slowmode = parent.settings.get("default_thread_rate_limit_per_user") or 0
    facts = ThreadFacts(
        owner_id=call.user.id,
        created_at=now,
        archive_moved_at=now,
        auto_archive_minutes=int(body.get("auto_archive_duration") or default),
        invitable=body.get("invitable") not in (False, "false", "False"),
        applied_tags=[int(tag) for tag in body.get("applied_tags") or []],
    )
    return Channel(thread_id, str(body["name"]), kind, slowmode_s=int(slowmode), thread=facts)


def check_tags(call: Call, forum: Channel, wanted: list[str | int], before: list[int]) -> None:
    """Raise 10087 for a tag the forum does not have, 50013 for a moderators' tag, 40067 where one is required."""
    known = {int(tag["id"]): tag for tag in forum.settings.get("available_tags") or []}
    numbers = [int(tag) for tag in wanted]
    if len(set(numbers)) != len(numbers):
        errors = FormErrors()
        errors.add(("applied_tags",), "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
        errors.raise_any()
    if any(number not in known for number in numbers):
        raise refusal(10087)
    moderates = call.discord.world.permissions_in(forum, call.user) & Permission.MANAGE_THREADS
    if not moderates and any(
        known[number].get("moderated") for number in set(numbers) ^ set(before) if number in known
    ):
        raise refusal(50013)
    if forum.flags & REQUIRE_TAG and not numbers:
        if not moderates and known and all(tag.get("moderated") for tag in known.values()):
            raise refusal(40066)
        raise refusal(40067)


def move_into(thread: Channel, first: Message, origin: str) -> None:
    """Let a message that was composed for a forum belong to its thread, the addresses of its files too."""
    old, new = f"{origin}/attachments/{first.channel_id}/", f"{origin}/attachments/{thread.id}/"
    first.channel_id = thread.id
    for embed in first.embeds:
        for part in embed.values():
            if isinstance(part, dict):
                part.update({name: text.replace(old, new) for name, text in part.items() if isinstance(text, str)})
