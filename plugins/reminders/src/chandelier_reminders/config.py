"""What an operator can set."""

from pydantic import Field

import chandelier


class Config(chandelier.Config):
    """``[plugins.reminders.config]``."""

    max_per_user: int = Field(25, ge=1, le=1000, description="How many reminders one person may have waiting.")
    keep_days: int = Field(30, ge=1, le=3660, description="How many days a reminder is kept after it was said.")
