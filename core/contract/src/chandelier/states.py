"""The states of a plugin, each with a sentence."""

from __future__ import annotations

from enum import Enum


class State(Enum):
    """A stage of a plugin's life; the value is its name, in logs and over REST."""

    DISCOVERED = "discovered"
    VALIDATED = "validated"
    MIGRATED = "migrated"
    STARTED = "started"
    DEGRADED = "degraded"
    STOPPED = "stopped"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def sentence(self) -> str:
        """Say what the state means."""
        return _SENTENCES[self][0]

    @property
    def recoverable(self) -> bool:
        """Say whether it can be left without a restart."""
        return _SENTENCES[self][1]

    @property
    def running(self) -> bool:
        """Say whether its parts are attached."""
        return self in (State.STARTED, State.DEGRADED)


_SENTENCES = {
    State.DISCOVERED: ("It is installed, and not listed in plugins.toml.", False),
    State.VALIDATED: ("It fits this host.", True),
    State.MIGRATED: ("Its tables are current.", True),
    State.STARTED: ("It works.", True),
    State.DEGRADED: ("Some of its parts do not work right now.", True),
    State.STOPPED: ("It was asked to stop.", True),
    State.REJECTED: ("Something in it or in its config is wrong; correct it and restart.", False),
    State.FAILED: ("It could not be started.", True),
}
