"""It has a number where its Plugin should be.

When: start
Seen: is a int, not a Plugin
"""

plugin = 42
