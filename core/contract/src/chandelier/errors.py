"""What can go wrong, told apart by whose turn it is to act.

ChandelierError
├── UserError            a "no" to a person: a code and a sentence; never a traceback
│   ├── BadOption        what was typed does not fit the option
│   ├── NotAllowed       the person may not do this
│   ├── NotFound         there is no such thing, or not for this person
│   ├── TooSoon          a cooldown has not passed
│   └── Unavailable      the part is switched off, parked, or not ready
├── ContractError        a plugin's declaration does not fit the contract
├── NeedMissing          a plugin used a power that it does not list among its needs
├── NotRunning           a part was used before its plugin was started
└── ServiceUnavailable   a service that was asked for is not there
"""

from __future__ import annotations


class ChandelierError(Exception):
    """Something of Chandelier's own went wrong."""


class UserError(ChandelierError):
    """Refuse a call, in words for the person who made it.

    The code is stable and snake_case; over HTTP it becomes ``<plugin>.<code>`` in the problem's type. The status is the
    HTTP status of that problem (RFC 9110, section 15).
    """

    status = 409

    def __init__(self, code: str, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        if status is not None:
            self.status = status


class BadOption(UserError):
    """Say that one option's value does not fit."""

    status = 422

    def __init__(self, sentence: str, *, option: str | None = None) -> None:
        super().__init__("bad_option", sentence)
        self.option = option


class NotAllowed(UserError):
    """Say that the person lacks the right."""

    status = 403

    def __init__(self, sentence: str) -> None:
        super().__init__("not_allowed", sentence)


class NotFound(UserError):
    """Say that there is no such thing."""

    status = 404

    def __init__(self, sentence: str, *, code: str = "not_found") -> None:
        super().__init__(code, sentence)


class TooSoon(UserError):
    """Say how long a cooldown still runs."""

    status = 429

    def __init__(self, sentence: str, *, retry_after_s: float) -> None:
        super().__init__("too_soon", sentence)
        self.retry_after_s = retry_after_s


class Unavailable(UserError):
    """Say that this part does not work right now."""

    status = 503

    def __init__(self, sentence: str, *, code: str = "unavailable") -> None:
        super().__init__(code, sentence)


class ContractError(ChandelierError):
    """A declaration does not fit the contract."""


class NeedMissing(ChandelierError):
    """A plugin used a power that it does not list among its needs: a fault of the plugin, not of who used it."""


class NotRunning(ChandelierError):
    """This part can be used only while its plugin runs: inside a command, a job, a listener, a hook or the lifespan."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class ServiceUnavailable(ChandelierError):
    """A service that was asked for is not offered by any running plugin."""
