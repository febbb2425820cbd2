"""What a person may choose in a menu, as Discord's client lets them choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chandelier_sandbox.client.resolving import Resolver
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.events import JsonObject

STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 3, 5, 6, 7, 8
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)


def chosen(place: str, menu: JsonObject, wanted: Any, resolver: Resolver) -> list[str]:
    """Return the values of a menu; None takes what is chosen from the start. CannotSend for what cannot be chosen."""
    values = _preset(menu, resolver) if wanted is None else [_value(place, menu, one, resolver) for one in many(wanted)]
    if len(set(values)) != len(values):
        raise CannotSend(f"{place} takes each choice once, not {_listed(values)}.")
    must_fit(place, len(values), bounds(menu))
    return values


def many(wanted: Any) -> Sequence[Any]:
    """Return what was given as a sequence, be it one thing or several."""
    return (
        wanted if isinstance(wanted, (list, tuple)) else [*wanted] if isinstance(wanted, (set, frozenset)) else [wanted]
    )


def bounds(component: JsonObject) -> tuple[int, int]:
    """Return how few and how many may be chosen; nothing, where a form does not require it."""
    least, most = component.get("min_values"), component.get("max_values")
    least = 1 if least is None else int(least)
    return (0 if component.get("required") is False else least), (1 if most is None else int(most))


def must_fit(place: str, count: int, limits: tuple[int, int]) -> None:
    """Raise CannotSend where too few or too many are chosen."""
    least, most = limits
    if not least <= count <= most:
        wants = f"{least}" if least == most else f"{least} to {most}"
        raise CannotSend(f"{place} takes {wants}, not {count}.")


def offered(place: str, options: list[JsonObject], wanted: Any) -> str:
    """Return the value of the option with this value or label."""
    for option in options:
        if str(wanted) == option["value"]:
            return str(option["value"])
    for option in options:
        if str(wanted) == option["label"]:
            return str(option["value"])
    raise CannotSend(f"{place} does not offer {wanted!r}; it offers {_listed(one['label'] for one in options)}.")


def _value(place: str, menu: JsonObject, wanted: Any, resolver: Resolver) -> str:
    match int(menu["type"]):
        case 3:
            return offered(place, menu["options"], wanted)
        case 5:
            return resolver.user(place, wanted)
        case 6:
            return resolver.role(place, wanted)
        case 7:
            return resolver.mentionable(place, wanted)
        case _:
            return resolver.channel_of(place, wanted, menu.get("channel_types") or ())


def _preset(menu: JsonObject, resolver: Resolver) -> list[str]:
    if menu["type"] == STRING_SELECT:
        return [str(option["value"]) for option in menu["options"] if option.get("default")]
    finders = {"user": resolver.user, "role": resolver.role, "channel": resolver.channel_of}
    return [
        finders[one["type"]]("What is chosen from the start", one["id"]) for one in menu.get("default_values") or []
    ]


def _listed(names: Iterable[Any]) -> str:
    return ", ".join(str(name) for name in names) or "nothing"
