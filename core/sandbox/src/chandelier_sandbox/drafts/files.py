"""The files of a message: which of them it has, what they are called, how embeds refer to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chandelier_sandbox.errors import FormErrors, refusal
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import attachment_url
from chandelier_sandbox.records import Attachment, Message

FILES_MOST = 10
FILE_MOST_BYTES = 10 * 1024 * 1024
_NOT_IN_NAMES = re.compile(r"[^\w.\-]+", re.ASCII)
_SCHEME = "attachment://"


def attach(message: Message, body: JsonObject, files: Iterable[Attachment]) -> None:
    """Give the message the files that came and keep those that the body keeps (Discord: Uploading Files).

    Without `attachments` in the body everything is kept; with it, an edit keeps what it lists.
    """
    came = list(files)
    if any(len(one.content) > FILE_MOST_BYTES for one in came):
        raise refusal(40005)
    described = body.get("attachments")
    kept = list(message.attachments)
    if isinstance(described, list):
        kept, came = _described(kept, came, described)
    elif described is None and "attachments" in body:
        kept = []
    for one in came:
        one.filename, one.part = safe_name(one.filename), None
    if len(kept) + len(came) > FILES_MOST:
        raise refusal(30015)
    message.attachments = [*kept, *came]


def _described(
    kept: list[Attachment], came: list[Attachment], described: list[JsonObject]
) -> tuple[list[Attachment], list[Attachment]]:
    """Apply names and descriptions; return what stays of the old files, and the new ones.

    A file that an embed shows stays with its embed.
    """
    errors = FormErrors()
    by_id = {str(one.id): one for one in kept}
    by_part = {str(place if one.part is None else one.part): one for place, one in enumerate(came)}
    stay = [one for one in kept if one.embedded]
    for place, about in enumerate(described):
        name = str(about["id"])
        found = by_part.get(name) or by_id.get(name)
        if found is None:
            errors.missing(("attachments", place, "uploaded_filename"))
            continue
        _describe(found, about)
        if name not in by_part and found not in stay:
            stay.append(found)
    errors.raise_any()
    return stay, came


def _describe(file: Attachment, about: JsonObject) -> None:
    if file.part is not None or about.get("filename") is None:
        file.filename = str(about.get("filename") or file.filename)
    if "description" in about:
        file.description = None if about["description"] is None else str(about["description"])
    if about.get("title"):
        file.title = str(about["title"])
    if about.get("waveform") and isinstance(about.get("duration_secs"), (int, float)):
        file.waveform, file.duration_s = str(about["waveform"]), float(about["duration_secs"])
    file.spoiler = bool(about.get("is_spoiler", file.spoiler))


def safe_name(filename: str) -> str:
    """Write a file name as Discord does: spaces become underscores, what is odd goes."""
    plain = _NOT_IN_NAMES.sub("", filename.strip().replace(" ", "_"))
    return plain if plain.strip(".") else "unknown"


def linked(message: Message, url: str, origin: str) -> str:
    """Turn attachment://name into the address of that file of the message; other addresses stay."""
    if not url.startswith(_SCHEME):
        return url
    wanted = safe_name(url.removeprefix(_SCHEME))
    for one in message.attachments:
        if one.filename == wanted:
            one.embedded = True
            return attachment_url(one, message.channel_id, origin)
    return url
