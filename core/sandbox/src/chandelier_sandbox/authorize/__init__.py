"""The page on which people allow the application something, and what follows from it."""

from __future__ import annotations

from chandelier_sandbox.authorize.approving import CannotAllow, Choice, approve
from chandelier_sandbox.authorize.asking import Ask, BadAsk, SentBack, read_ask
from chandelier_sandbox.authorize.desk import Desk
from chandelier_sandbox.authorize.tokens import TokenDesk

__all__ = ["Ask", "BadAsk", "CannotAllow", "Choice", "Desk", "SentBack", "TokenDesk", "approve", "read_ask"]
