"""The token endpoint: codes, refresh tokens and client credentials in, access tokens out (RFC 6749, RFC 7009)."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from chandelier_sandbox.authorize.forms import firsts, read_form
from chandelier_sandbox.events import JsonObject
from chandelier_sandbox.oauth2 import TokenRefused
from chandelier_sandbox.scopes import WITHOUT_A_PERSON, are_askable, split_scopes
from chandelier_sandbox.transcript.transcript import Exchange

if TYPE_CHECKING:
    from chandelier_sandbox.discord import Discord

_PREFIXES = ("/api", "/api/v{version:(?:[6-9]|10)}")
_Form = Mapping[str, str]
_Work = Callable[[_Form, str], JsonObject]


class TokenDesk:
    """Exchange and revoke; every answer is noted without what is secret."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def install(self, app: web.Application) -> None:
        """Add the routes."""
        for prefix in _PREFIXES:
            app.router.add_post(f"{prefix}/oauth2/token", self._endpoint(self.exchange))
            app.router.add_post(f"{prefix}/oauth2/token/revoke", self._endpoint(self.revoke))

    def exchange(self, form: _Form, authorization: str) -> JsonObject:
        """Give a token for what the form holds."""
        grants = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh_token,
            "client_credentials": self._by_credentials,
        }
        kind = form.get("grant_type")
        if kind not in grants:
            raise TokenRefused("unsupported_grant_type", f"Grant type {kind} is not supported")
        self._discord.oauth2.check_client(*_client(form, authorization))
        return grants[kind](form)

    def revoke(self, form: _Form, authorization: str) -> JsonObject:
        """End an authorization; a token that is none is no error (RFC 7009, section 2.2)."""
        self._discord.oauth2.check_client(*_client(form, authorization))
        self._discord.oauth2.revoke(_needed(form, "token"))
        return {}

    def _by_code(self, form: _Form) -> JsonObject:
        oauth2 = self._discord.oauth2
        consent = oauth2.redeem(_needed(form, "code"), form.get("redirect_uri"), form.get("code_verifier"))
        return oauth2.issue(consent.user, consent.scopes).answer() | consent.extra

    def _by_refresh_token(self, form: _Form) -> JsonObject:
        return self._discord.oauth2.refresh(_needed(form, "refresh_token")).answer()

    def _by_credentials(self, form: _Form) -> JsonObject:
        scopes = split_scopes(form.get("scope", ""))
        known = are_askable(set(scopes) - WITHOUT_A_PERSON)
        if not scopes or not known or not {"bot", "webhook.incoming"}.isdisjoint(scopes):
            raise TokenRefused("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        owner = self._discord.application.owner
        return self._discord.oauth2.issue(owner, scopes, refreshable=False).answer()

    def _endpoint(self, work: _Work) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def endpoint(request: web.Request) -> web.StreamResponse:
            fault = self._discord.faults.take(request.method, request.path)
            if fault is not None and fault.delay_s:
                await asyncio.sleep(fault.delay_s)
            form = firsts(await read_form(request))
            lost = None if fault is None else fault.status
            if fault is None or lost is None or fault.after_work:
                answer, status = _done(work, form, request.headers.get("Authorization", ""))
            if lost is not None:
                answer, status = {"message": f"{lost}: Sandbox Fault", "code": 0}, lost
            return self._respond(request, form, answer, status)

        return endpoint

    def _respond(self, request: web.Request, form: _Form, answer: JsonObject, status: int) -> web.Response:
        clock, transcript = self._discord.clock, self._discord.transcript
        raw = orjson.dumps(answer)
        transcript.note(
            Exchange(
                number=transcript.next_number(),
                at=clock.time(),
                method=request.method,
                template="",
                status=status,
                ms=0.0,
                files=0,
                raw_path=request.path_qs,
                raw_request=orjson.dumps(form),
                raw_answer=raw,
            )
        )
        headers = {"Date": clock.http_date(), "Cache-Control": "no-store", "Content-Type": "application/json"}
        return web.Response(status=status, body=raw, headers=headers)


def _done(work: _Work, form: _Form, authorization: str) -> tuple[JsonObject, int]:
    try:
        return work(form, authorization), 200
    except TokenRefused as error:
        answer: JsonObject = {"error": error.error}
        return answer | ({} if error.description is None else {"error_description": error.description}), error.status


def _needed(form: _Form, name: str) -> str:
    if not form.get(name):
        raise TokenRefused("invalid_request", f'Missing "{name}" in request.')
    return form[name]


def _client(form: _Form, authorization: str) -> tuple[str, str]:
    """Return the client's id and secret, from HTTP Basic or the form (RFC 6749, section 2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, client_secret = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return client_id, client_secret
