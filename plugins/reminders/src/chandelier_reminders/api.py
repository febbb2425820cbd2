"""What reminders tell others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReminderDelivered:
    """A reminder has been said: whose, and in which server; None for one in direct messages."""

    reminder_id: int
    user_id: int
    guild_id: int | None
    message_id: int
