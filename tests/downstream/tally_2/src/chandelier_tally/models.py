"""The table of counts."""

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from chandelier.models import SnowflakeField


class Count(Model):
    """How often something was counted in a server."""

    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    name = fields.CharField(max_length=32)
    count = fields.BigIntField(default=0)
    last_by = SnowflakeField(null=True)
    note = fields.CharField(max_length=100, default="", db_default="")

    class Meta:
        schema = "tally"
        table = "count"
        table_description = "How often something was counted in a server."
        constraints = (UniqueConstraint(fields=("guild_id", "name"), name="count_once"),)
