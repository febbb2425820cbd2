"""It has models that cannot be imported.

When: start
Seen: tables could not be brought up to date|cannot be loaded|nowhere
"""

from chandelier import Plugin

plugin = Plugin("unmodelled", summary="Hostile.", models="nowhere.models")
