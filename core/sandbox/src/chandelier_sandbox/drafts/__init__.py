"""What somebody wants to say, judged as Discord does and written into a message."""

from __future__ import annotations

from chandelier_sandbox.drafts.checking import check_draft
from chandelier_sandbox.drafts.filling import compose, fill

__all__ = ["check_draft", "compose", "fill"]
