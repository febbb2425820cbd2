"""Where Discord posts interactions, signed, instead of sending them over the gateway.

(Discord: Receiving and Responding to Interactions; Setting Up an Endpoint.) The answer itself goes by the callback, as it
does for interactions of the gateway; what is answered here has no body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from quart import Blueprint, Response, request

from chandelier_api.problems import Problem
from chandelier_api.rendering import reply_json
from chandelier_api.requests import parse_json

if TYPE_CHECKING:
    from chandelier_core.host import Host

PATH = "/discord/interactions"
PING = PONG = 1
#: How old a signature may be, or how far ahead.
SKEW_S = 300


def interaction_routes(host: Host) -> Blueprint:
    """Make the route."""
    routes = Blueprint("interactions", __name__)

    @routes.post(PATH)
    async def interactions() -> Response:
        if host.settings.public_key is None:
            raise Problem("no_such_route", "Interactions come by the gateway here; DISCORD_PUBLIC_KEY is not set.")
        body: bytes = await request.get_data(cache=True, as_text=False)  # type: ignore[assignment]  # bytes, as asked
        _check(host, host.settings.public_key, body)
        payload = parse_json(body)
        if not isinstance(payload, dict):
            raise Problem("malformed_body", "An interaction is one JSON object.")
        if payload.get("type") == PING:
            return reply_json({"type": PONG})
        await host.interaction(payload)
        return Response("", 204)

    return routes


def _check(host: Host, public_key: str, body: bytes) -> None:
    """Refuse what Discord has not signed, or has signed long ago."""
    sent_at = request.headers.get("X-Signature-Timestamp", "")
    try:
        signature = bytes.fromhex(request.headers.get("X-Signature-Ed25519", ""))
        VerifyKey(bytes.fromhex(public_key)).verify(sent_at.encode() + body, signature)
        fresh = abs(host.now().timestamp() - int(sent_at)) <= SKEW_S
    except (BadSignatureError, ValueError):
        raise Problem("signature_wrong", "The signature of this request is wrong.") from None
    if not fresh:
        raise Problem("signature_wrong", "The signature of this request is too old.")
