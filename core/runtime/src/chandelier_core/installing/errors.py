"""What can stand in the way of a change of plugins."""

from __future__ import annotations

from chandelier import ChandelierError


class ChangeRefused(ChandelierError):
    """A change was not made, and nothing was changed; the message is one or several sentences for the operator."""


class NeedsAnswer(ChandelierError):
    """A change needs a word of the operator's that was not given; nothing was changed."""
