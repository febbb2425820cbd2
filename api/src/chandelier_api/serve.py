"""The service that the core starts: uvicorn, in the bot's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import uvicorn

from chandelier_api.app import create_app
from chandelier_api.entrance import is_loopback
from chandelier_core.host import Host, HostSettings, ServiceFailed

GRACE_S = 5
_START_LIMIT_S = 10.0
_STOP_LIMIT_S = GRACE_S + 0.8
_REASONS = {
    errno.EADDRINUSE: "another program has the port. Stop it, or set CHANDELIER_BIND to another address.",
    errno.EADDRNOTAVAIL: "this machine has no such address. Set CHANDELIER_BIND to one that it has, such as 127.0.0.1:8080.",
    errno.EACCES: "this user may not use the port. Set CHANDELIER_BIND to a port from 1024 up.",
}


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the API listens."""

    url: str


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: they are the program's (uvicorn 0.54 would take and raise them again)."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


@contextlib.asynccontextmanager
async def service(host: Host) -> AsyncIterator[Listening]:
    """Serve the API for as long as the context is open.

    Guarantees: requests are answered once it is entered; it is left within 6 s, open connections or not. Raises ServiceFailed
    with one sentence where it cannot listen.
    """
    settings = host.settings
    _refuse_open_door(settings)
    listener = _listen(settings)
    try:
        config = uvicorn.Config(
            create_app(host), log_config=None, log_level="warning", access_log=False, server_header=False, lifespan="on",
            proxy_headers=False,  # uvicorn would take X-Forwarded-For from whoever is on this machine
            timeout_graceful_shutdown=GRACE_S,
        )  # fmt: skip
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]), name="chandelier-api")
        try:
            await _started(server, running)
            yield Listening(_url(settings.bind_host, listener.getsockname()[1]))
        finally:
            await _stop(server, running)
    finally:
        listener.close()


def _refuse_open_door(settings: HostSettings) -> None:
    if settings.api_token is None and not is_loopback(settings.bind_host):
        raise ServiceFailed(
            f"The API would be open to the network on {_spot(settings)} without a token: set CHANDELIER_API_TOKEN, or set "
            "CHANDELIER_BIND to an address of this machine only, such as 127.0.0.1:8080."
        )


def _listen(settings: HostSettings) -> socket.socket:
    """Bind first, so that a port which is taken is a sentence and not an exit of uvicorn's."""
    listener: socket.socket | None = None
    try:
        found = socket.getaddrinfo(
            settings.bind_host, settings.bind_port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(512)
        listener.setblocking(False)
    except (OSError, OverflowError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        raise ServiceFailed(f"The API cannot listen on {_spot(settings)}: {_reason(error)}") from error
    return listener


def _reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror) or not isinstance(error, OSError):
        return "that is no address. Set CHANDELIER_BIND to an address and a port, such as 127.0.0.1:8080."
    known = _REASONS.get(error.errno or 0)
    return known or f"{(error.strerror or type(error).__name__).lower()}. Set CHANDELIER_BIND to another address."


def _spot(settings: HostSettings) -> str:
    host = f"[{settings.bind_host}]" if ":" in settings.bind_host else settings.bind_host
    return f"{host}:{settings.bind_port}"


def _url(host: str, port: int) -> str:
    """Give an address that a browser on this machine can open: an address that means "all" is none."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 compared, not bound
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


async def _started(server: _Server, running: asyncio.Task[None]) -> None:
    give_up = asyncio.get_running_loop().time() + _START_LIMIT_S
    while not server.started:
        if running.done() or asyncio.get_running_loop().time() > give_up:
            raise ServiceFailed("The API could not start; the log has the reason.")
        await asyncio.sleep(0.01)


async def _stop(server: _Server, running: asyncio.Task[None]) -> None:
    server.should_exit = True
    await asyncio.wait({running}, timeout=_STOP_LIMIT_S)
    if not running.done():
        server.force_exit = True
        running.cancel()
        await asyncio.wait({running}, timeout=0.5)
    if running.done() and not running.cancelled():
        running.exception()
