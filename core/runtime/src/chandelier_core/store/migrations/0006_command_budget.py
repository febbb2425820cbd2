"""Count the slash commands that are made in each server in a day."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from chandelier.models import SnowflakeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('core', '0005_webhooks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CommandBudget',
            fields=[
                ('guild_id', SnowflakeField(primary_key=True, unique=True, db_index=True)),
                ('day', fields.DateField()),
                ('created', fields.IntField()),
            ],
            options={'table': 'command_budget', 'schema': 'core', 'app': 'core', 'pk_attr': 'guild_id', 'table_description': 'New slash commands of servers, counted by day.'},
            bases=['Model'],
        ),
    ]
