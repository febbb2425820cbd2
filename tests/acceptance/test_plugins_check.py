"""`chandelier plugins check` holds what is installed to the rules, and says what is wrong with each."""

from __future__ import annotations

import json
from typing import Any

READER = '''
"""Breaks the rules that are read."""
import socket

import chandelier_core
from chandelier import Config, Context, Plugin
from chandelier.hooks import hookimpl


class Settings(Config):
    undescribed: str = "x"


class Restless(Plugin):
    @hookimpl
    def declare(self):
        open("/dev/null").close()
        return super().declare()


plugin = Restless("reader", summary="Breaks rules.", config=Settings)


@plugin.command()
async def write(ctx: Context) -> str:
    """Write."""
    await ctx.rest.create_message(ctx.channel_id, "x")
    await ctx.rest.leave_guild(1)
    return "done"
'''
LIVER = '''
"""Breaks the rules that need a life: it forgets nobody, and leaves tasks and threads behind."""
import asyncio
import threading
from contextlib import asynccontextmanager
from chandelier import Context, Plugin

forever = threading.Event()


@asynccontextmanager
async def life(ctx):
    threading.Thread(target=forever.wait, daemon=True).start()
    yield


plugin = Plugin("liver", summary="Lives badly.", lifespan=life, models="made_up_tables.models")
'''
MODELS = """
from tortoise import fields
from tortoise.models import Model
from chandelier.models import SnowflakeField


class Row(Model):
    id = fields.BigIntField(primary_key=True)
    guild_id = SnowflakeField()
    user_id = SnowflakeField()
    more = fields.IntField(default=0, db_default=0)

    class Meta:
        schema = "liver"
        table = "row"
"""
MIGRATION = """
from chandelier.models import SnowflakeField
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True
    operations = [
        ops.CreateModel(
            name="Row",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("guild_id", SnowflakeField()),
                ("user_id", SnowflakeField()),
            ],
            options={"table": "row", "schema": "liver", "app": "liver", "pk_attr": "id"},
            bases=["Model"],
        )
    ]
"""


async def test_each_rule_that_is_broken_is_named_with_what_to_do(
    chandelier, shelf, plugins_file, chandelier_database: str
):
    shelf.add("reader", READER, requires="chandelier>=1")
    shelf.add("liver", LIVER)
    package = shelf.folder / "made_up_tables"
    (package / "migrations").mkdir(parents=True)
    for path, text in {
        "__init__.py": "",
        "models.py": MODELS,
        "migrations/__init__.py": "",
        "migrations/0001_initial.py": MIGRATION,
    }.items():
        (package / path).write_text(text)
    ended = await chandelier(
        "plugins", "check", "reader", "liver", "--json", limit_s=100, PYTHONPATH=str(shelf.folder),
        CHANDELIER_PLUGINS=str(plugins_file()), CHANDELIER_TEST_DATABASE_URL=chandelier_database,
    )  # fmt: skip
    assert ended.code == 1, ended.said
    found: dict[str, Any] = json.loads(ended.out)
    wrong = {
        name: {rule["rule"]: " ".join(rule["why"]) for rule in one["rules"] if not rule["passed"]}
        for name, one in found.items()
    }
    assert found["reader"]["grade"] == found["liver"]["grade"] == "none"
    for rule, sentence in {
        "contract-range": "it depends on chandelier>=1, with no upper bound",
        "declare-is-pure": "its declare() reaches for open",
        "words-for-everything": "its setting undescribed does not say what it is",
        "no-foreign-imports": "imports chandelier_core; a plugin uses chandelier alone",
        "needs-are-true": "calls create_message; list Need.SEND_MESSAGES among its needs",
        "has-its-page": "its distribution has no README",
    }.items():
        assert sentence in wrong["reader"][rule]
    assert "calls leave_guild, which the host keeps to itself" in wrong["reader"]["needs-are-true"]
    for rule, sentence in {
        "migrations-are-current": "its models have what no migration brings",
        "erases": "its tables Row name a server, and it has no hook guild_left",
        "clean-stop": "10 starts and stops leave 10 more threads",
    }.items():
        assert sentence in wrong["liver"][rule], wrong["liver"]


async def test_the_plugins_that_come_with_the_bot_pass_every_rule(chandelier, chandelier_database: str):
    ended = await chandelier(
        "plugins",
        "check",
        "ping",
        "custom",
        "logging",
        "reminders",
        limit_s=110,
        CHANDELIER_TEST_DATABASE_URL=chandelier_database,
    )
    assert ended.code == 0, ended.said
    assert [line for line in ended.out.splitlines() if line.endswith(": gold")] == [
        "ping: gold", "custom: gold", "logging: gold", "reminders: gold",
    ]  # fmt: skip


async def test_a_plugin_that_is_not_there_is_told_with_the_nearest(chandelier):
    ended = await chandelier("plugins", "check", "pnig")
    assert ended.code == 2
    assert "No plugin pnig is installed. Did you mean ping?" in ended.err
