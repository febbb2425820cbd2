"""The documents say what is: names, signatures, settings and routes agree with the code, links lead somewhere, examples run."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import chandelier
from chandelier import Need, Plugin, State
from chandelier.commands import CommandOptions
from chandelier.hooks import HOOK_NAMES, Hooks
from chandelier_api.own_operations import own_paths
from chandelier_api.problems import KINDS
from chandelier_core.cli import main
from chandelier_core.loading.discovery import from_plugin
from chandelier_core.loading.plugins_file import HostTable, PluginTable
from chandelier_core.loading.validation import validate
from chandelier_core.registry import Entry
from chandelier_core.settings import read_settings

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "core/*/README.md", "api/README.md", "plugins/*/README.md")
    for path in ROOT.glob(pattern)
)
FENCE = re.compile(r"^ *```([^\n`]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, kind: str) -> list[str]:
    """Give the code blocks with exactly this info string."""
    return [code for info, code in FENCE.findall(page(name)) if info.strip() == kind]


def is_named(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def anchors(text: str) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def signature_of(hook: str) -> str:
    function = vars(Hooks)[hook]
    signature = inspect.signature(function)
    arguments = ", ".join(f"{one.name}: {one.annotation}" for one in list(signature.parameters.values())[1:])
    word = "async def" if inspect.iscoroutinefunction(function) else "def"
    return f"{word} {hook}({arguments}) -> {signature.return_annotation}"


@pytest.mark.parametrize("hook", HOOK_NAMES)
def test_each_hook_stands_under_its_name_with_its_exact_signature(hook):
    text = page("docs/hooks.md")
    _, heading, after = text.partition(f"\n## {hook}\n")
    assert heading, f"docs/hooks.md has no section {hook}"
    assert f"```python\n{signature_of(hook)}\n```" in after.partition("\n## ")[0]


def test_no_hook_is_documented_that_is_not_there():
    assert set(re.findall(r"^## (\w+)$", page("docs/hooks.md"), re.MULTILINE)) == set(HOOK_NAMES)


def settings_variables() -> list[str]:
    """Ask the settings' reader which variables it takes."""
    return re.findall(r'take\(\s*"([A-Z_]+)"', inspect.getsource(read_settings))


def test_every_variable_of_the_environment_is_in_the_table_of_settings():
    names = settings_variables()
    assert len(names) >= 9
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", page("docs/settings.md"), re.MULTILINE))
    assert rows == set(names)


def test_every_variable_is_in_the_readme_s_table_too():
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page("README.md"), re.MULTILINE)) == set(settings_variables())


@pytest.mark.parametrize("key", [*HostTable.model_fields, *PluginTable.model_fields])
def test_every_key_of_plugins_toml_is_documented(key):
    assert is_named(key, page("docs/settings.md"))


def test_every_command_of_the_command_line_is_documented_and_every_documented_one_is_there():
    known = set(main.list_commands(main.make_context("chandelier", [], resilient_parsing=True)))
    text = "\n".join(path.read_text("utf-8") for path in PAGES)
    code = "\n".join([*(code for _, code in FENCE.findall(text)), *re.findall(r"`([^`\n]+)`", FENCE.sub("", text))])
    used = set(re.findall(r"^ *(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\S*/)?chandelier ([a-z]+)\b", code, re.MULTILINE))
    assert known <= used, f"not documented: {known - used}"
    assert used <= known, f"documented, and not there: {used - known}"


@pytest.mark.parametrize("name", chandelier.__all__)
def test_every_public_name_is_mentioned_where_authors_look(name):
    assert is_named(name, page("docs/plugins.md") + page("docs/hooks.md"))


@pytest.mark.parametrize("word", [*CommandOptions.__annotations__, *inspect.signature(Plugin).parameters])
def test_every_word_of_plugin_and_command_is_documented(word):
    assert f"`{word}`" in page("docs/plugins.md") or f"{word}=" in page("docs/plugins.md")


@pytest.mark.parametrize("need", Need)
def test_every_need_is_documented_with_whether_it_is_privileged(need):
    row = re.search(rf"^\| `Need.{need.name}` \| (\w*) *\|", page("docs/plugins.md"), re.MULTILINE)
    assert row is not None
    assert (row[1] == "yes") is need.privileged


