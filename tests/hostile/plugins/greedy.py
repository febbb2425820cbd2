"""It asks for a power that was not granted.

When: start
Seen: it needs to kick, ban and time out members, which was not granted
"""

from chandelier import Need, Plugin

plugin = Plugin("greedy", summary="Hostile.", needs=[Need.MODERATE])
