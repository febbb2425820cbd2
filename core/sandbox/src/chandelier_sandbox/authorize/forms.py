"""Forms that are posted: application/x-www-form-urlencoded and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs

from aiohttp import web

_MOST_FIELDS = 200
Form = dict[str, list[str]]


async def read_form(request: web.Request) -> Form:
    """Return the fields; none where the body is of another type (Discord: OAuth2, OAuth2 URLs) or no such form."""
    raw = await request.read()
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    try:
        return parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def firsts(form: Form) -> dict[str, str]:
    """Return the first value of each field."""
    return {name: values[0] for name, values in form.items()}
