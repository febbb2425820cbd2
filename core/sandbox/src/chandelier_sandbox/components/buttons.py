"""What a button must satisfy (Discord: Component Reference, Button)."""

from __future__ import annotations

from typing import Any

from chandelier_sandbox.components.walk import Path, Walk
from chandelier_sandbox.errors import FormErrors
from chandelier_sandbox.events import JsonObject

URL_MOST = 512
_LINK, _PREMIUM = 5, 6


def check_button(walk: Walk, button: JsonObject, path: Path) -> None:
    """Note a button whose fields do not go with its style."""
    style, errors = button.get("style"), walk.errors
    if style == _PREMIUM:
        _check_premium(button, path, errors)
        return
    if button.get("sku_id") is not None:
        errors.add((*path, "sku_id"), "BUTTON_COMPONENT_SKU_ID_INVALID", "Only premium buttons may have a sku id")
    if style == _LINK:
        _check_link(button, path, errors)
    else:
        _check_plain(button, path, errors)
    if not button.get("label") and not button.get("emoji"):
        errors.missing((*path, "label"))
    check_emoji(button.get("emoji"), (*path, "emoji"), errors)


def check_emoji(emoji: Any, path: Path, errors: FormErrors) -> None:
    """Note an emoji that is none: neither one of a server nor Unicode's."""
    if isinstance(emoji, dict) and emoji.get("id") is None and str(emoji.get("name") or "").isascii():
        errors.add((*path, "name"), "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")


def _check_plain(button: JsonObject, path: Path, errors: FormErrors) -> None:
    if button.get("custom_id") is None:
        errors.add((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    if button.get("url") is not None:
        _note_both(path, errors)


def _check_link(button: JsonObject, path: Path, errors: FormErrors) -> None:
    if button.get("url") is None:
        errors.add((*path, "url"), "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
    elif len(str(button["url"])) > URL_MOST:
        errors.too_long((*path, "url"), URL_MOST)
    if button.get("custom_id") is not None:
        _note_both(path, errors)


def _check_premium(button: JsonObject, path: Path, errors: FormErrors) -> None:
    if button.get("sku_id") is None:
        errors.add((*path, "sku_id"), "BUTTON_COMPONENT_SKU_ID_REQUIRED", "A sku id is required")
    for name in ("custom_id", "label", "url", "emoji"):
        if button.get(name) is not None:
            sentence = f"A premium button cannot have a {name.replace('_', ' ')}"
            errors.add((*path, name), "BUTTON_COMPONENT_PREMIUM_FIELD_INVALID", sentence)


def _note_both(path: Path, errors: FormErrors) -> None:
    sentence = "A custom id and url cannot both be specified"
    errors.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", sentence)
