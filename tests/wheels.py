"""Wheels of made-up distributions, written by hand: building one takes seconds, and nothing here is about building."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

PLAIN = '''"""A plugin for tests."""
from chandelier import Context, Plugin

plugin = Plugin("{name}", summary="A plugin for tests.")


@plugin.command()
async def {name}(ctx: Context) -> str:
    """Answer."""
    return "{name} {version}"
'''


def make_wheel(
    folder: Path, name: str, version: str, files: Mapping[str, str] | None = None, *,
    requires: Sequence[str] = ("chandelier>=1,<2",), point: str | None = None, tag: str = "py3-none-any",
) -> Path:  # fmt: skip
    """Write the wheel of a plugin, by default one with a single command that answers with its version.

    files: by their path in the wheel; point: what the entry point names, an empty text for none.
    """
    content = dict(files or {f"made_up_{name}/__init__.py": PLAIN.format(name=name, version=version)})
    info = f"made_up_{name}-{version}.dist-info"
    requirements = "".join(f"Requires-Dist: {one}\n" for one in requires)
    content[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: made-up-{name}\nVersion: {version}\n{requirements}"
    content[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n"
    if point != "":
        content[f"{info}/entry_points.txt"] = f"[chandelier.plugins]\n{name} = {point or f'made_up_{name}:plugin'}\n"
    lines = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in content.items()]
    content[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
    wheel = folder / f"made_up_{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in content.items():
            archive.writestr(path, text)
    return wheel


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
