"""Create the table of command uses. The host has made the schema ``logging`` by the time this runs."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from chandelier.models import SnowflakeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="CommandUse",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reference", fields.CharField(max_length=64)),
                ("user_id", SnowflakeField(null=True)),
                ("user_name", fields.CharField(null=True, max_length=100)),
                ("guild_id", SnowflakeField(null=True)),
                ("channel_id", SnowflakeField(null=True)),
                ("plugin", fields.CharField(max_length=64)),
                ("command", fields.CharField(max_length=100)),
                ("surface", fields.CharField(max_length=16)),
                ("status", fields.CharField(max_length=16)),
                ("code", fields.CharField(null=True, max_length=64)),
                ("duration_ms", fields.FloatField()),
                ("metadata", fields.JSONField()),
            ],
            options={
                "table": "use",
                "schema": "logging",
                "app": "logging",
                "indexes": [
                    Index(fields=["guild_id", "at", "id"], name="use_guild_id_at_id_idx"),
                    Index(fields=["at", "id"], name="use_at_id_idx"),
                    Index(fields=["user_id", "at"], name="use_user_id_at_idx"),
                ],
                "pk_attr": "id",
                "table_description": "One row for every command that was used.",
            },
            bases=["Model"],
        ),
    ]
