"""The login of browsers: to Discord, back from there, and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quart import Blueprint, Response, request

from chandelier import UserError
from chandelier_api.cookies import drop, give_login, give_session, login_cookie, session_cookie
from chandelier_api.identity import identity, session
from chandelier_api.problems import Problem
from chandelier_api.requests import check_names, read_body

if TYPE_CHECKING:
    from chandelier_core.host import Host

_GONE = '"cache", "cookies", "storage"'


def auth_routes(host: Host) -> Blueprint:
    """Make the routes. They lead browsers on, and answer with problems where that cannot be."""
    routes = Blueprint("auth", __name__)

    @routes.get("/auth/login")
    async def login() -> Response:
        address, state = await host.access.begin_login(request.args.get("next", "/"))
        response = _lead_to(address)
        give_login(response, host.settings, state)
        return response

    @routes.get("/auth/callback")
    async def callback() -> Response:
        if (refused := request.args.get("error")) is not None:
            raise Problem("login_invalid", f"Discord ended the login: {_word(refused)}. Begin again.")
        try:
            secret, way_on = await host.access.finish_login(
                state=request.args.get("state", ""), held=request.cookies.get(login_cookie(host.settings), ""),
                code=request.args.get("code", ""), issuer=request.args.get("iss"),
                user_agent=request.headers.get("User-Agent", ""),
            )  # fmt: skip
        except UserError as error:
            raise Problem(error.code, error.sentence, status=error.status) from None
        response = _lead_to(way_on)
        drop(response, host.settings, login_cookie(host.settings))
        give_session(response, host.settings, secret)
        return response

    @routes.post("/auth/logout")
    async def logout() -> Response:
        check_names(await read_body(request), (), (), "body")
        here, caller = session(), identity()
        if here is None:
            raise Problem("not_found", "There is no session here to end; a token is revoked instead.")
        await host.access.end_session(caller.user_id, here.id)
        response = Response("", 204)
        drop(response, host.settings, session_cookie(host.settings))
        response.headers["Clear-Site-Data"] = _GONE
        return response

    return routes


def _lead_to(address: str) -> Response:
    return Response("", 303 if address.startswith("/") else 302, headers={"Location": address})


def _word(text: str) -> str:
    """Show a word of OAuth2's, and nothing else that somebody may have put there."""
    return text if text.isascii() and text.replace("_", "").isalpha() and len(text) <= 40 else "it did not say why"
