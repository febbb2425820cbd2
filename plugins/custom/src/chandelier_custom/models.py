"""The tables: commands as they are, and every edit that made them so."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from chandelier.models import SnowflakeField


class CustomCommand(Model):
    """One command of one server, whole in ``spec``. One that is deleted is kept for 30 days, without its name.

    ``name`` is folded, and compared byte by byte (collation "C", see the migration); among those that are not deleted it is
    unique in its server.
    """

    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    name = fields.CharField(max_length=32)
    spec: fields.Field[dict[str, object]] = fields.JSONField(db_default={})
    version = fields.IntField(default=1, db_default=1)
    author_id = SnowflakeField(null=True)
    uses = fields.BigIntField(default=0)
    last_used_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=300, null=True)
    last_error_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        schema = "custom"
        table = "command"
        table_description = "Custom commands: answers that a server makes for itself."


class Edit(Model):
    """One version of a command: what it was from then on, and who made it so (created, edited, deleted or restored)."""

    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    command_id = fields.BigIntField()
    version = fields.IntField()
    action = fields.CharField(max_length=16)
    spec: fields.Field[dict[str, object]] = fields.JSONField()
    author_id = SnowflakeField(null=True)
    at = fields.DatetimeField()

    class Meta:
        schema = "custom"
        table = "edit"
        table_description = "Every version of every custom command."
        indexes = (Index(fields=("command_id", "version"), name="edit_command_id_version_idx"),
                   Index(fields=("guild_id",), name="edit_guild_id_idx"))  # fmt: skip


class Draft(Model):
    """A command as it is to be, which does nothing until it is published."""

    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    name = fields.CharField(max_length=32)
    spec: fields.Field[dict[str, object]] = fields.JSONField()
    author_id = SnowflakeField(null=True)
    at = fields.DatetimeField()

    class Meta:
        schema = "custom"
        table = "draft"
        table_description = "Custom commands that are not published yet."
        constraints = (UniqueConstraint(fields=("guild_id", "name"), name="draft_key"),)


class Variable(Model):
    """What a command has remembered. ``owner`` is user, server or channel, ``owner_id`` its id (the server's own for server)."""

    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    owner = fields.CharField(max_length=8)
    owner_id = SnowflakeField()
    name = fields.CharField(max_length=32)
    value: fields.Field[object] = fields.JSONField()
    updated_at = fields.DatetimeField()

    class Meta:
        schema = "custom"
        table = "variable"
        table_description = "What custom commands remember."
        constraints = (UniqueConstraint(fields=("guild_id", "owner", "owner_id", "name"), name="variable_key"),)


class Pause(Model):
    """Until when a command rests for somebody, somewhere: its cooldowns, which survive a restart."""

    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    command_id = fields.BigIntField()
    scope = fields.CharField(max_length=8)
    scope_id = SnowflakeField()
    until = fields.DatetimeField()

    class Meta:
        schema = "custom"
        table = "pause"
        table_description = "Cooldowns of custom commands that have not passed."
        indexes = (Index(fields=("guild_id",), name="pause_guild_id_idx"),)
        constraints = (UniqueConstraint(fields=("command_id", "scope", "scope_id"), name="pause_key"),)
