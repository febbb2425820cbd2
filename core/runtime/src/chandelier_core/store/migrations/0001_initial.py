"""Make the core's tables. The host has made the schema ``core`` by the time this runs."""

from tortoise import fields, migrations
from tortoise.fields.db_defaults import Now
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

from chandelier.models import SnowflakeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Guild",
            fields=[
                ("guild_id", SnowflakeField(primary_key=True)),
                ("text_prefix", fields.CharField(null=True, max_length=8)),
                ("updated_at", fields.DatetimeField(auto_now=True)),
            ],
            options={
                "table": "guild",
                "schema": "core",
                "table_description": "What a server has set for the whole bot.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GuildPlugin",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                ("guild_id", SnowflakeField()),
                ("plugin", fields.CharField(max_length=64)),
                ("enabled", fields.BooleanField(default=True, db_default=True)),
                ("config", fields.JSONField(default=dict)),
                ("updated_at", fields.DatetimeField(auto_now=True)),
            ],
            options={
                "table": "guild_plugin",
                "schema": "core",
                "table_description": "Whether a server uses a plugin, and with which settings.",
            },
            bases=["Model"],
        ),
        # Not in the options above: CreateModel of Tortoise 1.1.9 forgets constraints (tortoise-orm issue 2272).
        ops.AddConstraint("GuildPlugin", UniqueConstraint(fields=("guild_id", "plugin"), name="guild_plugin_once")),
        ops.CreateModel(
            name="CommandSync",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                ("application_id", SnowflakeField()),
                ("scope", fields.CharField(max_length=32)),
                ("fingerprint", fields.CharField(max_length=64)),
                ("commands", fields.JSONField(default=dict)),
                ("synced_at", fields.DatetimeField(auto_now=True)),
            ],
            options={
                "table": "command_sync",
                "schema": "core",
                "table_description": "What Discord was last told of the commands.",
            },
            bases=["Model"],
        ),
        ops.AddConstraint("CommandSync", UniqueConstraint(fields=("application_id", "scope"), name="command_sync_once")),
        ops.CreateModel(
            name="Job",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                ("plugin", fields.CharField(max_length=64)),
                ("name", fields.CharField(max_length=64)),
                ("arguments", fields.JSONField(default=dict)),
                ("due_at", fields.DatetimeField()),
                ("state", fields.CharField(default="pending", db_default="pending", max_length=16)),
                ("attempts", fields.IntField(default=0, db_default=0)),
                ("lease_until", fields.DatetimeField(null=True)),
                ("unique_key", fields.CharField(null=True, max_length=200)),
                ("last_error", fields.TextField(null=True)),
                ("created_at", fields.DatetimeField(auto_now_add=True, db_default=Now())),
                ("finished_at", fields.DatetimeField(null=True)),
            ],
            options={"table": "job", "schema": "core", "table_description": "Deferred work."},
            bases=["Model"],
        ),
        ops.AddConstraint(
            "Job",
            UniqueConstraint(
                fields=("plugin", "name", "unique_key"),
                name="job_once",
                condition="state IN ('pending', 'running')",
            ),
        ),
        # Tortoise's PartialIndex knows equality only, and its CheckConstraint would be in the models' state too.
        ops.RunSQL(
            [
                "CREATE INDEX job_due ON core.job (due_at) WHERE state IN ('pending', 'running')",
                "ALTER TABLE core.job ADD CONSTRAINT job_state"
                " CHECK (state IN ('pending', 'running', 'done', 'dead', 'cancelled'))",
            ],
            reverse_sql=["ALTER TABLE core.job DROP CONSTRAINT job_state", "DROP INDEX core.job_due"],
        ),
        ops.CreateModel(
            name="Failure",
            fields=[
                ("id", fields.BigIntField(primary_key=True)),
                ("reference", fields.CharField(unique=True, max_length=8)),
                ("plugin", fields.CharField(max_length=64)),
                ("part", fields.CharField(max_length=128)),
                ("surface", fields.CharField(max_length=16)),
                ("error_type", fields.CharField(max_length=200)),
                ("traceback", fields.TextField()),
                ("at", fields.DatetimeField(db_index=True, auto_now_add=True, db_default=Now())),
            ],
            options={
                "table": "failure",
                "schema": "core",
                "table_description": "What a reference in an error message opens.",
            },
            bases=["Model"],
        ),
    ]
