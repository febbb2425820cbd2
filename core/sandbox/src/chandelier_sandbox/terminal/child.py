"""The bot as a child process: started with the sandbox's address, signalled once, killed on the second signal."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence

from chandelier_sandbox.sandbox import Sandbox

READY_S = 60.0
ECHO_S = 0.5


class ChildNotFound(Exception):
    """The command to start does not exist."""


class Child:
    """One child process and the signals on their way to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._signalled_at: float | None = None

    @classmethod
    async def start(cls, command: Sequence[str], sandbox: Sandbox) -> Child:
        """Start the command as a bot of the sandbox; it gets a process group of its own,
        so that a Ctrl-C at the terminal reaches it once, through us."""
        environment = os.environ | {
            "DISCORD_TOKEN": sandbox.token,
            "DISCORD_API_URL": sandbox.api_url,
            "DISCORD_CLIENT_ID": str(sandbox.client_id),
            "DISCORD_CLIENT_SECRET": sandbox.client_secret,
            "DISCORD_PUBLIC_KEY": sandbox.public_key,
            "CHANDELIER_CLOCK_URL": sandbox.clock_url,
        }
        try:
            process = await asyncio.create_subprocess_exec(
                *command, env=environment, stdin=asyncio.subprocess.DEVNULL, process_group=0
            )
        except (FileNotFoundError, PermissionError) as error:
            reason = "there is no such program" if isinstance(error, FileNotFoundError) else "it is not executable"
            raise ChildNotFound(f"The sandbox cannot start {command[0]!r}: {reason}.") from None
        return cls(process)

    def signal(self, number: signal.Signals) -> None:
        """Pass the first signal on; kill at the second.

        A second one within half a second is the first again: timeout(1) signals its child and then its group.
        """
        if self._process.returncode is not None:
            return
        now = time.monotonic()
        if self._signalled_at is None:
            self._signalled_at = now
            self._process.send_signal(number)
        elif now - self._signalled_at > ECHO_S:
            self._process.kill()

    async def wait(self) -> int:
        """Return the exit code; 128 + the signal's number when a signal ended it."""
        code = await self._process.wait()
        return code if code >= 0 else 128 - code

    def kill(self) -> None:
        """End it if it still runs."""
        if self._process.returncode is None:
            self._process.kill()
