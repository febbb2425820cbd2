"""It fails when it is asked what it is.

When: start
Seen: declaring its parts failed: ValueError: no idea
"""

from chandelier.hooks import hookimpl


class P:
    @hookimpl
    def declare(self):
        raise ValueError("no idea")


plugin = P()
