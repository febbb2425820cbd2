"""Embeds as Discord gives them back: of type rich, with every address resolved."""

from __future__ import annotations

from chandelier_sandbox.drafts.files import linked
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import timestamp
from chandelier_sandbox.payloads.pictures import picture_size
from chandelier_sandbox.records import Message
from chandelier_sandbox.shapes import moment

_TEXTS = ("title", "description", "url")


def shown_embeds(message: Message, embeds: list[JsonObject], origin: str) -> list[JsonObject]:
    """Describe the embeds of a body; files that they show are no longer listed by themselves."""
    for one in message.attachments:
        one.embedded = False
    return [_shown(message, embed, origin) for embed in embeds]


def _shown(message: Message, embed: JsonObject, origin: str) -> JsonObject:
    answer: JsonObject = {"type": "rich"}
    answer |= {name: str(embed[name]) for name in _TEXTS if embed.get(name)}
    if embed.get("color") is not None:
        answer["color"] = int(embed["color"])
    if embed.get("timestamp") is not None:
        answer["timestamp"] = timestamp(moment(embed["timestamp"]))
    for name in ("footer", "author"):
        if embed.get(name):
            answer[name] = _signed(message, embed[name], origin)
    for name in ("image", "thumbnail"):
        if embed.get(name) and embed[name].get("url"):
            answer[name] = _picture(message, str(embed[name]["url"]), origin)
    if fields := embed.get("fields"):
        answer["fields"] = [_field(field) for field in fields]
    return answer


def _field(field: JsonObject) -> JsonObject:
    inline = field.get("inline") in (True, "true", "True")
    return {"name": str(field["name"]).strip(), "value": str(field["value"]).strip(), "inline": inline}


def _signed(message: Message, part: JsonObject, origin: str) -> JsonObject:
    answer: JsonObject = {name: str(part[name]) for name in ("text", "name", "url") if part.get(name)}
    if part.get("icon_url"):
        address = linked(message, str(part["icon_url"]), origin)
        answer |= {"icon_url": address, "proxy_icon_url": address}
    return answer


def _picture(message: Message, url: str, origin: str) -> JsonObject:
    address = linked(message, url, origin)
    answer: JsonObject = {"url": address, "proxy_url": address}
    for one in message.attachments:
        if address.startswith(origin) and f"/{one.id}/" in address and (size := picture_size(one.content)):
            answer |= {"width": size[0], "height": size[1], "content_type": one.content_type}
    return answer
