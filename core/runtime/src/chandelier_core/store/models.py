"""The core's own tables: app label, Postgres schema and migrations all under the name ``core``."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields.db_defaults import Now
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from chandelier.models import SnowflakeField

__all__ = [
    "Answer",
    "CommandSync",
    "Consent",
    "Failure",
    "Guild",
    "GuildPlugin",
    "Happening",
    "Job",
    "Login",
    "Session",
    "Switch",
    "Token",
    "Webhook",
]  # fmt: skip


class Guild(Model):
    """What a server has set for the whole bot."""

    guild_id = SnowflakeField(primary_key=True)
    text_prefix = fields.CharField(max_length=8, null=True)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "guild"
        table_description = "What a server has set for the whole bot."


class GuildPlugin(Model):
    """Whether a server uses a plugin, and with which settings."""

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    plugin = fields.CharField(max_length=64)
    enabled = fields.BooleanField(default=True, db_default=True)
    config = fields.JSONField[dict[str, object]](default=dict)
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "guild_plugin"
        table_description = "Whether a server uses a plugin, and with which settings."
        constraints = (UniqueConstraint(fields=("guild_id", "plugin"), name="guild_plugin_once"),)


class CommandSync(Model):
    """What Discord was last told of our commands, by scope: ``global`` or a server's id.

    ``commands`` is a stamp for each name: Discord's id of it and its version.
    """

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    application_id = SnowflakeField()
    scope = fields.CharField(max_length=32)
    fingerprint = fields.CharField(max_length=64)
    commands = fields.JSONField[dict[str, str]](default=dict)
    synced_at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "command_sync"
        table_description = "What Discord was last told of the commands."
        constraints = (UniqueConstraint(fields=("application_id", "scope"), name="command_sync_once"),)


class Job(Model):
    """Deferred work. State: pending, running, done, dead or cancelled; the database takes no other.

    ``guild_id`` is the server that it was asked for in; None for what belongs to none.
    """

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    plugin = fields.CharField(max_length=64)
    name = fields.CharField(max_length=64)
    arguments = fields.JSONField[dict[str, object]](default=dict)
    due_at = fields.DatetimeField()
    state = fields.CharField(max_length=16, default="pending", db_default="pending")
    attempts = fields.IntField(default=0, db_default=0)
    lease_until = fields.DatetimeField(null=True)
    unique_key = fields.CharField(max_length=200, null=True)
    last_error: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment]  # untyped null
    created_at = fields.DatetimeField(auto_now_add=True, db_default=Now())
    finished_at = fields.DatetimeField(null=True)
    guild_id = SnowflakeField(null=True)

    class Meta:
        """Where it is kept. Its index ``job_due``, on two states, is in the migration: Tortoise cannot say "or"."""

        schema = "core"
        table = "job"
        table_description = "Deferred work."
        constraints = (
            UniqueConstraint(
                fields=("plugin", "name", "unique_key"),
                name="job_once",
                condition="state IN ('pending', 'running')",
            ),
        )


class Failure(Model):
    """The record that the reference in "Something broke; it is recorded as 7F3K" opens."""

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    reference = fields.CharField(max_length=8, unique=True)
    plugin = fields.CharField(max_length=64)
    part = fields.CharField(max_length=128)
    surface = fields.CharField(max_length=16)
    error_type = fields.CharField(max_length=200)
    traceback = fields.TextField()
    at = fields.DatetimeField(auto_now_add=True, db_default=Now(), db_index=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "failure"
        table_description = "What a reference in an error message opens."


class Switch(Model):
    """A plugin, or one part of it, that was taken out of use: switched off by somebody, or parked after failures.

    ``part`` is empty for the whole plugin. ``probe_at`` is when a parked part is tried again; None for what somebody must resume.
    """

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    plugin = fields.CharField(max_length=64)
    part = fields.CharField(max_length=128, default="", db_default="")
    reason = fields.TextField()
    reference = fields.CharField(max_length=8, null=True)
    set_by = fields.CharField(max_length=64)
    since = fields.DatetimeField(auto_now_add=True, db_default=Now())
    probe_at = fields.DatetimeField(null=True)
    probes = fields.IntField(default=0, db_default=0)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "switch"
        table_description = "Plugins and parts that are out of use."
        constraints = (UniqueConstraint(fields=("plugin", "part"), name="switch_once"),)


class Consent(Model):
    """The needs of a plugin that the operator has seen: what a later version asks beyond them must be granted anew."""

    plugin = fields.CharField(max_length=64, primary_key=True)
    version = fields.CharField(max_length=64)
    needs = fields.JSONField[list[str]](default=list)
    at = fields.DatetimeField(auto_now=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "consent"
        table_description = "Which needs of each plugin were agreed to."


class Token(Model):
    """A token of the API that somebody holds; what they hold is not kept, its SHA-256 is.

    ``user_id`` is None for an operator's. ``scopes`` are words such as ``custom:read``; ``guild_ids`` is None for every server.
    """

    id: fields.Field[str] = fields.CharField(max_length=16, primary_key=True)
    hash: fields.Field[bytes] = fields.BinaryField()
    name = fields.CharField(max_length=80)
    user_id = SnowflakeField(null=True, db_index=True)
    scopes = fields.JSONField[list[str]](default=list)
    guild_ids = fields.JSONField[list[int] | None](null=True)
    created_by = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "token"
        table_description = "Tokens of the API, as hashes."


class Session(Model):
    """Somebody who has logged in with a browser; its cookie is not kept, its SHA-256 is.

    ``guild_ids`` are the servers that Discord named at the login: where to look first for what the person may see.
    """

    id: fields.Field[str] = fields.CharField(max_length=16, primary_key=True)
    hash: fields.Field[bytes] = fields.BinaryField()
    user_id = SnowflakeField(db_index=True)
    user_name = fields.CharField(max_length=64)
    user_agent = fields.CharField(max_length=200)
    guild_ids = fields.JSONField[list[int]](default=list)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "session"
        table_description = "Logins of browsers, as hashes."


class Login(Model):
    """A login that has begun and not come back from Discord yet: its state's hash, and what the way back needs."""

    hash: fields.Field[str] = fields.CharField(max_length=64, primary_key=True)
    verifier = fields.CharField(max_length=64)
    next_path = fields.CharField(max_length=500)
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "login"
        table_description = "Logins that have begun."


