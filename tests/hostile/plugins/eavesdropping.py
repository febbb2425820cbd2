"""It raises in the hook that observes every command.

When: use
Seen: part_parked .*hook command_finished
Use: ping (times 12)
"""

from chandelier import Plugin

plugin = Plugin("eavesdropping", summary="Hostile.")


@plugin.hook
async def command_finished(call, outcome):
    raise OSError("deaf")
