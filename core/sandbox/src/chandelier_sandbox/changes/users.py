"""What the bot changes about itself."""

from __future__ import annotations

from chandelier_sandbox.payloads import self_json
from chandelier_sandbox.records import User
from chandelier_sandbox.world import World


def change_self(world: World, user: User, **facts: str | None) -> None:
    """Set the name, avatar or banner of the bot and tell USER_UPDATE."""
    for name, value in facts.items():
        setattr(user, name, value)
    world.publish("USER_UPDATE", self_json(user), None)
