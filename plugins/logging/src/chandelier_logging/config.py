"""What an operator can set."""

from pydantic import Field

import chandelier


class Config(chandelier.Config):
    """``[plugins.logging.config]``."""

    keep_days: int = Field(365, ge=0, le=36_500, description="How many days a row is kept; 0 keeps them for ever.")
