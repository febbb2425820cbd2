"""Add what has happened, for whoever follows the events of the API."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from chandelier.models import SnowflakeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('core', '0003_access')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Happening',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(max_length=128)),
                ('plugin', fields.CharField(max_length=64)),
                ('guild_id', SnowflakeField(null=True)),
                ('user_id', SnowflakeField(null=True)),
                ('facts', fields.JSONField(default=dict)),
                ('at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'happening', 'schema': 'core', 'app': 'core', 'pk_attr': 'id', 'table_description': 'What has happened in the last hour.'},
            bases=['Model'],
        ),
    ]
