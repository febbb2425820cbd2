"""Add a note to each count."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("tally", "0001_initial")]

    operations = [
        ops.AddField(
            model_name="Count", name="note", field=fields.CharField(max_length=100, default="", db_default="")
        ),
    ]
