"""Add tokens, sessions and logins of the API, and answers to requests that may be sent twice."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from chandelier.models import SnowflakeField
from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('core', '0002_switches')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Answer',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('caller', fields.CharField(max_length=80)),
                ('key', fields.CharField(max_length=64)),
                ('request_hash', fields.BinaryField()),
                ('status', fields.IntField(null=True)),
                ('headers', fields.JSONField(default=dict)),
                ('body', fields.BinaryField(null=True)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'answer', 'schema': 'core', 'app': 'core', 'pk_attr': 'id', 'table_description': 'Answers to requests that may be sent twice.'},
            bases=['Model'],
        ),
        ops.AddConstraint(
            model_name='Answer',
            constraint=UniqueConstraint(fields=('caller', 'key'), name='answer_once'),
        ),
        ops.CreateModel(
            name='Login',
            fields=[
                ('hash', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('verifier', fields.CharField(max_length=64)),
                ('next_path', fields.CharField(max_length=500)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'login', 'schema': 'core', 'app': 'core', 'pk_attr': 'hash', 'table_description': 'Logins that have begun.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Session',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('hash', fields.BinaryField()),
                ('user_id', SnowflakeField(db_index=True)),
                ('user_name', fields.CharField(max_length=64)),
                ('user_agent', fields.CharField(max_length=200)),
                ('guild_ids', fields.JSONField(default=list)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_used_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'session', 'schema': 'core', 'app': 'core', 'pk_attr': 'id', 'table_description': 'Logins of browsers, as hashes.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Token',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ('hash', fields.BinaryField()),
                ('name', fields.CharField(max_length=80)),
                ('user_id', SnowflakeField(null=True, db_index=True)),
                ('scopes', fields.JSONField(default=list)),
                ('guild_ids', fields.JSONField(null=True)),
                ('created_by', fields.CharField(max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('last_used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'token', 'schema': 'core', 'app': 'core', 'pk_attr': 'id', 'table_description': 'Tokens of the API, as hashes.'},
            bases=['Model'],
        ),
    ]
