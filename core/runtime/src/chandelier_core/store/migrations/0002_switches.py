"""Add what is out of use, what was agreed to, and the server of a job."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from chandelier.models import SnowflakeField
from tortoise.fields.db_defaults import Now
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('core', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Consent',
            fields=[
                ('plugin', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('version', fields.CharField(max_length=64)),
                ('needs', fields.JSONField(default=list)),
                ('at', fields.DatetimeField(auto_now=True, auto_now_add=False)),
            ],
            options={'table': 'consent', 'schema': 'core', 'app': 'core', 'pk_attr': 'plugin', 'table_description': 'Which needs of each plugin were agreed to.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Switch',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('plugin', fields.CharField(max_length=64)),
                ('part', fields.CharField(default='', db_default='', max_length=128)),
                ('reason', fields.TextField(unique=False)),
                ('reference', fields.CharField(null=True, max_length=8)),
                ('set_by', fields.CharField(max_length=64)),
                ('since', fields.DatetimeField(db_default=Now(), auto_now=False, auto_now_add=True)),
                ('probe_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('probes', fields.IntField(default=0, db_default=0)),
            ],
            options={'table': 'switch', 'schema': 'core', 'app': 'core', 'pk_attr': 'id', 'table_description': 'Plugins and parts that are out of use.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='Switch',
            constraint=UniqueConstraint(fields=('plugin', 'part'), name='switch_once'),
        ),
        ops.AddField(
            model_name='Job',
            name='guild_id',
            field=SnowflakeField(null=True),
        ),
    ]