class Answer(Model):
    """The answer to a request with an ``Idempotency-Key``, for whoever sends it again; ``status`` is None while it is made."""

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    caller = fields.CharField(max_length=80)
    key = fields.CharField(max_length=64)
    request_hash: fields.Field[bytes] = fields.BinaryField()
    status = fields.IntField(null=True)
    headers = fields.JSONField[dict[str, str]](default=dict)
    body: fields.Field[bytes | None] = fields.BinaryField(null=True)
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "answer"
        table_description = "Answers to requests that may be sent twice."
        constraints = (UniqueConstraint(fields=("caller", "key"), name="answer_once"),)


class Happening(Model):
    """Something that has happened, for whoever follows the API's events; kept for an hour. ``id`` is their order."""

    id: fields.Field[int] = fields.BigIntField(primary_key=True)
    name = fields.CharField(max_length=128)
    plugin = fields.CharField(max_length=64)
    guild_id = SnowflakeField(null=True)
    user_id = SnowflakeField(null=True)
    facts = fields.JSONField[dict[str, object]](default=dict)
    at = fields.DatetimeField(db_index=True)

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "happening"
        table_description = "What has happened in the last hour."


class Webhook(Model):
    """An address that is told what happens in a server; ``last_id`` is the happening up to which it has been told."""

    id: fields.Field[str] = fields.CharField(max_length=16, primary_key=True)
    guild_id = SnowflakeField(db_index=True)
    url = fields.CharField(max_length=1000)
    names = fields.JSONField[list[str]](default=list)
    secret = fields.CharField(max_length=64)
    created_by = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    last_id = fields.BigIntField()
    off_because: fields.Field[str | None] = fields.TextField(null=True)  # type: ignore[assignment]  # untyped null

    class Meta:
        """Where it is kept."""

        schema = "core"
        table = "webhook"
        table_description = "Addresses that are told what happens."


class CommandBudget(Model):
    """How many slash commands of its own a server was given today: Discord takes 200 new ones a day."""

    guild_id = SnowflakeField(primary_key=True)
    day = fields.DateField()
    created = fields.IntField()

    class Meta:
        schema = "core"
        table = "command_budget"
        table_description = "New slash commands of servers, counted by day."
