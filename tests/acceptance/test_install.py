"""Installing plugins by `chandelier plugins`: shown first, tried first, switched over at once, and undone without a trace."""

from __future__ import annotations

import asyncio
import hashlib
import signal
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from ..conftest import Ended, environment
from ..forking import Program, begin
from ..wheels import PLAIN, make_wheel

MODELS = """
from tortoise import fields
from tortoise.models import Model


class Row(Model):
    id = fields.BigIntField(primary_key=True)

    class Meta:
        schema = "tables"
        table = "row"
"""
FIRST = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True
    operations = [
        ops.CreateModel(
            name="Row",
            fields=[("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True))],
            options={"table": "row", "schema": "tables", "app": "tables", "pk_attr": "id"},
            bases=["Model"],
        )
    ]
"""
SECOND = """
from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("tables", "0001_initial")]
    operations = [ops.RunSQL({sql!r})]
"""


class Desk:
    """The command line of one bot, and what is where."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder = folder
        self.plugins_file = folder / "plugins.toml"
        self.plugins_file.write_text("# Mine.\n[plugins.ping]\n")
        self.overlay = folder / "data" / "plugins"
        self.wired = {"CHANDELIER_PLUGINS": str(self.plugins_file), "CHANDELIER_DATA": str(folder / "data"), **more}

    async def begin(self, *words: str | Path) -> Program:
        words = ("plugins", *words)
        return await begin([*map(str, words)], env=environment(self.wired), cwd=self.folder, own_session=True)

    async def __call__(self, *words: str | Path) -> Ended:
        process = await self.begin(*words)
        out, err = await asyncio.wait_for(process.communicate(), 60)
        said = Ended(process.returncode or 0, out.decode(), err.decode())
        assert "Traceback" not in said.said, said.said
        return said

    def prints(self) -> dict[str, str]:
        """Give a print of everything that is in use: the overlay's generation, its link, plugins.toml, the environment."""
        current = (self.overlay / "current").resolve()
        files = [one for one in sorted(current.rglob("*")) if one.is_file()] if current.is_dir() else []
        found = {str(one): hashlib.sha256(one.read_bytes()).hexdigest() for one in [*files, self.plugins_file]}
        purelib = Path(sysconfig.get_path("purelib"))
        listing = sorted(
            f"{one.name} {one.stat().st_mtime_ns}" for one in purelib.iterdir() if one.name != "__pycache__"
        )
        return found | {"current": str(current), "environment": hashlib.sha256("\n".join(listing).encode()).hexdigest()}


@pytest.fixture
def desk(tmp_path: Path, fresh_database: str) -> Desk:
    return Desk(tmp_path, DATABASE_URL=fresh_database)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


async def test_a_wheel_is_shown_installed_switched_on_and_removed(desk: Desk, shop: Path):
    wheel = make_wheel(shop, "dice", "1.0")
    shown = await desk("add", wheel, "--dry-run")
    assert shown.code == 0
    assert "+ made-up-dice 1.0" in shown.out
    assert "commands + dice" in shown.out
    assert not (desk.overlay / "current").exists()
    added = await desk("add", wheel, "--yes")
    assert added.code == 0, added.said
    assert "chandelier plugins enable dice" in added.out
    assert "dice  " in (await desk()).out
    assert (await desk("enable", "dice")).code == 0
    assert desk.plugins_file.read_text() == "# Mine.\n[plugins.ping]\n\n[plugins.dice]\n"
    listed = await desk("list")
    assert next(line for line in listed.out.splitlines() if line.startswith("dice")).split()[1:3] == ["1.0", "ready"]
    removed = await desk("remove", "dice", "--keep-data", "--yes")
    assert removed.code == 0, removed.said
    assert "dice" not in (await desk()).out
    assert desk.plugins_file.read_text().strip() == "# Mine.\n[plugins.ping]"


async def test_a_folder_with_a_project_is_built_and_installed(desk: Desk, tmp_path: Path):
    source = tmp_path / "project" / "src" / "made_up_folder"
    source.mkdir(parents=True)
    (source / "__init__.py").write_text(PLAIN.format(name="folder", version="0.1"))
    (tmp_path / "project" / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\nname = "made-up-folder"\n'
        'version = "0.1"\n[project.entry-points."chandelier.plugins"]\nfolder = "made_up_folder:plugin"\n'
        '[tool.hatch.build.targets.wheel]\npackages = ["src/made_up_folder"]\n'
    )
    added = await desk("add", tmp_path / "project", "--yes")
    assert added.code == 0, added.said
    assert "+ made-up-folder 0.1" in added.out


async def test_without_a_terminal_and_a_word_nothing_is_done(desk: Desk, shop: Path):
    ended = await desk("add", make_wheel(shop, "dice", "1.0"))
    assert ended.code == 2
    assert "add --yes to do this" in ended.err
    assert not (desk.overlay / "current").exists()


async def test_what_is_needed_comes_and_goes_with_who_needs_it(desk: Desk, shop: Path):
    library = make_wheel(shop, "library", "3.1", {"made_up_library.py": "ANSWER = 42\n"}, requires=(), point="")
    (desk.overlay / "wheels").mkdir(parents=True)
    library.rename(desk.overlay / "wheels" / library.name)  # where pip looks besides its index
    wheel = make_wheel(shop, "reader", "1.0", requires=("chandelier>=1,<2", "made-up-library>=3"))
    added = await desk("add", wheel, "--yes")
    assert "+ made-up-library 3.1, for made-up-reader" in added.out, added.said
    refused = await desk("remove", "made-up-library", "--keep-data", "--yes")
    assert refused.code == 1
    assert "made-up-reader needs it" in refused.err
    removed = await desk("remove", "reader", "--keep-data", "--yes")
    assert "- made-up-library 3.1" in removed.out, removed.said


BAD = {
    "another Python": ({"tag": "cp27-cp27m-win32"}, "is not a supported wheel on this platform"),
    "no plugin": ({"point": "", "files": {"made_up_dice.py": ""}}, "made-up-dice is no plugin: it has no entry point"),
    "a conflict with the host": ({"requires": ("chandelier>=7",)}, "made-up-dice 1.0 depends on chandelier>=7"),
    "an import that exits": ({"files": {"made_up_dice/__init__.py": "import sys; sys.exit()"}}, "tried to end the program"),
    "the end of the process": (
        {"files": {"made_up_dice/__init__.py": "import os; os._exit(0)"}}, "ended the process that tried them",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
async def test_what_cannot_be_used_is_refused_with_its_reason(desk: Desk, shop: Path, kind: str):
    how, reason = BAD[kind]
    before = desk.prints()
    ended = await desk("add", make_wheel(shop, "dice", "1.0", **how), "--yes")
    assert ended.code == 1
    assert reason in ended.err
    assert ended.err.rstrip().endswith("Nothing was changed.")
    assert desk.prints() == before


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["add", "no/such.whl"], "There is no no/such.whl."),
        (["add", "."], "has no pyproject.toml"),
        (["add", "no-package-of-this-name"], "There is no such package for this Python: no-package-of-this-name."),
        (["add", "chandelier-ping"], "chandelier-ping is in the host's environment already"),
        (["update", "dice"], "dice was not installed by this command"),
        (["remove", "ping", "--keep-data"], "chandelier-ping was not installed by this command"),
        (["rollback"], "There is no earlier generation"),
        (["enable", "nobody"], "No plugin nobody is installed"),
        (["disable", "nobody"], "has no table [plugins.nobody]"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_a_sentence(desk: Desk, words: list[str], reason: str):
    ended = await desk(*words, *(["--yes"] if words[0] not in ("enable", "disable") else []))
    assert ended.code == 1, ended.said
    assert reason in ended.err


async def test_wider_needs_are_shown_and_must_be_granted(desk: Desk, shop: Path):
    wide = PLAIN.replace("Plugin(", "Plugin(needs=[Need.MANAGE_ROLES], name=").replace("Plugin\n", "Need, Plugin\n")
    wide = wide.replace('name="{name}", summary', 'name="{name}", summary')
    await desk("add", make_wheel(shop, "dice", "1.0"), "--yes")
    await desk("enable", "dice")
    files = {"made_up_dice/__init__.py": wide.format(name="dice", version="2.0")}
    wheel = make_wheel(shop, "dice", "2.0", files)
    refused = await desk("update", wheel, "--yes")
    assert refused.code == 1
    assert "dice 2.0 asks for more than before: manage_roles. Agree to it with --grant" in refused.err
    granted = await desk("update", wheel, "--grant", "manage_roles", "--yes")
    assert granted.code == 0, granted.said
    assert "needs    manage_roles: to give and take roles" in granted.out
    assert 'grants = ["manage_roles"]' in desk.plugins_file.read_text()


def with_tables(version: str, *migrations: str) -> dict[str, str]:
    """Give the files of a plugin with a table and these migrations after the first."""
    source = PLAIN.format(name="tables", version=version).replace(
        'summary="', 'models="made_up_tables.models", summary="'
    )
    more = {
        f"made_up_tables/migrations/{number:04}_more.py": SECOND.format(sql=sql)
        for number, sql in enumerate(migrations, 2)
    }
    return {
        "made_up_tables/__init__.py": source, "made_up_tables/models.py": MODELS, "made_up_tables/migrations/__init__.py": "",
        "made_up_tables/migrations/0001_initial.py": FIRST, **more,
    }  # fmt: skip


@pytest.fixture
async def running(desk: Desk, shop: Path, started: Callable[..., object], discord):
    """Run a bot with version 1 of a plugin that has tables."""
    added = await desk("add", make_wheel(shop, "tables", "1.0", with_tables("1.0")), "--yes")
    assert added.code == 0, added.said
    await desk("enable", "tables")
    wired = {
        **desk.wired,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "CHANDELIER_BIND": "127.0.0.1:0",
    }
    async with started("run", **wired) as process:
        await process.logged("ready")
        yield process


async def test_a_failed_update_leaves_the_old_version_running_and_everything_as_it_was(
    desk: Desk, shop: Path, running, discord
):
    alice = discord.member("alice")
    before = desk.prints()
    broken = {
        "import": (with_tables("2.0") | {"made_up_tables/__init__.py": "raise ValueError('no')"}, {}, "ValueError: no"),
        "conflict": (with_tables("2.0"), {"requires": ("chandelier<1",)}, "depends on chandelier<1"),
        "migration": (with_tables("2.0", "ALTER TABLE tables.row ADD COLUMN x nonsense"), {}, 'type "nonsense" does not exist'),
        "lost migration": (
            {name: text for name, text in with_tables("2.0").items() if "0001" not in name}, {},
            "which the installed version does not know",
        ),
        "config": (
            with_tables("2.0")
            | {"made_up_tables/__init__.py": "from chandelier import Config, Plugin\nclass C(Config):\n    key: str\n"
                                  "plugin = Plugin('tables', summary='x', config=C)\n"}, {}, "key: it is required and missing",
        ),
    }  # fmt: skip
    for number, (files, how, reason) in enumerate(broken.values(), 2):
        ended = await desk("update", make_wheel(shop, "tables", f"{number}.0", files, **how), "--yes")
        assert ended.code == 1, ended.said
        assert reason in ended.err
        assert desk.prints() == before
        assert (await alice.slash("tables")).text == "tables 1.0"


async def test_an_update_that_is_killed_in_the_middle_leaves_everything_as_it_was(
    desk: Desk, shop: Path, running, discord
):
    before = desk.prints()
    wheel = make_wheel(shop, "tables", "2.0", with_tables("2.0"))
    process = await desk.begin("update", wheel, "--yes")
    async with asyncio.timeout(30):
        while not (desk.overlay / "staging").exists():
            await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await process.communicate()
    assert desk.prints() == before
    assert (await discord.member("alice").slash("tables")).text == "tables 1.0"
    done = await desk("update", wheel, "--yes")
    assert done.code == 0, done.said
    assert not (desk.overlay / "staging").exists()


async def test_an_update_with_a_migration_is_used_after_a_restart_and_can_be_taken_back_before_it(
    desk: Desk, shop: Path, running, discord, started
):
    alice = discord.member("alice")
    wheel = make_wheel(shop, "tables", "2.0", with_tables("2.0", "ALTER TABLE tables.row ADD COLUMN word text"))
    done = await desk("update", wheel, "--yes")
    assert "tables   will be changed at the next start: 0002_more" in done.out, done.said
    assert (await alice.slash("tables")).text == "tables 1.0", "the bot that runs keeps what it began with"
    assert (await desk("rollback", "--yes")).code == 0
    assert (await desk("update", wheel, "--yes")).code == 0
    refused = await desk("remove", "tables", "--purge-data", "--yes")
    assert "A bot is running, perhaps with tables. End it before data is deleted." in refused.err
    assert await running.end() == 0
    wired = {
        **desk.wired,
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "CHANDELIER_BIND": "127.0.0.1:0",
    }
    async with started("run", **wired) as process:
        await process.logged("ready")
        assert (await alice.slash("tables")).text == "tables 2.0"
        await process.logged("migrated", plugin="tables", migrations=["0002_more"])
        assert await process.end() == 0
    back = await desk("rollback", "--yes")
    assert back.code == 1
    assert "which the installed version does not know" in back.err
    purged = await desk("remove", "tables", "--purge-data", "--yes")
    assert "What tables had stored is deleted." in purged.out, purged.said


async def test_two_changes_at_once_take_turns(desk: Desk, shop: Path):
    one, two = await asyncio.gather(
        desk("add", make_wheel(shop, "left", "1.0"), "--yes"), desk("add", make_wheel(shop, "right", "1.0"), "--yes")
    )
    assert {one.code, two.code} <= {0, 1}
    listed = (await desk()).out
    for ended, name in ((one, "left"), (two, "right")):
        assert (name in listed) is (ended.code == 0)
        assert ended.code == 0 or "Another process is changing the plugins" in ended.err
