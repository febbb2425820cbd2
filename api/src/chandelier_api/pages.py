"""Pages for people: the documentation, and one page for each problem.

Nothing on them comes from elsewhere: no script, style, font or picture of another host.
"""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson
from quart import Blueprint, Response, redirect

from chandelier_api.openapi import build_document
from chandelier_api.problems import KINDS, Problem, title_of
from chandelier_api.routes import PREFIX

if TYPE_CHECKING:
    from chandelier_api.routes import Route
    from chandelier_core.host import Host

#: The policy of pages (Content Security Policy Level 3); JSON has a stricter one.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STATIC = {
    "docs.css": "text/css; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_PROBLEM_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Chandelier</title><link rel="icon" href="/api/v1/docs/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/api/v1/docs/docs.css"></head>
<body><main class="single"><p class="eyebrow">Problem <code>{code}</code></p><h1>{title}</h1><p>{status}</p><p>{advice}</p>
<p>Every problem carries <code>instance</code>: the reference under which the bot's log has the request.</p>
<p><a href="/api/v1/docs">All routes of this bot</a></p></main></body></html>
"""


def page_routes(host: Host, routes: tuple[Route, ...]) -> Blueprint:
    """Make the routes of the documentation and of the problems' pages."""
    pages = Blueprint("pages", __name__)
    kept: dict[tuple[object, ...], bytes] = {}

    @pages.get(f"{PREFIX}/openapi.json")
    async def document() -> Response:
        key = tuple((view.name, id(view.declaration), view.state, view.enabled) for view in host.plugins)
        if key not in kept:
            kept.clear()
            kept[key] = orjson.dumps(build_document(host, routes))
        return Response(kept[key], content_type="application/json")

    @pages.get(f"{PREFIX}/docs")
    async def docs() -> Response:
        return _page(_read("docs.html"))

    @pages.get(f"{PREFIX}/docs/<name>")
    async def static(name: str) -> Response:
        if name not in _STATIC:
            raise Problem("not_found", "The documentation has no such file.")
        return Response(_read(name), content_type=_STATIC[name], headers={"Cache-Control": "no-cache"})

    @pages.get("/problems/<code>")
    async def problem(code: str) -> Response:
        return _page(_problem_page(code))

    @pages.get("/")
    async def front() -> Any:
        return redirect(f"{PREFIX}/docs")

    return pages


def _problem_page(code: str) -> str:
    plugin, _, word = code.rpartition(".")
    if code in KINDS:
        kind = KINDS[code]
        return _PROBLEM_PAGE.format(
            title=kind.title, code=code, status=f"HTTP status {kind.status}.", advice=escape(kind.advice)
        )
    if not re.fullmatch(r"[a-z][\w-]{0,63}\.[a-z]\w{0,63}", code):
        raise Problem("not_found", "There is no such problem.")
    words = f"A refusal of the plugin {escape(plugin)}. Its detail says what was wrong and what to do."
    return _PROBLEM_PAGE.format(title=escape(title_of(word)), code=escape(code), status=words, advice="")


def _page(text: str) -> Response:
    headers = {"Content-Security-Policy": PAGE_POLICY, "Referrer-Policy": "no-referrer"}
    return Response(text, content_type="text/html; charset=utf-8", headers=headers)


def _read(name: str) -> str:
    return (files("chandelier_api") / "static" / name).read_text("utf-8")
