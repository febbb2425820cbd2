"""The one field that a plugin's tables need and Tortoise lacks. Needs the extra ``chandelier[models]``."""

from __future__ import annotations

from typing import Any, Literal, TypeVar, overload

from tortoise.fields import Field, IntField

__all__ = ["SnowflakeField"]

IdT = TypeVar("IdT", int, "int | None")


class SnowflakeField(IntField[IdT]):
    """Hold a Discord id in a BIGINT; the database never generates it, also where it is the primary key.

    A snowflake is an unsigned 64-bit number whose highest bits count milliseconds since 2015, so it fits a signed BIGINT
    until the year 2084 (Discord's documentation, Reference, "Snowflakes"). With a plain ``BigIntField(primary_key=True)``
    every migration that Tortoise 1.1.9 writes drops the column and makes it anew (tortoise-orm issue 2176).
    """

    SQL_TYPE = "BIGINT"
    allows_generated = False

    @overload
    def __init__(
        self: SnowflakeField[int], primary_key: bool | None = None, *, null: Literal[False] = False, **kwargs: Any
    ) -> None: ...

    @overload
    def __init__(
        self: SnowflakeField[int | None], primary_key: bool | None = None, *, null: Literal[True], **kwargs: Any
    ) -> None: ...

    def __init__(self, primary_key: bool | None = None, **kwargs: Any) -> None:
        kwargs["generated"] = False
        Field.__init__(self, primary_key=primary_key, **kwargs)  # IntField's own only decides on ``generated``

    @property
    def constraints(self) -> dict[str, int]:
        """Give the range, in JSON Schema's words without the prefix."""
        return {"ge": 0, "le": 2**63 - 1}
