"""What was kept before commands were whole is kept as it was, and says literally what it said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import asyncpg

import chandelier_custom
from chandelier_core.store.apps import AppModels
from chandelier_core.store.store import Store
from chandelier_core.store.throwaway import database_beside
from chandelier_core.store.urls import parse_url
from chandelier_custom.spec import Spec
from chandelier_custom.templates.objects import sample
from chandelier_custom.templates.rendering import Rendering

SAID = {"plain": "Hi", "braces": "{{ user.name }} {% x %}", "ended": "a {% endraw %} {{ b", "trimmed": "{%-endraw%}{{"}
MODELS = "chandelier_custom.models"


async def test_answers_of_before_say_what_they_said(chandelier_database: str, tmp_path: Path, monkeypatch):
    old = tmp_path / "custom_as_it_was"
    old.mkdir()
    (old / "__init__.py").touch()
    shutil.copy(Path(chandelier_custom.__file__).parent / "migrations" / "0001_initial.py", old)
    monkeypatch.syspath_prepend(str(tmp_path))
    async with database_beside(chandelier_database) as url:
        assert await Store(url).migrate(AppModels("custom", MODELS, "custom_as_it_was")) == ["0001_initial"]
        connection = await asyncpg.connect(**parse_url(url).arguments())
        insert = (
            'INSERT INTO "custom"."command" (guild_id, name, content, author_id, uses, created_at, updated_at)'
            " VALUES (5, $1, $2, 7, 3, now(), now())"
        )
        await connection.executemany(insert, list(SAID.items()))
        assert "0002_whole_commands" in await Store(url).migrate(
            AppModels("custom", MODELS, "chandelier_custom.migrations")
        )
        rows = await connection.fetch('SELECT name, spec, uses, version FROM "custom"."command"')
        edits = await connection.fetchval(
            'SELECT count(*) FROM "custom"."edit" WHERE action = \'created\' AND author_id = 7'
        )
        await connection.close()
    assert [(row["uses"], row["version"]) for row in rows] == [(3, 1)] * len(SAID)
    specs = {row["name"]: Spec.model_validate(json.loads(row["spec"])) for row in rows}
    assert {name: Rendering(sample()).render(spec.messages[0].content) for name, spec in specs.items()} == SAID
    assert edits == len(SAID)
