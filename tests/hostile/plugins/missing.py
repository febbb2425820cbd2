"""It imports a module that is not there.

When: start
Seen: it needs the module nowhere_to_be_found, which is not installed.
"""

from nowhere_to_be_found import plugin

__all__ = ["plugin"]
