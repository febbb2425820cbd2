"""The core's own tables: app label, Postgres schema and migrations all under the name ``core``."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from chandelier.models import SnowflakeField

__all__ = ["CommandSync", "Consent", "Failure", "Guild", "GuildPlugin", "Job", "Switch"]


class Guild(Model):
    """What a server has set for the whole bot."""

    guild_id = SnowflakeField(primary_key=True)
    text_prefix = fields.CharField(max_length=8, null=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "guild"
        table_description = "What a server has set for the whole bot."


class GuildPlugin(Model):
    """Whether a server uses a plugin, and with which settings."""

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    plugin = fields.CharField(max_length=64)
    enabled = fields.BooleanField(default=True, db_default=True)
    config = fields.JSONField[dict[str, object]](default=dict)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "guild_plugin"
        table_description = "Whether a server uses a plugin, and with which settings."
        constraints = (UniqueConstraint(fields=("guild_id", "plugin"), name="guild_plugin_once"),)


class CommandSync(Model):
    """What Discord was last told of our commands, by scope: ``global`` or a server's id.

    ``commands`` is a stamp for each name: Discord's id of it and its version.
    """

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    application_id = SnowflakeField()
    scope = fields.CharField(max_length=32)
    fingerprint = fields.CharField(max_length=64)
    commands = fields.JSONField[dict[str, str]](default=dict)
    synced_at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "command_sync"
        table_description = "What Discord was last told of the commands."
        constraints = (UniqueConstraint(fields=("application_id", "scope"), name="command_sync_once"),)


class Job(Model):
    """Deferred work. State: pending, running, done, dead or cancelled; the database takes no other.

    ``guild_id`` is the server that it was asked for in; None for what belongs to none.
    """

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    plugin = fields.CharField(max_length=64)
    name = fields.CharField(max_length=64)
    arguments = fields.JSONField[dict[str, object]](default=dict)
    due_at = fields.DatetimeField()
    state = fields.CharField(max_length=16, default="pending", db_default="pending")
    attempts = fields.IntField(default=0, db_default=0)
    lease_until = fields.DatetimeField(null=True)
    unique_key = fields.CharField(max_length=200, null=True)
    last_error: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment]  # untyped null
    created_at = fields.DatetimeField(auto_now_add=True, db_default=Now())
    finished_at = fields.DatetimeField(null=True)
    guild_id = SnowflakeField(null=True)

    class Meta:
        """Where it is kept. Its index ``job_due``, on two states, is in the migration: Tortoise cannot say "or"."""

        schema = "core"
        table = "job"
        table_description = "Deferred work."
        constraints = (
            UniqueConstraint(
                fields=("plugin", "name", "unique_key"),
                name="job_once",
                condition="state IN ('pending', 'running')",
            ),
        )


class Failure(Model):
    """The record that the reference in "Something broke; it is recorded as 7F3K" opens."""

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    reference = fields.CharField(max_length=8, unique=True)
    plugin = fields.CharField(max_length=64)
    part = fields.CharField(max_length=128)
    surface = fields.CharField(max_length=16)
    error_type = fields.CharField(max_length=200)
    traceback = fields.TextField()
    at = fields.DatetimeField(auto_now_add=True, db_default=Now(), db_index=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "failure"
        table_description = "What a reference in an error message opens."


class Switch(Model):
    """A plugin, or one part of it, that was taken out of use: switched off by somebody, or parked after failures.

    ``part`` is empty for the whole plugin. ``probe_at`` is when a parked part is tried again; None for what somebody must resume.
    """

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    plugin = fields.CharField(max_length=64)
    part = fields.CharField(max_length=128, default="", db_default="")
    reason = fields.TextField()
    reference = fields.CharField(max_length=8, null=True)
    set_by = fields.CharField(max_length=64)
    since = fields.DatetimeField(auto_now_add=True, db_default=Now())
    probe_at = fields.DatetimeField(null=True)
    probes = fields.IntField(default=0, db_default=0)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "switch"
        table_description = "Plugins and parts that are out of use."
        constraints = (UniqueConstraint(fields=("plugin", "part"), name="switch_once"),)


class Consent(Model):
    """The needs of a plugin that the operator has seen: what a later version asks beyond them must be granted anew."""

    plugin = fields.CharField(max_length=64, primary_key=True)
    version = fields.CharField(max_length=64)
    needs = fields.JSONField[list[str]](default=list)
    at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "consent"
        table_description = "Which needs of each plugin were agreed to."
