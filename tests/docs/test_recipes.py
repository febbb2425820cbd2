"""Every recipe is a plugin that fits the host, and does in a bot what the test below it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parents[2] / "docs" / "recipes.md").read_text("utf-8")
RECIPE = re.compile(r"^```python run\n(.*?)^```\n\n```python test\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTEST = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = session
asyncio_default_test_loop_scope = session
chandelier_plugins = {}
"""


def test_every_piece_of_python_on_the_page_belongs_to_a_recipe_with_a_test():
    assert len(RECIPE.findall(PAGE)) == PAGE.count("```python run") == PAGE.count("```python test") >= 8
    assert PAGE.count("```python") == 2 * PAGE.count("```python run")


def test_each_recipe_does_what_its_test_says(tmp_path):
    """Lay all recipes out as pip would, in one bot, and run their tests beside them."""
    names = []
    for source, tests in RECIPE.findall(PAGE):
        (name,) = re.findall(r'Plugin\(\s*"(\w+)"', source)
        names.append(name)
        info = tmp_path / "site" / f"recipe_{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (tmp_path / "site" / f"recipe_{name}.py").write_text(source)
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: recipe-{name}\nVersion: 1.0\nRequires-Dist: chandelier>=1,<2\n"
        )
        (info / "entry_points.txt").write_text(f"[chandelier.plugins]\n{name} = recipe_{name}:plugin\n")
        (tmp_path / f"test_{name}.py").write_text(tests)
    (tmp_path / "pytest.ini").write_text(PYTEST.format(" ".join(names)))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert f"{PAGE.count('async def test_')} passed" in done.stdout, done.stdout + done.stderr
