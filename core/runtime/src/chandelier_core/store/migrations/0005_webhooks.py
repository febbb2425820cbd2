"""Add webhooks: addresses that are told what happens in a server."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from chandelier.models import SnowflakeField
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('core', '0004_happenings')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Webhook',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('guild_id', SnowflakeField(db_index=True)),
                ('url', fields.CharField(max_length=1000)),
                ('names', fields.JSONField(default=list)),
                ('secret', fields.CharField(max_length=64)),
                ('created_by', fields.CharField(max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_id', fields.BigIntField()),
                ('off_because', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'webhook', 'schema': 'core', 'app': 'core', 'pk_attr': 'id', 'table_description': 'Addresses that are told what happens.'},
            bases=['Model'],
        ),
    ]
