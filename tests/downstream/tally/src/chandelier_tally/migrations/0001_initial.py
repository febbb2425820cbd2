"""Create the table of counts."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

from chandelier.models import SnowflakeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Count",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("guild_id", SnowflakeField()),
                ("name", fields.CharField(max_length=32)),
                ("count", fields.BigIntField(default=0)),
                ("last_by", SnowflakeField(null=True)),
            ],
            options={
                "table": "count",
                "schema": "tally",
                "app": "tally",
                "pk_attr": "id",
                "table_description": "How often something was counted in a server.",
            },
            bases=["Model"],
        ),
        ops.AddConstraint("Count", UniqueConstraint(fields=("guild_id", "name"), name="count_once")),
    ]
