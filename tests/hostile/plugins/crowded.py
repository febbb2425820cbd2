"""It has a command with 26 options.

When: start
Seen: it has 26 options; Discord takes 25
"""

from chandelier import Context, Plugin

plugin = Plugin("crowded", summary="Hostile.")


@plugin.command()
async def crowded(
    ctx: Context,
    o0: int = 0,
    o1: int = 0,
    o2: int = 0,
    o3: int = 0,
    o4: int = 0,
    o5: int = 0,
    o6: int = 0,
    o7: int = 0,
    o8: int = 0,
    o9: int = 0,
    o10: int = 0,
    o11: int = 0,
    o12: int = 0,
    o13: int = 0,
    o14: int = 0,
    o15: int = 0,
    o16: int = 0,
    o17: int = 0,
    o18: int = 0,
    o19: int = 0,
    o20: int = 0,
    o21: int = 0,
    o22: int = 0,
    o23: int = 0,
    o24: int = 0,
    o25: int = 0,
) -> str:
    """Do it.

    Args:
        o0: Number 0.
        o1: Number 1.
        o2: Number 2.
        o3: Number 3.
        o4: Number 4.
        o5: Number 5.
        o6: Number 6.
        o7: Number 7.
        o8: Number 8.
        o9: Number 9.
        o10: Number 10.
        o11: Number 11.
        o12: Number 12.
        o13: Number 13.
        o14: Number 14.
        o15: Number 15.
        o16: Number 16.
        o17: Number 17.
        o18: Number 18.
        o19: Number 19.
        o20: Number 20.
        o21: Number 21.
        o22: Number 22.
        o23: Number 23.
        o24: Number 24.
        o25: Number 25.
    """
    return "x"
