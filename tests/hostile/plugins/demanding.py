r"""It needs a setting that it was not given.

When: start
Seen: \[plugins\.demanding\.config\] key: it is required and missing
"""

from chandelier import Config, Plugin


class C(Config):
    key: str


plugin = Plugin("demanding", summary="Hostile.", config=C)
