"""It listens, and never comes back.

When: use
Seen: events_dropped .*endless
Use: ! (times 40)
Table: grants = ["message_content"]
"""

import asyncio

import hikari

from chandelier import Need, Plugin, on


async def stay(ctx, event):
    await asyncio.sleep(3600)


plugin = Plugin(
    "endless", summary="Hostile.", needs=[Need.MESSAGE_CONTENT], listeners=[on(hikari.GuildMessageCreateEvent, stay)]
)
