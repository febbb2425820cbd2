"""A fifth plugin from an outside folder takes pip install, one line in plugins.toml, and nothing else."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

PYPROJECT = """
[build-system]
requires = ["hatchling>=1.27,<2"]
build-backend = "hatchling.build"

[project]
name = "chandelier-dice"
version = "0.3.0"
requires-python = ">=3.11"
dependencies = ["chandelier>=1,<2"]

[project.entry-points."chandelier.plugins"]
dice = "chandelier_dice:plugin"

[tool.hatch.build.targets.wheel]
packages = ["src/chandelier_dice"]
"""
SOURCE = '''"""Dice."""

from typing import Annotated

from chandelier import Context, Plugin
from pydantic import BaseModel, Field

plugin = Plugin("dice", summary="Dice that always fall on the highest side.")


class Roll(BaseModel):
    sides: int

    def __str__(self) -> str:
        return f"You rolled {self.sides}."


@plugin.command(http="GET /")
async def roll(ctx: Context, sides: Annotated[int, Field(ge=2, le=100)] = 6) -> Roll:
    """Roll a die.

    Args:
        sides: How many sides it has.
    """
    return Roll(sides=sides)
'''


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel in a folder that the workspace does not know."""
    folder = tmp_path_factory.mktemp("outside")
    package = folder / "src" / "chandelier_dice"
    package.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (package / "__init__.py").write_text(SOURCE)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder / "dist"), str(folder)],
        check=True, capture_output=True,
    )  # fmt: skip
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def other_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an environment in which the host is installed, for the plugin to be installed into."""
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # The host's own packages, editable installs included, without installing everything a second time.
    (site / "host.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    return folder / "bin" / "python"


async def test_pip_install_and_one_line_put_an_outside_plugin_to_work(
    wheel, other_python, plugins_file, wiring, fresh_database, discord, tmp_path
):
    wired = wiring(discord, fresh_database, "ping", "custom", "logging", "reminders")
    await installs_nothing_by_itself(other_python, wheel, wired, tmp_path)
    wired = wiring(discord, fresh_database, "ping", "custom", "logging", "reminders", "dice")
    process = await asyncio.create_subprocess_exec(
        other_python, "-m", "chandelier_core", "run", cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "CHANDELIER_LOG_FORMAT": "json", **wired}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(40):
            while b'"event": "ready"' not in (line := await process.stderr.readline()):
                assert line, "it ended before it was ready"
        alice = discord.member("alice")
        assert (await alice.slash("roll", sides=20)).text == "You rolled 20."
        assert (await alice.say("!roll")).text == "You rolled 6."
        assert (await alice.slash("ping")).text.startswith("Pong!")
    finally:
        process.terminate()
        await process.communicate()


async def installs_nothing_by_itself(python: Path, wheel: Path, wired: dict[str, str], cwd: Path) -> None:
    """Install it; check that it is seen, and off until it is listed."""
    command = [python, "-m", "pip", "install", "--quiet", "--no-index", "--disable-pip-version-check", wheel]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run(
        [python, "-m", "chandelier_core", "plugins"], capture_output=True, text=True, check=False, cwd=cwd,
        env={"PATH": "/usr/bin:/bin", **wired},
    )  # fmt: skip
    assert shown.returncode == 0, shown.stdout + shown.stderr
    line = next(line for line in shown.stdout.splitlines() if line.startswith("dice"))
    assert "0.3.0" in line
    assert "not listed in plugins.toml" in line
