"""The interactions endpoint: where interactions are posted, signed, in place of the gateway.

(Discord: Receiving and Responding to Interactions; Setting Up an Endpoint, Validating Security Request Headers.)
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

import aiohttp
import orjson
from nacl.signing import SigningKey

from chandelier_sandbox.clock import Clock
from chandelier_sandbox.events import JsonObject

LIMIT_S = 3.0
PING, PONG = {"type": 1, "version": 1}, 1


class EndpointRefused(ValueError):
    """An address cannot be the interactions endpoint; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What the endpoint answered: its status (0 for no answer in time), and its body where that is an object."""

    status: int
    body: JsonObject | None = None


class Endpoint:
    """Signs what it posts with the application's key, which is the same at every start. ``url`` is None for the gateway."""

    def __init__(self, clock: Clock, application_id: int) -> None:
        self._clock = clock
        self._key = SigningKey(hashlib.sha256(f"the sandbox's application {application_id}".encode()).digest())
        self.url: str | None = None
        self.under_way: set[asyncio.Task[None]] = set()

    @property
    def public_key(self) -> str:
        """Return the application's public key, 64 hexadecimal digits."""
        return bytes(self._key.verify_key).hex()

    async def choose(self, url: str) -> None:
        """Use an address from now on. Raises EndpointRefused unless it answers a PING, and refuses one that is signed wrongly."""
        if (await self.post(url, PING, forged=True)).status != 401:
            raise EndpointRefused("The endpoint must answer 401 to a request whose signature is wrong.")
        answer = await self.post(url, PING)
        if answer.status != 200 or answer.body is None or answer.body.get("type") != PONG:
            raise EndpointRefused(f"The endpoint must answer a PING with 200 and type 1; it answered {answer.status}.")
        self.url = url

    async def post(self, url: str, payload: JsonObject, *, forged: bool = False) -> Posted:
        """Post something, signed; give what is answered within 3 s."""
        body, sent_at = orjson.dumps(payload), str(int(self._clock.time()))
        signature = self._key.sign(sent_at.encode() + body + (b" " if forged else b"")).signature.hex()
        headers = {
            "Content-Type": "application/json", "X-Signature-Ed25519": signature, "X-Signature-Timestamp": sent_at,
            "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
        }  # fmt: skip
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LIMIT_S + 0.25)) as http,
                http.post(url, data=body, headers=headers, allow_redirects=False) as answer,
            ):
                read = await answer.read()
                return Posted(answer.status, _object(read))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Posted(0)


def _object(read: bytes) -> JsonObject | None:
    try:
        found = orjson.loads(read)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
