"""Rows of any model, made by looking at its fields: for whoever must see what becomes of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tortoise import fields
from tortoise.exceptions import BaseORMException
from tortoise.models import Model

from chandelier.models import SnowflakeField
from chandelier_core.store.errors import StoreError


def id_fields(model: type[Model]) -> list[str]:
    """Name the columns of Discord ids."""
    return [name for name, field in model._meta.fields_map.items() if isinstance(field, SnowflakeField)]


async def add_row(model: type[Model], id_of: Callable[[str], int]) -> None:
    """Store a row: ids as ``id_of`` says of their column, and something that fits for whatever else must be there.

    Raises StoreError where the database does not take it.
    """
    values: dict[str, Any] = {}
    for name, field in model._meta.fields_map.items():
        if isinstance(field, SnowflakeField):
            values[name] = id_of(name)
        elif _must_be_given(field):
            values[name] = _some(field)
    try:
        await model.create(**values)
    except (BaseORMException, ValueError, TypeError) as error:
        said = " ".join(str(error).split())[:200]
        raise StoreError(f"no row of {model.__name__} could be made: {said}") from None


async def is_there(model: type[Model], column: str, number: int) -> bool:
    """Say whether a row has this id in a column."""
    return await model.filter(**{column: number}).exists()


def _must_be_given(field: fields.Field[Any]) -> bool:
    by_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return field.has_db_field and not (field.generated or field.null or field.default is not None or by_itself)


def _some(field: fields.Field[Any]) -> object:
    if isinstance(field, fields.DatetimeField):
        return datetime.now(UTC)
    if isinstance(field, fields.JSONField):
        return {}
    if isinstance(field, fields.BooleanField):
        return False
    if isinstance(field, (fields.IntField, fields.BigIntField, fields.SmallIntField, fields.FloatField)):
        return 1
    return uuid.uuid4().hex[:8]
