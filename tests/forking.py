"""The command ``chandelier`` in a process of its own, without its imports' second and a half each time.

A server has imported the program once and forks for each use: its children are processes like any other, with their own
environment, folder, pipes, signals and end. Where there is no ``pidfd_open`` (outside of Linux), every use is a process from
nothing. ``CHANDELIER_TEST_EXEC=1`` asks for that on Linux too.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

FORKS = hasattr(os, "pidfd_open") and hasattr(socket, "send_fds") and "CHANDELIER_TEST_EXEC" not in os.environ
IMPORTED = ("chandelier_core.cli.programs", "chandelier_core.cli.installing", "chandelier_core.cli.switching",
            "chandelier_core.program", "chandelier_api.serve", "lightbulb", "uvloop")  # fmt: skip


class Program(Protocol):
    """What asyncio's Process and ours have in common."""

    pid: int
    stdout: asyncio.StreamReader | None
    stderr: asyncio.StreamReader | None

    @property
    def returncode(self) -> int | None: ...
    async def wait(self) -> int: ...
    async def communicate(self) -> tuple[bytes, bytes]: ...
    def send_signal(self, signal: int) -> None: ...
    def kill(self) -> None: ...


async def begin(words: Sequence[str], *, cwd: Path, env: Mapping[str, str], own_session: bool = False) -> Program:
    """Start ``chandelier WORDS`` with a pipe for its output and one for its errors."""
    if FORKS:
        return await _Server.of_this_process().begin(words, cwd, env, own_session=own_session)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chandelier_core", *words, env=env, cwd=cwd, limit=2**22, start_new_session=own_session,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


class Forked:
    """A child of the server's."""

    def __init__(self, pid: int, link: socket.socket, out: asyncio.StreamReader, err: asyncio.StreamReader) -> None:
        self.pid = pid
        self.stdout, self.stderr = out, err
        self._link = link
        self._ended = asyncio.create_task(self._wait())

    async def _wait(self) -> int:
        try:
            said = await asyncio.get_running_loop().sock_recv(self._link, 100)
        finally:
            self._link.close()
        return int(said)

    @property
    def returncode(self) -> int | None:
        """Give the exit code, negative for a signal; None while it runs."""
        return self._ended.result() if self._ended.done() else None

    async def wait(self) -> int:
        """Wait for its end."""
        return await asyncio.shield(self._ended)

    async def communicate(self) -> tuple[bytes, bytes]:
        """Read everything it says, and wait for its end."""
        out, err = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        return out, err

    def send_signal(self, number: int) -> None:
        """Send a signal, to a process that has not ended."""
        if not self._ended.done():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


class _Server:
    """The server of this process, started when it is first asked."""

    _only: _Server | None = None

    @classmethod
    def of_this_process(cls) -> _Server:
        if cls._only is None:
            cls._only = cls()
        return cls._only

    def __init__(self) -> None:
        self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()

    async def begin(self, words: Sequence[str], cwd: Path, env: Mapping[str, str], *, own_session: bool) -> Forked:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        order = {"words": list(words), "cwd": str(cwd), "env": dict(env), "own_session": own_session}
        try:
            with theirs:
                socket.send_fds(self._link, [json.dumps(order).encode()], [theirs.fileno(), out_end, err_end])
        finally:
            os.close(out_end)
            os.close(err_end)
        ours.setblocking(False)
        async with asyncio.timeout(20):
            pid = int((await asyncio.get_running_loop().sock_recv(ours, 8)).decode())
        return Forked(pid, ours, await _reader(out), await _reader(err))


async def _reader(pipe: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=2**22)
    file = os.fdopen(pipe, "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), file)
    return reader


def serve(orders: socket.socket) -> dict[str, object] | None:
    """Fork for each order, and tell how each child ended. Gives the order in a child, None at the end."""
    watched = selectors.DefaultSelector()
    watched.register(orders, selectors.EVENT_READ)
    while True:
        for key, _ in watched.select():
            if key.data is None:
                said, given, _, _ = socket.recv_fds(orders, 2**20, 3)
                if not said:
                    return None
                link = socket.socket(fileno=given[0])
                if (pid := os.fork()) == 0:
                    for held in [orders, link, *(key.data[1] for key in watched.get_map().values() if key.data)]:
                        held.detach()  # nobody closes again what is closed here, and then belongs to somebody else
                    watched.close()
                    _become(json.loads(said), given[1:])
                    return dict(json.loads(said))
                for end in given[1:]:
                    os.close(end)
                link.send(f"{pid:8}".encode())
                watched.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, link))
            else:
                pid, link = key.data
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                watched.unregister(key.fd)
                os.close(key.fd)
                with link:
                    link.send(str(code).encode())


def _become(order: Mapping[str, object], ends: Sequence[int]) -> None:
    """Turn a fork into the process that was ordered."""
    os.dup2(ends[0], 1)
    os.dup2(ends[1], 2)
    os.closerange(3, 1024)
    if order["own_session"]:
        os.setsid()
    os.chdir(str(order["cwd"]))
    env = order["env"]
    assert isinstance(env, dict)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    path = [one for one in env.get("PYTHONPATH", "").split(os.pathsep) if one]
    sys.path[:1] = [str(order["cwd"]), *path]
    importlib.invalidate_caches()


if __name__ == "__main__":
    for name in IMPORTED:
        importlib.import_module(name)
    gc.freeze()  # what is shared with the children stays shared
    found = serve(socket.socket(fileno=int(sys.argv[1])))
    if found is not None:
        words = found["words"]
        assert isinstance(words, list)
        sys.argv[1:] = words
        runpy.run_module("chandelier_core", run_name="__main__", alter_sys=True)
