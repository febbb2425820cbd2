"""It raises on import.

When: start
Seen: RuntimeError: the moon is wrong
"""

raise RuntimeError("the moon is wrong")
