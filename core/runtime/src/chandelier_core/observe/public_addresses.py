"""Ways out to addresses that somebody else has chosen: public ones alone, as they resolve at that moment.

What the operator allows by name may be anything: a service of their own network.
"""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

MOST_CHARACTERS = 1000


class PublicResolver(AbstractResolver):
    """Resolves names, and leaves out every address that is not public: what a name resolves to is what is connected to."""

    def __init__(self, allowed: Collection[str]) -> None:
        self._allowed = allowed
        self._real = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Resolve a name. Raises OSError where no public address is left."""
        found = await self._real.resolve(host, port, family)
        if f"{host}:{port}" in self._allowed:
            return found
        public = [one for one in found if is_public(one["host"])]
        if not public:
            raise OSError(None, f"{host} has no public address")
        return public

    async def close(self) -> None:
        """Nothing is kept open."""


def is_public(address: str) -> bool:
    """Say whether an address is one of the internet's."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not found.is_multicast


def why_not(url: str, allowed: Collection[str]) -> str | None:
    """Say why nobody may be sent to an address; None where they may, as far as its words tell."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "it is no address"
    if len(url) > MOST_CHARACTERS or not url.isascii() or not url.isprintable() or not parts.hostname:
        return "it is no address"
    if f"{parts.hostname}:{port}" in allowed and parts.scheme in ("http", "https"):
        return None
    if parts.scheme != "https" or parts.username is not None or parts.password is not None:
        return "it must begin with https:// and hold no name or password"
    if _is_number(parts.hostname) and not is_public(parts.hostname):
        return "it is not an address of the internet"
    return None


def _is_number(host: str) -> bool:
    """Say whether a host is an address and no name: a client connects to it without asking the resolver."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
