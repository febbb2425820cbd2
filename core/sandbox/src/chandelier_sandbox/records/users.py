"""A person or a bot, whatever server they are in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class User:
    """A person, a bot, or a webhook that speaks under a name of its own (webhook=True)."""

    id: int
    name: str
    bot: bool = False
    display_name: str | None = None
    accepts_dms: bool = True
    webhook: bool = False
    avatar: str | None = None
    banner: str | None = None

    @property
    def email(self) -> str | None:
        """Return the address of a person, below a name that is reserved for examples (RFC 2606)."""
        return None if self.bot or self.webhook else f"{self.name}@example.com"
