"""The components of messages: what Discord demands of them, and how it gives them back."""

from __future__ import annotations

from chandelier_sandbox.components.checking import check_components
from chandelier_sandbox.components.showing import shown_components

__all__ = ["check_components", "shown_components"]
