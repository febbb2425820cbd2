"""The rules of the house, checked: who imports whom, how large a module may be, and what a folder must have."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
MEMBERS = sorted(
    path.parent for pattern in ("core/*", "api", "plugins/*") for path in ROOT.glob(f"{pattern}/pyproject.toml")
)
PLUGINS = [folder for folder in MEMBERS if folder.parent.name == "plugins"]
MODULES = sorted(
    path
    for folder in MEMBERS
    for path in (folder / "src").rglob("*.py")
    if "migrations" not in path.relative_to(folder).parts
)
UNUSED_WORDS = {"helper", "util", "base", "common", "data", "handle", "manager", "cog", "extension", "addon"}
#: Who may import what (the house's rule 5), as patterns of paths below src.
ALLOWED = {
    "lightbulb": [r"chandelier_core/surfaces/native\.py"],
    "pluggy": [r"chandelier/hooks\.py", r"chandelier_core/(loading/discovery|parts/hooks)\.py"],
    "quart": [r"chandelier_api/.*"],
    "tortoise": [
        r"chandelier_core/store/.*",
        r"chandelier/models\.py",
        r"chandelier_\w+/models\.py",
        r"chandelier_custom/store/.*",
    ],
}


def name_of(path: Path) -> str:
    """Name a module by its path below src."""
    return path.as_posix().rpartition("/src/")[2]


class Imports(ast.NodeVisitor):
    """Gathers the top-level packages that are imported at run time, wherever in a module."""

    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if not ast.unparse(node.test).endswith("TYPE_CHECKING"):
            self.generic_visit(node)
        for statement in node.orelse:
            self.visit(statement)

    def visit_Import(self, node: ast.Import) -> None:
        self.found |= {alias.name.partition(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.found.add((node.module or "").partition(".")[0])


def imports(path: Path) -> set[str]:
    """Give the top-level packages that a module imports at run time."""
    visitor = Imports()
    visitor.visit(ast.parse(path.read_text("utf-8")))
    return visitor.found


def attribute_calls(path: Path, attribute: str) -> list[str]:
    """Give every ``x.attribute(...)`` of a module, as the source of x."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [
        ast.unparse(node.func.value)
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == attribute
    ]


def test_there_is_something_to_check():
    assert len(MEMBERS) >= 8
    assert len(PLUGINS) >= 4
    assert len(MODULES) > 100


def test_the_scan_of_imports_sees_what_it_must(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(
        "import a.b\nfrom c import d\nif TYPE_CHECKING:\n    import hidden\nelse:\n    import e\n"
        "def f():\n    import g\n    if typing.TYPE_CHECKING:\n        import hidden\n    if x:\n        import h\n"
        "class K:\n    def m(self):\n        try:\n            import i\n        finally:\n            pass\n"
    )
    assert imports(path) == {"a", "c", "e", "g", "h", "i"}


def test_the_import_contracts_hold():
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    ran = subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        capture_output=True, text=True, cwd=ROOT, timeout=100,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", ran.stdout)


@pytest.mark.parametrize("library", sorted(ALLOWED))
def test_a_library_is_imported_only_where_the_house_allows_it(library):
    importing = {name_of(path) for path in MODULES if library in imports(path)}
    assert importing, f"nobody imports {library}; the rule is out of date"
    assert {name for name in importing if not any(re.fullmatch(one, name) for one in ALLOWED[library])} == set()


def test_nothing_that_is_shipped_imports_a_test():
    assert [name_of(path) for path in MODULES if imports(path) & {"tests", "conftest", "kit"}] == []


def test_no_module_is_longer_than_400_lines():
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_modules_are_small():
    assert median(len(path.read_text("utf-8").splitlines()) for path in MODULES) <= 130


def test_no_module_or_package_has_a_name_that_says_nothing():
    names = {part.removesuffix(".py").lower() for path in MODULES for part in name_of(path).split("/")}
    words = {word: name for name in names for word in name.split("_")}
    said = {name for word, name in words.items() if word in UNUSED_WORDS or word.removesuffix("s") in UNUSED_WORDS}
    assert said == set()


def test_no_class_or_function_has_a_name_that_says_nothing():
    said = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                words = re.findall(r"[A-Z]?[a-z]+", node.name)
                if {word.lower() for word in words} & (UNUSED_WORDS - {"data", "base", "common", "extension"}):
                    said.append(f"{name_of(path)}: {node.name}")
    assert said == []


@pytest.mark.parametrize("folder", MEMBERS, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_every_package_is_typed_and_documented(folder):
    packages = [path for path in (folder / "src").iterdir() if (path / "__init__.py").is_file()]
    assert packages
    assert [path.name for path in packages if not (path / "py.typed").is_file()] == []
    assert (folder / "README.md").read_text("utf-8").strip()


@pytest.mark.parametrize("folder", PLUGINS, ids=lambda folder: folder.name)
def test_a_plugins_folder_is_what_a_third_party_would_publish(folder):
    assert (folder / "src" / f"chandelier_{folder.name}" / "__init__.py").is_file()
    assert list((folder / "tests").glob("test_*.py"))
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == f"chandelier-{folder.name}"
    assert project["readme"] == "README.md"
    assert project["entry-points"]["chandelier.plugins"] == {folder.name: f"chandelier_{folder.name}:plugin"}
    contract = [one for one in project["dependencies"] if re.match(r"chandelier(\[\w+\])?[<>=]", one)]
    assert len(contract) == 1, "its own dependency is the plugin's range of the contract"
    assert ">=" in contract[0]
    assert "<" in contract[0]
    assert not [one for one in project["dependencies"] if re.match(r"chandelier-", one)]


def test_a_command_is_run_only_by_dispatch():
    calling = {name_of(path): attribute_calls(path, "handler") for path in MODULES}
    assert {name: called for name, called in calling.items() if called} == {
        "chandelier_core/dispatch.py": ["command"],
        "chandelier_core/parts/jobs.py": ["job"],
        "chandelier_core/parts/listeners.py": ["listener"],
        "chandelier_sandbox/rest/door.py": ["visit.route"],  # the local Discord's own routes
    }


LOCKS = sorted(ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_host_and_hashes_everything(path):
    text = path.read_text("utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host|\bfile:|(?<=\s)-e\s", text)
    entries = re.split(r"\n(?=\S)", text.strip())
    requirements = [entry for entry in entries if not entry.startswith("#")]
    assert len(requirements) > 10
    for entry in requirements:
        assert re.match(r"[\w.\[\]-]+==[\w.!+]+( ;.*)? \\\n", entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


def test_the_locks_are_these_and_uvs_own_is_not_kept():
    assert [path.name for path in LOCKS] == ["requirements-dev.lock", "requirements.lock"]
    if not (ROOT / ".git").exists():
        pytest.skip("this is no checkout of git")
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=30
    )
    assert [name for name in tracked.stdout.split("\0") if Path(name).name == "uv.lock"] == []


def test_pythons_that_are_supported_are_the_same_everywhere():
    wanted = {
        tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
        for folder in MEMBERS
    }
    assert wanted == {">=3.11,<3.15"}
