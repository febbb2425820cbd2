"""People who act: they type commands and messages, click, choose, fill in forms, and read what the bot answers."""

from __future__ import annotations

from chandelier_sandbox.client.uploads import Upload
from chandelier_sandbox.people.member import Member

__all__ = ["Member", "Upload"]
