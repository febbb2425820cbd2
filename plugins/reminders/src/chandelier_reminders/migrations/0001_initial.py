"""Create the table of reminders. The host has made the schema ``reminders`` by the time this runs."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from chandelier.models import SnowflakeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Row",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("user_id", SnowflakeField()),
                ("guild_id", SnowflakeField(null=True)),
                ("channel_id", SnowflakeField(null=True)),
                ("text", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("said_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("message_id", SnowflakeField(null=True)),
                ("message_link", fields.CharField(null=True, max_length=200)),
                ("failure", fields.CharField(null=True, max_length=200)),
            ],
            options={
                "table": "reminder",
                "schema": "reminders",
                "app": "reminders",
                "indexes": [
                    Index(fields=["user_id", "due_at", "id"], name="reminder_user_id_due_at_id_idx"),
                    Index(fields=["guild_id"], name="reminder_guild_id_idx"),
                    Index(fields=["said_at"], name="reminder_said_at_idx"),
                ],
                "pk_attr": "id",
                "table_description": "What people asked to be told later.",
            },
            bases=["Model"],
        ),
    ]
