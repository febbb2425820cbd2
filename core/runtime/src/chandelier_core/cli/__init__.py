"""The command ``chandelier``."""

from chandelier_core.cli.extensible import Extensible
from chandelier_core.cli.main import main

__all__ = ["Extensible", "main"]
