"""``Idempotency-Key``: a POST that is sent twice is done once, and answered alike for 24 hours.

(Internet-Draft "The Idempotency-Key HTTP Header Field", -07.)
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from quart import Request, Response, g

from chandelier_api.identity import identity
from chandelier_api.problems import Problem

if TYPE_CHECKING:
    from chandelier_core.host import Host

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{8,64}")
_KEPT = ("Content-Type", "Location", "ETag")
_MOST_KEPT_BYTES = 1024 * 1024


async def begin(host: Host, request: Request) -> Response | None:
    """Give the answer to a request that was answered already; None where it is the first.

    Raises a 409 while the first is being answered, and a 422 where the key came with something else.
    """
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None or request.routing_exception is not None:
        return None
    if not _KEY.fullmatch(key):
        raise Problem(
            "bad_option", f"The header {HEADER} must have 8 to 64 characters, such as a UUID, without spaces."
        )
    hashed = await _hash_of(request)
    kept = await host.access.begin_answer(identity().caller, key, hashed)
    if kept is None:
        g.chandelier_idempotency = key
        return None
    if kept.request_hash != hashed:
        raise Problem("key_reused", f"This {HEADER} came with another request before; make a new one for each.")
    if kept.status is None:
        raise Problem("still_running", "The same request is being answered at this moment.").retry_after(1)
    if kept.body is None:
        raise Problem(
            "answer_not_kept", "This was done by the first request; its answer held a secret, and is not kept."
        )
    return Response(kept.body, kept.status, headers={**kept.headers, REPLAYED: "true"})


async def end(host: Host, response: Response) -> None:
    """Keep the answer, or, where it failed, forget that it was asked for."""
    key: str | None = g.pop("chandelier_idempotency", None)
    if key is None:
        return
    caller = identity().caller
    if response.status_code >= 500 or response.status_code == 429:
        await host.access.drop_answer(caller, key)
        return
    body: bytes | None = await response.get_data(as_text=False)
    if g.get("chandelier_secret_answer") or body is None or len(body) > _MOST_KEPT_BYTES:
        body = None
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    await host.access.keep_answer(caller, key, response.status_code, headers, body)


async def _hash_of(request: Request) -> bytes:
    body: bytes = await request.get_data(cache=True, as_text=False)  # type: ignore[assignment]  # bytes, as asked
    head = f"{request.method} {request.full_path} {request.headers.get('X-Discord-User-Id', '')}\n"
    return hashlib.sha256(head.encode(errors="replace") + body).digest()
