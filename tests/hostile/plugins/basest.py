"""It raises a BaseException of its own on import.

When: start
Seen: Doom: now
"""


class Doom(BaseException):
    pass


raise Doom("now")
