"""What other plugins may use of Tally."""

from typing import Protocol


class Tallies(Protocol):
    """Counts of a server."""

    async def count(self, guild_id: int, name: str) -> int:
        """Give how often something was counted."""
        ...
