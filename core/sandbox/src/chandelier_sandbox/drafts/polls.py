"""A poll, from what Create Message says about it (Discord: Poll, Poll Create Request Object)."""

from __future__ import annotations

from datetime import datetime, timedelta

from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.records import Poll

DEFAULT_HOURS = 24


def poll_from(body: JsonObject, now: datetime) -> Poll:
    """Make the poll of a judged body; its answers are numbered from 1."""
    answers: list[JsonObject] = []
    for number, answer in enumerate(body["answers"], 1):
        media: JsonObject = {}
        if answer["poll_media"].get("text"):
            media["text"] = str(answer["poll_media"]["text"])
        if emoji := answer["poll_media"].get("emoji"):
            media["emoji"] = {"id": None if emoji.get("id") is None else str(emoji["id"]), "name": emoji.get("name")}
        answers.append({"answer_id": number, "poll_media": media})
    hours = int(body.get("duration") or DEFAULT_HOURS)
    several = body.get("allow_multiselect") in (True, "true", "True")
    return Poll(str(body["question"]["text"]), answers, now + timedelta(hours=hours), multiselect=several)
