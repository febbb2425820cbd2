"""What an operator, and a server's manager, can set for a plugin."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Config(BaseModel):
    """Settings from ``[plugins.<name>.config]`` in plugins.toml. Unknown keys are refused; the values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GuildConfig(BaseModel):
    """Settings of one server, made by its managers. Must build from nothing: every field has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)
