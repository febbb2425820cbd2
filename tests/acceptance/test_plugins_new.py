"""`chandelier plugins new` writes a plugin that passes its own tests, and the check, as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest


async def test_a_new_plugin_passes_its_own_tests_unedited(chandelier, tmp_path: Path, chandelier_database: str):
    made = await chandelier("plugins", "new", "tea_time", "--folder", str(tmp_path))
    assert made.code == 0, made.said
    folder = tmp_path / "chandelier-tea-time"
    files = sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())
    assert files == [
        ".github/workflows/test.yml", ".gitignore", "README.md", "pyproject.toml", "src/chandelier_tea_time/__init__.py",
        "src/chandelier_tea_time/py.typed", "tests/test_tea_time.py",
    ]  # fmt: skip
    assert not [
        one for one in files for mark in ("@name@", "@dashed@", "@Title@") if mark in (folder / one).read_text()
    ]
    python = other_python(tmp_path / "env")
    quietly = ("--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    installed = subprocess.run(
        [python, "-m", "pip", "install", *quietly, "-e", "."],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr
    ran = subprocess.run(
        [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "CHANDELIER_TEST_DATABASE_URL": chandelier_database}, timeout=90, check=False,
    )  # fmt: skip
    assert "4 passed" in ran.stdout, ran.stdout + ran.stderr
    checked = subprocess.run(
        [python, "-m", "chandelier_core", "plugins", "check", "tea_time"], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "CHANDELIER_TEST_DATABASE_URL": chandelier_database}, timeout=90, check=False,
    )  # fmt: skip
    assert "tea_time: gold" in checked.stdout, checked.stdout + checked.stderr
    style = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--quiet", "."], cwd=folder, capture_output=True, text=True, check=False
    )
    assert style.returncode == 0, style.stdout


def other_python(folder: Path) -> Path:
    """Make an environment that sees the host's packages, for the plugin to be installed into."""
    venv.create(folder, with_pip=False)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (site / "host.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    return folder / "bin" / "python"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Tea Time", "cannot be a plugin's name"),
        ("x", "cannot be a plugin's name"),
        ("guilds", "guilds is a name of the bot itself"),
        ("ping", "chandelier-ping 1.0.0 has the name ping already"),
    ],
)
async def test_a_name_that_cannot_be_is_refused(chandelier, tmp_path: Path, name: str, reason: str):
    ended = await chandelier("plugins", "new", name, "--folder", str(tmp_path))
    assert ended.code == 2
    assert reason in ended.err
    assert list(tmp_path.glob("chandelier-*")) == []


async def test_a_folder_that_is_there_is_left_alone(chandelier, tmp_path: Path):
    (tmp_path / "chandelier-tea").mkdir()
    ended = await chandelier("plugins", "new", "tea", "--folder", str(tmp_path))
    assert ended.code == 2
    assert "is there already" in ended.err
    assert list((tmp_path / "chandelier-tea").iterdir()) == []
