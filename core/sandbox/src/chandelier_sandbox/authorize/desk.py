"""The authorization page over HTTP, and the same in one call for programs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import orjson
from aiohttp import web

from chandelier_sandbox.authorize.approving import CannotAllow, Choice, approve, manageable
from chandelier_sandbox.authorize.asking import Ask, BadAsk, SentBack, read_ask
from chandelier_sandbox.authorize.forms import firsts, read_form
from chandelier_sandbox.authorize.page import STYLE_PATH, consent_page, message_page, people
from chandelier_sandbox.errors import CannotSend
from chandelier_sandbox.oauth2 import CODE_S
from chandelier_sandbox.scopes import ALWAYS_ASKED

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord
    from chandelier_sandbox.records import User

_PREFIXES = ("", "/api", "/api/v{version:(?:[6-9]|10)}")
_COOKIE = "sandbox_person"
_MOST_OPEN = 500
_NAME = re.compile(r"[a-z0-9_.-]{2,64}")
_STALE = "This page was answered already, or is too old, or did not come from here. Go back to the app and start again."
_ERROR_TITLE = "This cannot be authorized"


class Desk:
    """Show the page, take the answer once, send people back."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._open: dict[str, tuple[Ask, float]] = {}
        self._style = files(__package__).joinpath("style.css").read_text("utf-8")

    def install(self, app: web.Application) -> None:
        """Add the routes, at every address that Discord has them at."""
        app.router.add_get(STYLE_PATH, self.style)
        app.router.add_post("/sandbox/authorize", self.authorize)
        for prefix in _PREFIXES:
            app.router.add_get(f"{prefix}/oauth2/authorize", self.show)
            app.router.add_post(f"{prefix}/oauth2/authorize", self.decide)

    async def style(self, request: web.Request) -> web.StreamResponse:
        """Serve the style sheet."""
        return web.Response(text=self._style, content_type="text/css")

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show what is asked, or send people straight back."""
        try:
            ask = read_ask(request.query, self._discord.oauth2)
        except BadAsk as error:
            return _html(message_page(_ERROR_TITLE, str(error)), 400)
        except SentBack as error:
            return _redirect(error.location)
        person = self._known(request)
        asked = not ask.silent or not ask.redirect_uri or not ALWAYS_ASKED.isdisjoint(ask.scopes)
        if person is not None and not asked and self._discord.oauth2.has_allowed(person, ask.scopes):
            return _redirect(approve(self._discord, ask, person, Choice()))
        return self._ask(ask, person)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """Take the answer of the page that this one-time id was given to."""
        fields = await read_form(request)
        form = firsts(fields)
        ask, until = self._open.pop(form.get("request", ""), (None, 0.0))
        if ask is None or until <= self._discord.clock.time():
            return _html(message_page(_ERROR_TITLE, _STALE), 400)
        if form.get("decision") == "cancel":
            return self._cancelled(ask)
        person = self._person(form.get("user_id", ""))
        if form.get("decision") != "authorize" or person is None:
            return self._ask(ask, person, "Choose who you are, then Authorize or Cancel.")
        try:
            chosen = Choice(*_places(form, f"_{person.id}"), _bits(fields.get("permission", [])))
            location = approve(self._discord, ask, person, chosen)
        except CannotAllow as error:
            return self._ask(ask, person, str(error))
        answer = _redirect(location) if location else _html(message_page("Authorized", "You may close this page."))
        answer.set_cookie(_COOKIE, str(person.id), httponly=True, samesite="Lax")
        return answer

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """Authorize as somebody in one call: {"as", "url"} and, where needed, {"guild_id", "channel_id"}."""
        try:
            body = orjson.loads(await request.read() or b"{}")
            texts = {name: str(value) for name, value in body.items()} if isinstance(body, dict) else {}
            if _NAME.fullmatch(texts.get("as", "")) is None or "url" not in texts:
                raise CannotAllow('Send {"as": a user name, "url": the URL of the authorization page}.')
            location = self.approve(texts["url"], texts["as"], Choice(*_places(texts)))
        except ValueError as error:
            sentence = "The body is no JSON." if isinstance(error, orjson.JSONDecodeError) else str(error)
            return web.json_response({"kind": "cannot_send", "error": sentence}, status=422)
        return web.json_response({"location": location})

    def approve(self, url: str, who: str, choice: Choice) -> str:
        """Authorize what an authorization URL asks, as somebody, made at need; return where the browser is sent."""
        return self._approve(dict(parse_qsl(urlsplit(url).query)), who, choice)

    def code(self, query: Mapping[str, str | None], who: str, choice: Choice) -> str:
        """Authorize what a query asks of this application, as somebody, and return the code."""
        method = None if query.get("code_challenge") is None else "S256"
        asked = {"client_id": self._discord.oauth2.client_id, "response_type": "code", "code_challenge_method": method}
        written = {name: value for name, value in (asked | dict(query)).items() if value is not None}
        answer = dict(parse_qsl(urlsplit(self._approve(written, who, choice)).query))
        if "code" not in answer:
            raise CannotSend(f"{who} cannot authorize this: {answer['error_description']}")
        return answer["code"]

    def _approve(self, query: Mapping[str, str], who: str, choice: Choice) -> str:
        try:
            ask = read_ask(query, self._discord.oauth2)
        except SentBack as error:
            return error.location
        except BadAsk as error:
            raise CannotSend(str(error)) from None
        person = self._discord.world.add_user(who)
        return approve(self._discord, ask, person, replace(choice, guild_id=choice.guild_id or ask.guild_id))

    def _ask(self, ask: Ask, person: User | None, trouble: str = "") -> web.Response:
        world = self._discord.world
        present = people(world)
        if not present:
            return _html(
                message_page(_ERROR_TITLE, "Nobody is in any server of this sandbox; add a member first."), 400
            )
        if person not in present:
            able = (user for user in present if not ask.wants_guild or manageable(world, user))
            person = next(able, present[0])
        number = secrets.token_urlsafe(24)
        now = self._discord.clock.time()
        self._open = {text: kept for text, kept in self._open.items() if kept[1] > now}
        while len(self._open) >= _MOST_OPEN:
            del self._open[next(iter(self._open))]
        self._open[number] = (ask, now + CODE_S)
        page = consent_page(world, self._discord.application, ask, person, request_id=number, trouble=trouble)
        return _html(page, 400 if trouble else 200, ask.redirect_uri)

    def _cancelled(self, ask: Ask) -> web.Response:
        if not ask.redirect_uri:
            return _html(message_page("Cancelled", "Nothing was authorized. You may close this page."))
        refused = SentBack(ask, "access_denied", "The resource owner or authorization server denied the request")
        return _redirect(refused.location)

    def _known(self, request: web.Request) -> User | None:
        return self._person(request.cookies.get(_COOKIE, ""))

    def _person(self, number: str) -> User | None:
        return next((user for user in people(self._discord.world) if str(user.id) == number), None)


def _places(form: Mapping[str, str], suffix: str = "_id") -> tuple[int | None, int | None]:
    """Read server and channel; on the page, those of a person carry the person's id."""
    guild, channel = (_whole(form.get(name + suffix) or form.get(f"{name}_id") or "") for name in ("guild", "channel"))
    return guild, channel


def _bits(boxes: Iterable[str]) -> int:
    chosen = 0
    for bit in boxes:
        chosen |= _whole(bit) or 0
    return chosen


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 20 else None


def _redirect(location: str) -> web.Response:
    # The header by hand: aiohttp would normalise the URL, and the app compares what it wrote.
    return web.Response(status=302, headers={"Location": location, "Cache-Control": "no-store"})


def _html(page: str, status: int = 200, redirect_uri: str = "") -> web.Response:
    # Chromium holds form-action against the redirect that follows, so the app's origin belongs into it.
    forms = f"form-action 'self'{_origin(redirect_uri)}"
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; {forms}",
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return web.Response(status=status, text=page, content_type="text/html", headers=headers)


def _origin(uri: str) -> str:
    """Write where a redirect leads as a source of a policy, which knows no IPv6 address."""
    if not uri:
        return ""
    parts = urlsplit(uri)
    if parts.scheme not in ("http", "https") or "[" in parts.netloc:
        return f" {parts.scheme}:"
    return f" {parts.scheme}://{parts.netloc}"
