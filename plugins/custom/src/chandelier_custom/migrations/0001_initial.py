"""Create the table of custom commands. The host has made the schema ``custom`` by the time this runs."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

from chandelier.models import SnowflakeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="CustomCommand",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("guild_id", SnowflakeField()),
                ("name", fields.CharField(max_length=32)),
                ("content", fields.TextField(unique=False)),
                ("author_id", SnowflakeField(null=True)),
                ("uses", fields.BigIntField(default=0)),
                ("last_used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "command",
                "schema": "custom",
                "app": "custom",
                "pk_attr": "id",
                "table_description": "Custom commands: answers that a server makes for itself.",
            },
            bases=["Model"],
        ),
        # Byte order, whatever the database's locale: then one index answers "is there", "begins with" and "after".
        ops.RunSQL(
            'ALTER TABLE "custom"."command" ALTER COLUMN "name" TYPE varchar(32) COLLATE "C"',
            reverse_sql=ops.RunSQL.noop,
        ),
        # Not in CreateModel's options: Tortoise 1.1.9 does not create constraints from there (tortoise-orm #2272).
        ops.AddConstraint(
            "CustomCommand", UniqueConstraint(fields=("guild_id", "name"), name="command_guild_id_name_key")
        ),
    ]
