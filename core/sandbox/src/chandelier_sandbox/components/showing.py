"""Components as Discord gives them back: every one with an id, defaults filled in, files with their addresses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from chandelier_sandbox.components.kinds import SELECTS, Kind
from chandelier_sandbox.drafts.files import safe_name
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.payloads import attachment_url
from chandelier_sandbox.payloads.pictures import picture_size
from chandelier_sandbox.records import Attachment, Message
from chandelier_sandbox.snowflakes import stable_id

Path = tuple[str | int, ...]
_SCHEME = "attachment://"
_KEPT = ("custom_id", "label", "url", "placeholder", "channel_types", "default_values")
_OF_OPTIONS = ("label", "value", "description", "default")


def shown_components(message: Message, components: list[Any], origin: str) -> list[JsonObject]:
    """Describe judged components; 50035 where one shows a file that the message does not have."""
    shower = _Shower(message, origin, _free_ids(components))
    shown = [shower.show(one, ("components", place)) for place, one in enumerate(components)]
    shower.errors.raise_any()
    return shown


class _Shower:
    def __init__(self, message: Message, origin: str, ids: Iterator[int]) -> None:
        self._message = message
        self._origin = origin
        self._ids = ids
        self.errors = FormErrors()

    def show(self, component: JsonObject, path: Path) -> JsonObject:
        kind = Kind(component["type"])
        answer: JsonObject = {"type": int(kind), "id": component.get("id") or next(self._ids)}
        answer |= {name: component[name] for name in _KEPT if component.get(name) is not None}
        if component.get("emoji"):
            answer["emoji"] = _emoji(component["emoji"])
        if component.get("disabled"):
            answer["disabled"] = True
        match kind:
            case Kind.ROW | Kind.SECTION | Kind.CONTAINER:
                self._inner(component, kind, answer, path)
            case Kind.BUTTON:
                answer |= _button(component)
            case Kind.TEXT:
                answer["content"] = str(component["content"])
            case Kind.THUMBNAIL:
                answer |= self._picture(component, path)
            case Kind.GALLERY:
                items = enumerate(component["items"])
                answer["items"] = [self._picture(one, (*path, "items", place)) for place, one in items]
            case Kind.FILE:
                answer |= self._file(component, path)
            case Kind.SEPARATOR:
                answer["spacing"] = int(component.get("spacing") or 1)
                answer["divider"] = component.get("divider") is not False
            case _ if kind in SELECTS:
                answer |= _select(component)
        return answer

    def _inner(self, component: JsonObject, kind: Kind, answer: JsonObject, path: Path) -> None:
        inner = enumerate(component["components"])
        answer["components"] = [self.show(one, (*path, "components", place)) for place, one in inner]
        if kind is Kind.SECTION:
            answer["accessory"] = self.show(component["accessory"], (*path, "accessory"))
        if kind is Kind.CONTAINER:
            colour = component.get("accent_color")
            answer["accent_color"] = None if colour is None else int(colour)
            answer["spoiler"] = bool(component.get("spoiler"))

    def _picture(self, part: JsonObject, path: Path) -> JsonObject:
        media, _ = self._media(str(part["media"]["url"]), (*path, "media", "url"))
        return {"media": media, "description": part.get("description"), "spoiler": bool(part.get("spoiler"))}

    def _file(self, component: JsonObject, path: Path) -> JsonObject:
        media, found = self._media(str(component["file"]["url"]), (*path, "file", "url"))
        answer: JsonObject = {"file": media, "spoiler": bool(component.get("spoiler"))}
        name, size = (None, None) if found is None else (found.filename, len(found.content))
        return answer | {"name": name, "size": size}

    def _media(self, url: str, path: Path) -> tuple[JsonObject, Attachment | None]:
        if not url.startswith(_SCHEME):
            return {"id": str(stable_id("media", url)), "url": url, "proxy_url": url}, None
        wanted = safe_name(url.removeprefix(_SCHEME))
        found = next((one for one in self._message.attachments if one.filename == wanted), None)
        if found is None:
            sentence = f"The referenced attachment {wanted!r} was not found"
            self.errors.add(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", sentence)
            return {}, None
        address = attachment_url(found, self._message.channel_id, self._origin)
        media: JsonObject = {"id": str(found.id), "url": address, "proxy_url": address}
        media |= {"content_type": found.content_type, "attachment_id": str(found.id)}
        if size := picture_size(found.content):
            media |= {"width": size[0], "height": size[1]}
        return media, found


def _button(component: JsonObject) -> JsonObject:
    answer: JsonObject = {"style": int(component["style"])}
    return answer | ({} if component.get("sku_id") is None else {"sku_id": str(component["sku_id"])})


def _select(component: JsonObject) -> JsonObject:
    least, most = component.get("min_values"), component.get("max_values")
    answer: JsonObject = {
        "min_values": 1 if least is None else int(least),
        "max_values": 1 if most is None else int(most),
    }
    if component.get("default_values") is not None:
        values = component["default_values"]
        answer["default_values"] = [{"id": str(one["id"]), "type": one["type"]} for one in values]
    if component["type"] == Kind.STRING_SELECT:
        answer["options"] = [_option(one) for one in component["options"]]
    return answer


def _option(option: JsonObject) -> JsonObject:
    answer: JsonObject = {name: option[name] for name in _OF_OPTIONS if option.get(name) is not None}
    return answer | ({"emoji": _emoji(option["emoji"])} if option.get("emoji") else {})


def _emoji(emoji: JsonObject) -> JsonObject:
    """Describe an emoji; one of Unicode has no id."""
    answer: JsonObject = {name: emoji[name] for name in ("name", "animated") if emoji.get(name) is not None}
    return answer if emoji.get("id") is None else {"id": str(emoji["id"]), "name": "_", **answer}


def _free_ids(components: list[Any]) -> Iterator[int]:
    """Count upwards, leaving out the ids that components brought along."""
    taken: set[int] = set()
    left: list[Any] = list(components)
    while left:
        component = left.pop()
        if component.get("id"):
            taken.add(int(component["id"]))
        left += component.get("components") or []
        left += [component["accessory"]] if component.get("accessory") else []
    return (number for number in count(1) if number not in taken)
