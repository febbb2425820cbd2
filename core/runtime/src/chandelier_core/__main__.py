"""``python -m chandelier_core`` is the command ``chandelier``."""

from chandelier_core.cli import main

main()
