"""People who act: they type commands and messages, click, choose, fill in forms, and read what the bot answers."""

from __future__ import annotations

from chandelier_sandbox.people.member import Member
from chandelier_sandbox.uploads import Upload

__all__ = ["Member", "Upload"]