@pytest.mark.parametrize("state", State)
def test_every_state_is_documented(state):
    assert f"| {state.name} |" in page("docs/architecture.md")


@pytest.mark.parametrize("path", own_paths())
def test_every_route_of_the_host_is_documented(path):
    assert f"`{path}`" in re.sub(r"`(?:GET|PUT|POST|PATCH|DELETE) ", "`", page("docs/rest.md"))


@pytest.mark.parametrize("code", KINDS)
def test_every_problem_of_the_host_is_documented_with_its_status(code):
    assert f"| `{code}` | {KINDS[code].status} |" in page("docs/rest.md")


@pytest.mark.parametrize("number", range(len(blocks("docs/plugins.md", "python run"))))
def test_each_plugin_on_the_page_fits_the_host(number):
    code = blocks("docs/plugins.md", "python run")[number]
    plugin = run_block(code, f"docs_block_{number}")
    check(plugin)


def test_the_plugin_of_the_walk_fits_the_host():
    (code,) = blocks("docs/plugins.md", "python run tutorial")
    check(run_block(code, "docs_tutorial"))


def test_every_python_block_of_the_page_is_run():
    kinds = {info.strip() for info, _ in FENCE.findall(page("docs/plugins.md")) if info.startswith("python")}
    assert kinds == {"python run", "python run tutorial", "python tutorial-test"}


def run_block(code: str, name: str) -> Plugin:
    module = sys.modules[name] = ModuleType(name)  # pydantic looks a model's module up by its name
    try:
        exec(compile(code, name, "exec"), vars(module))
    finally:
        del sys.modules[name]
    plugin = module.plugin
    assert isinstance(plugin, Plugin)
    return plugin


def check(plugin: Plugin) -> None:
    """Validate as the host does, with every grant given, and a provider for whatever is used."""
    entry = Entry(from_plugin(plugin, f"chandelier-{plugin.name}", "1.0"), PluginTable(grants=list(Need)))
    validate([entry])
    assert [finding for finding in entry.findings if finding.level == "error"] == []
    assert entry.state is State.VALIDATED


def test_the_walk_works_from_its_files_to_its_own_tests(tmp_path):
    """Lay the walk's files out as pip would, and run its tests: a bot, a local Discord, a Postgres."""
    (source,) = blocks("docs/plugins.md", "python run tutorial")
    (tests,) = blocks("docs/plugins.md", "python tutorial-test")
    (project,) = (code for code in blocks("docs/plugins.md", "toml") if "[build-system]" in code)
    point = re.search(r'entry-points\."chandelier\.plugins"\]\n(.*)\n', project)
    assert point is not None
    site, info = tmp_path / "site", tmp_path / "site" / "chandelier_dice-0.1.0.dist-info"
    (site / "chandelier_dice").mkdir(parents=True)
    (site / "chandelier_dice" / "__init__.py").write_text(source)
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: chandelier-dice\nVersion: 0.1.0\nRequires-Dist: chandelier>=1,<2\n"
    )
    (info / "entry_points.txt").write_text(f"[chandelier.plugins]\n{point[1].replace(chr(34), '')}\n")
    (tmp_path / "pyproject.toml").write_text(project)
    (tmp_path / "test_dice.py").write_text(tests)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "test_dice.py"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert "3 passed" in done.stdout, done.stdout + done.stderr


def test_the_readme_shows_the_plugin_ping_as_it_is():
    (code,) = blocks("README.md", "python")
    assert code == page("plugins/ping/src/chandelier_ping/__init__.py")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_and_headings_that_are_there(path):
    text = FENCE.sub("", path.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{path.name} links to {target}"
        if anchor:
            assert anchor in anchors(file.read_text("utf-8")), f"{path.name} links to {target}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_promises_anything(path):
    found = re.search(r"\b(TODO|FIXME|TBD|coming soon|in a future|will be added)\b", path.read_text("utf-8"), re.I)
    assert found is None, f"{path.name}: {found}"
