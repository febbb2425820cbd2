"""What the chat page talks to: one person's view of the local Discord, and what that person does in it."""

from __future__ import annotations

from chandelier_sandbox.chat.routes import Chat

__all__ = ["Chat"]
