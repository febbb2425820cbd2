"""A change of what is installed: resolved, staged, tried and shown; then switched over at once, or undone without a trace."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from chandelier_core.installing import pip
from chandelier_core.installing.comparison import package_lines, plugin_lines, widened
from chandelier_core.installing.errors import ChangeRefused
from chandelier_core.installing.locked import Lock, Package, read_lock
from chandelier_core.installing.overlay import Overlay, host_paths
from chandelier_core.installing.trial import Task, Trial, Tried, keep_trial, kept_trial, run_trial

Agree = Callable[[list[str]], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operator names: a requirement (a name, perhaps with a range), a wheel, or a folder with a project."""

    requirement: str
    is_file: bool

    @property
    def words(self) -> str:
        """Say it in short."""
        return Path(self.requirement).name if self.is_file else self.requirement

    @property
    def distribution(self) -> str | None:
        """Give the distribution's name where it can be told without building anything."""
        if not self.is_file:
            return canonicalize_name(pip.name_of(self.requirement))
        try:
            return parse_wheel_filename(Path(self.requirement).name)[0]
        except InvalidWheelFilename:
            return None


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was made. plugins: what the overlay holds now."""

    lines: tuple[str, ...]
    plugins: Mapping[str, Tried]
    lock: Lock


def read_asked(words: str) -> Asked:
    """Tell a wheel or folder from a name. Raises ChangeRefused for a path that leads nowhere."""
    path = Path(words)
    if words.endswith(".whl") or path.is_dir() or "/" in words:
        if not path.exists():
            raise ChangeRefused(f"There is no {words}. Name a wheel, a folder with a pyproject.toml, or a package.")
        if path.is_dir() and not (path / "pyproject.toml").is_file():
            raise ChangeRefused(f"{words} has no pyproject.toml, so it is no project that can be installed.")
        return Asked(str(path.resolve()), is_file=True)
    return Asked(words, is_file=False)


class Change:
    """Makes the next generation from the one in use. Nothing is changed unless everything went well and the operator agrees."""

    def __init__(self, overlay: Overlay, agree: Agree, grants: Sequence[str] = ()) -> None:
        """Ask ``agree`` with what would be changed; ``grants`` are agreed to for what is added or updated."""
        self._overlay = overlay
        self._agree = agree
        self._grants = tuple(grants)
        self._before = Lock()

    def add(self, asked: Asked) -> Done:
        """Install something that is not there yet."""
        with self._alone() as scratch:
            if asked.distribution in self._before.roots:
                raise _refused(
                    f"{asked.distribution} is installed already; chandelier plugins update is what you want."
                )
            return self._make({**self._kept(), "": asked.requirement}, f"add {asked.words}", scratch)

    def update(self, asked: Mapping[str, Asked | None]) -> Done:
        """Install other versions: of each distribution what is given, or the newest that fits; of all, if none is named."""
        with self._alone() as scratch:
            roots = self._kept()
            for name, other in (asked or dict.fromkeys(roots)).items():
                self._must_have(name, roots)
                roots[name] = other.requirement if other is not None else self._before.roots[name]
            return self._make(roots, f"update {' '.join(asked) or 'everything'}", scratch, update=asked or roots)

    def remove(self, name: str) -> Done:
        """Take something out, and whatever nothing else needs any more."""
        with self._alone() as scratch:
            roots = self._kept()
            self._must_have(name, roots)
            del roots[name]
            return self._make(roots, f"remove {name}", scratch)

    def rollback(self) -> Done:
        """Put the generation that the one in use was made from to use again."""
        with self._alone() as scratch:
            earlier = next((one for one in self._overlay.generations if one.name == self._before.before), None)
            if earlier is None:
                raise _refused("There is no earlier generation to go back to.")
            lock = read_lock(earlier)
            trial = run_trial(Task(str(earlier), tables=True), scratch)
            lines = [f"back to generation {earlier.name}, of {lock.made_at}", *package_lines(self._before, lock)]
            self._ask(lines)
            self._overlay.switch(earlier)
        return Done(tuple(lines), trial.plugins, lock)

    @contextmanager
    def _alone(self) -> Iterator[Path]:
        """Be the only one who changes anything; what is installed is read only now. Gives a folder for passing files."""
        with self._overlay.changing(), tempfile.TemporaryDirectory() as scratch:
            self._before = read_lock(self._overlay.current)
            yield Path(scratch)

    def _must_have(self, name: str, roots: Mapping[str, str]) -> None:
        if name not in roots:
            needed = self._before.packages.get(name)
            known = f"There is: {', '.join(sorted(roots)) or 'nothing'}."
            why = f"It came along, because {' and '.join(needed.needed_by)} needs it." if needed else known
            raise _refused(f"{name} was not installed by this command. {why}")

    def _kept(self) -> dict[str, str]:
        """Give each root by the wheel it was installed from: what nobody asked about stays exactly as it is."""
        return {name: str(self._overlay.wheels / self._before.packages[name].wheel) for name in self._before.roots}

    def _make(self, roots: Mapping[str, str], what: str, scratch: Path, update: Collection[str] = ()) -> Done:
        overlay = self._overlay
        resolved = pip.resolve(roots, self._fixed(update), overlay.wheels, scratch) if roots else []
        lock = self._lock(resolved, roots, what, scratch)
        overlay.staging.mkdir()
        pip.unpack([overlay.wheels / one.wheel for one in lock.packages.values()], overlay.staging)
        before = kept_trial(overlay.current)
        granted_to = tuple((lock.roots.keys() - self._before.roots.keys()) | set(update))
        after = run_trial(Task(str(overlay.staging), tables=True, grants=self._grants, granted_to=granted_to), scratch)
        self._judge(before, after, lock)
        self._judge_others(after, scratch)
        lines = [*package_lines(self._before, lock), *_shown(before, after)]
        if not lines:
            raise _refused("Everything is as it should be already.")
        self._ask(lines)
        lock.write(overlay.staging)
        keep_trial(overlay.staging, after)
        overlay.switch(overlay.keep())
        overlay.clean()
        return Done(tuple(lines), after.plugins, lock)

    def _fixed(self, update: Collection[str]) -> dict[str, str]:
        """Give what must keep its version: all that the host has, and, unless something is updated, what came along before."""
        fixed = pip.host_packages(host_paths(self._overlay))
        for package in self._before.packages.values():
            if not update and package.name not in self._before.roots:
                fixed.setdefault(package.name, package.version)
        return fixed

    def _lock(self, resolved: list[pip.Wanted], roots: Mapping[str, str], what: str, scratch: Path) -> Lock:
        packages = {}
        for one in resolved:
            wheel = pip.fetch(one, self._overlay.wheels, scratch)
            packages[one.name] = Package(one.name, one.version, wheel.name, pip.digest(wheel), one.needed_by)
        asked = {name: self._before.roots.get(name, words) for name, words in roots.items() if name}
        if (fresh := roots.get("")) is not None:
            asked[_root_of(fresh, resolved)] = fresh if "/" not in fresh else Path(fresh).name
        current = self._overlay.current
        before = "" if current is None else current.name
        return Lock(asked, packages, datetime.now(UTC).isoformat(timespec="seconds"), what, before)

    def _judge(self, before: Trial, after: Trial, lock: Lock) -> None:
        """Raise ChangeRefused for what must not be put to use."""
        for name, one in after.plugins.items():
            if one.broken is not None and one.staged:
                raise _refused(f"{name} {one.version} cannot be loaded: {one.broken}")
        offering = {canonicalize_name(one.distribution) for one in after.plugins.values() if one.staged}
        for name in lock.roots:
            if name not in offering:
                raise _refused(f"{name} is no plugin: it has no entry point in the group chandelier.plugins.")
        for name, needs in widened(before.plugins, after.plugins).items():
            words = ", ".join(f'"{need}"' for need in needs)
            raise _refused(
                f"{name} {after.plugins[name].version} asks for more than before: {', '.join(needs)}. Agree to it with --grant, "
                f"or in plugins.toml, [plugins.{name}]: grants = [{words}]."
            )

    def _judge_others(self, after: Trial, scratch: Path) -> None:
        """Raise ChangeRefused where a plugin that would start now would not start afterwards."""
        stopped = [one for one in after.plugins.values() if one.enabled and one.trouble]
        if not stopped:
            return
        current = self._overlay.current
        now = run_trial(Task(None if current is None else str(current)), scratch).plugins
        for one in stopped:
            if one.name in now and not now[one.name].trouble:
                raise _refused(f"{one.name} {one.version} would not start any more: {one.trouble}")

    def _ask(self, lines: list[str]) -> None:
        if not self._agree(lines):
            raise ChangeRefused("Nothing was changed.")


def _refused(sentence: str) -> ChangeRefused:
    return ChangeRefused(f"{sentence} Nothing was changed.")


def _shown(before: Trial, after: Trial) -> list[str]:
    lines: list[str] = []
    for name, one in after.plugins.items():
        old = before.plugins.get(name)
        told = list(plugin_lines(old, one)) if one.staged else []
        if len(told) > 1 or (told and (old is None or old.version != one.version)):
            lines += told
    lines += [f"{name} goes" for name, one in before.plugins.items() if one.staged and name not in after.plugins]
    return [*lines, *([after.unrehearsed] if after.unrehearsed else [])]


def _root_of(requirement: str, resolved: list[pip.Wanted]) -> str:
    """Find the distribution that a requirement brought: the one with its name, or the one that comes from its file."""
    named = Asked(requirement, is_file="/" in requirement).distribution
    for one in resolved:
        if one.name == named or one.requirement.removeprefix("file://") == requirement:
            return one.name
    raise _refused(f"{requirement} is in the host's environment already; it only needs to be switched on.")
