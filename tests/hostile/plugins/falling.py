"""It listens, and raises every time.

When: use
Seen: part_parked .*listener fall
Use: ! (times 12)
Table: grants = ["message_content"]
"""

import hikari

from chandelier import Need, Plugin, on


async def fall(ctx, event):
    raise OSError("fell")


plugin = Plugin(
    "falling", summary="Hostile.", needs=[Need.MESSAGE_CONTENT], listeners=[on(hikari.GuildMessageCreateEvent, fall)]
)
