"""The settings of Tally."""

from pydantic import Field

import chandelier


class Config(chandelier.Config):
    """What the operator sets."""

    step: int = Field(1, ge=1, le=100, description="How much one count is.")


class GuildConfig(chandelier.GuildConfig):
    """What a server sets."""

    noun: str = Field("times", max_length=20, description="What is counted: times, points, cups.")
