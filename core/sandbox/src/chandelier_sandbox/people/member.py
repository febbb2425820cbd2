"""A person in one channel who talks to the bot as Discord's client lets people talk."""

from __future__ import annotations

from chandelier_sandbox.people.clicking import Clicking
from chandelier_sandbox.people.commanding import Commanding
from chandelier_sandbox.people.talking import Talking


class Member(Commanding, Clicking, Talking):
    """A person in one channel, talking to the bot as Discord's client lets people talk.

    Commands: slash, slash_line, autocomplete, use. Components: click, select, submit. Talk: say, post, edit, delete,
    type, react, unreact, vote, join_thread, leave_thread. Reading: next_message, unseen, see. Elsewhere: in_channel,
    in_direct_messages or dm. What the client would not send raises CannotSend; what the bot does not answer in time
    raises TimeoutError.
    """
