"""What an operator can set."""

from pydantic import Field

import chandelier


class Config(chandelier.Config):
    """``[plugins.custom.config]``."""

    max_commands: int = Field(500, ge=1, le=10_000, description="How many custom commands one server may have.")
    uses_per_minute: int = Field(
        300, ge=1, le=100_000, description="How many uses of custom commands one server may have in a minute."
    )
