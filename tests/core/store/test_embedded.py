"""The embedded Postgres: it starts, is shared, is killed, and comes back with what was committed."""

# short calls of the system, in a test

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from chandelier_core.store import binaries, embedded, sockets
from chandelier_core.store.account import choose_account
from chandelier_core.store.binaries import Programs
from chandelier_core.store.embedded import EmbeddedPostgres
from chandelier_core.store.errors import StoreError
from chandelier_core.store.postmaster import read_postmaster

OpenFolder = Callable[[], Path]
ROOT = os.geteuid() == 0
CHILD = """
import asyncio, sys
from pathlib import Path
from chandelier_core.store.embedded import EmbeddedPostgres
async def main():
    async with EmbeddedPostgres(Path(sys.argv[1]), home=Path(sys.argv[1] + "-home")) as embedded:
        print(await embedded.start(), flush=True)
        await asyncio.to_thread(sys.stdin.readline)
asyncio.run(main())
"""


async def execute(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def child(folder: Path, **arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(folder)]
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **arguments
    )


def postmaster_pid(folder: Path) -> int:
    found = read_postmaster(folder / "cluster")
    assert found is not None
    return found.pid


async def gone(pid: int) -> bool:
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.fixture
def place(open_folder: OpenFolder) -> EmbeddedPostgres:
    folder = open_folder()
    return EmbeddedPostgres(folder / "data", home=folder / "home")


async def test_it_starts_from_nothing_and_again_and_keeps_a_row(place: EmbeddedPostgres) -> None:
    url = await place.start()
    await execute(url, "CREATE TABLE kept AS SELECT 7 AS n")
    assert await execute(url, "SELECT lower('ÉĞ')") == "éğ"
    assert await execute(url, "SHOW fsync") == "on"
    assert await execute(url, "SHOW listen_addresses") == ""
    await place.stop()
    url = await place.start()
    try:
        assert await execute(url, "SELECT n FROM kept") == 7
    finally:
        await place.stop()
    assert read_postmaster(place.folder / "cluster") is None


@pytest.mark.skipif(not ROOT, reason="only root has another user run the server")
async def test_as_root_the_server_is_somebody_elses_and_the_socket_is_private(server: EmbeddedPostgres) -> None:
    assert Path("/proc", str(postmaster_pid(server.folder))).stat().st_uid not in (0, os.geteuid())
    folder = read_postmaster(server.folder / "cluster").socket_folder  # type: ignore[union-attr]
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not ROOT, reason="only root has another user run the server")
async def test_as_root_a_folder_that_the_servers_user_cannot_enter_is_replaced_and_stays_as_it_was(
    open_folder: OpenFolder, caplog: pytest.LogCaptureFixture
) -> None:
    outer = open_folder()
    closed = outer / "closed"
    closed.mkdir(mode=0o700)
    for _ in range(2):  # the second start finds the files of the first
        place = EmbeddedPostgres(closed / "data", home=outer / "home")
        try:
            assert "host=" in await place.start()
            assert place.folder.parent == outer / "home"
            assert place.folder.stat().st_mode & 0o777 == 0o700
        finally:
            await place.stop()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert list(closed.iterdir()) == []
    assert str(place.folder) in caplog.text


@pytest.mark.skipif(not ROOT, reason="only root copies the programs")
def test_programs_that_the_servers_user_cannot_read_are_copied_once() -> None:
    with tempfile.TemporaryDirectory() as folder:  # not in memory, where programs may often not run
        Path(folder).chmod(0o755)
        check_that_programs_are_copied_once(Path(folder))


def check_that_programs_are_copied_once(outer: Path) -> None:
    found = binaries.choose_programs()
    if not found.wheel:
        pytest.skip("the wheel is not installed")
    closed = outer / "closed"
    closed.mkdir(mode=0o700)
    package = found.folder.parent.parent
    (closed / package.name).symlink_to(package)
    (closed / f"{package.name}.libs").symlink_to(package.with_name(f"{package.name}.libs"))
    hidden = Programs(closed / package.name / found.folder.parent.name / "bin", found.major, wheel=True)
    account = choose_account()
    assert not account.can_run(hidden.program("initdb"), "--version")
    copied = binaries.readable_programs(hidden, account, outer / "home")
    assert copied.folder.is_relative_to(outer / "home")
    assert account.can_run(copied.program("initdb"), "--version")
    assert binaries.readable_programs(hidden, account, outer / "home") == copied
    assert len(list((outer / "home").iterdir())) == 1
    assert closed.stat().st_mode & 0o777 == 0o700


async def test_an_ordinary_user_runs_it_too(open_folder: OpenFolder) -> None:
    python = python_for_nobody() if ROOT else sys.executable
    if python is None:
        pytest.skip("no Python that an ordinary user may run has this version")
    folder = open_folder()
    who: dict[str, object] = {}
    if ROOT:
        os.chown(folder, 65534, 65534)
        who = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/"}
    sources = [str(Path(name).parents[2]) for name in (embedded.__file__,)] + sys.path
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(readable(sources)), "HOME": str(folder)}
    command = [python, "-c", CHILD, str(folder / "data")]
    done = subprocess.run(  # type: ignore[call-overload]
        command, input="\n", capture_output=True, text=True, timeout=60, check=False, env=environment, **who
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("postgres://chandelier@/chandelier?host=")
    assert (folder / "data" / "cluster").stat().st_uid == (65534 if ROOT else os.geteuid())
    if ROOT:  # and root joins as the files' owner, not as postgres
        place = EmbeddedPostgres(folder / "data", home=folder / "home")
        await place.start()
        try:
            assert Path("/proc", str(postmaster_pid(place.folder))).stat().st_uid == 65534
        finally:
            await place.stop()


def python_for_nobody() -> str | None:
    for candidate in (sys.executable, f"/usr/bin/python{sysconfig.get_python_version()}"):
        command = [candidate, "-c", "import ssl"]
        try:
            done = subprocess.run(command, user=65534, group=65534, extra_groups=[], cwd="/", check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    return None


def readable(folders: list[str]) -> list[str]:
    own = os.path.realpath(sys.base_prefix)
    return [folder for folder in folders if folder and not os.path.realpath(folder).startswith(own)]


async def test_after_kill_9_of_everything_it_starts_again_with_what_was_committed(used_folder: OpenFolder) -> None:
    folder = used_folder()
    process = child(folder)
    assert process.stdout is not None
    url = (await asyncio.to_thread(process.stdout.readline)).strip()
    await execute(url, "CREATE TABLE kept AS SELECT 7 AS n")
    pid = postmaster_pid(folder)
    busy = asyncio.ensure_future(execute(url, "SELECT pg_sleep(30)"))  # a child of the server that outlives it a moment
    await asyncio.sleep(0.1)
    process.kill()
    os.kill(pid, signal.SIGKILL)
    process.communicate()
    with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
        await busy
    again = EmbeddedPostgres(folder, home=folder.parent / "home")
    url = await again.start()
    try:
        assert await execute(url, "SELECT n FROM kept") == 7
        assert postmaster_pid(folder) != pid
    finally:
        await again.stop()


async def test_a_killed_process_of_ours_leaves_a_server_that_the_next_one_joins(used_folder: OpenFolder) -> None:
    folder = used_folder()
    process = child(folder)
    assert process.stdout is not None
    await asyncio.to_thread(process.stdout.readline)
    pid = postmaster_pid(folder)
    process.kill()
    process.communicate()
    again = EmbeddedPostgres(folder, home=folder.parent / "home")
    await again.start()
    assert postmaster_pid(folder) == pid
    await again.stop()
    assert await gone(pid)


async def test_a_stale_pid_file_whose_pid_another_program_has_is_no_obstacle(used_folder: OpenFolder) -> None:
    place = EmbeddedPostgres(folder := used_folder(), home=folder.parent / "home")
    url = await place.start()
    await execute(url, "CREATE TABLE kept AS SELECT 7 AS n")
    cluster, socket_folder = place.folder / "cluster", sockets_of(place)
    owner = cluster.stat()
    lines = (cluster / "postmaster.pid").read_text().splitlines()
    os.kill(int(lines[0]), signal.SIGKILL)
    assert await gone(int(lines[0]))
    who: dict[str, object] = (
        {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": [], "cwd": "/"} if ROOT else {}
    )
    other = subprocess.Popen(["sleep", "60"], **who)  # type: ignore[call-overload]
    try:
        lines[0] = str(other.pid)
        (cluster / "postmaster.pid").write_text("\n".join(lines) + "\n")
        lock = socket_folder / ".s.PGSQL.5432.lock"
        lock.write_text("\n".join([str(other.pid), *lines[1:5]]) + "\n")
        assert await execute(await place.start(), "SELECT n FROM kept") == 7
    finally:
        other.kill()
        other.wait()
        await place.stop()


def sockets_of(place: EmbeddedPostgres) -> Path:
    found = read_postmaster(place.folder / "cluster")
    assert found is not None
    assert found.socket_folder is not None
    return found.socket_folder


async def test_two_processes_share_one_server_and_the_last_one_out_stops_it(open_folder: OpenFolder) -> None:
    folder = open_folder() / "data"
    first, second = child(folder), child(folder)  # at the same moment, on a folder that does not exist yet
    assert first.stdout is not None
    assert second.stdout is not None
    url = (await asyncio.to_thread(first.stdout.readline)).strip()
    assert (await asyncio.to_thread(second.stdout.readline)).strip() == url
    pid = postmaster_pid(folder)
    await asyncio.to_thread(first.communicate, "\n")
    assert await execute(url, "SELECT 1") == 1
    await asyncio.to_thread(second.communicate, "\n")
    assert (first.returncode, second.returncode) == (0, 0)
    assert await gone(pid)


async def test_ctrl_c_in_the_terminal_does_not_end_the_server(used_folder: OpenFolder) -> None:
    folder = used_folder()
    process = child(folder, process_group=0, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    url = (await asyncio.to_thread(process.stdout.readline)).strip()
    joined = EmbeddedPostgres(folder, home=folder.parent / "home")
    await joined.start()
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    assert await execute(url, "SELECT 1") == 1
    await joined.stop()


async def test_an_interrupted_initdb_is_done_again(place: EmbeddedPostgres) -> None:
    half = place.folder / "cluster.new"
    half.mkdir(parents=True)
    place.folder.chmod(0o755)
    (half / "PG_VERSION").write_text("18\n")
    try:
        assert await execute(await place.start(), "SELECT 1") == 1
        assert not half.exists()
    finally:
        await place.stop()


async def test_files_of_another_major_version_are_refused_and_not_touched(place: EmbeddedPostgres) -> None:
    cluster = place.folder / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(StoreError, match="made by PostgreSQL 9, and this machine has PostgreSQL"):
        await place.start()
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


async def test_a_folder_with_something_else_in_it_is_refused(place: EmbeddedPostgres) -> None:
    cluster = place.folder / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="is no database of PostgreSQL, and not empty"):
        await place.start()
    assert (cluster / "thesis.txt").exists()


async def test_a_very_long_path_is_no_obstacle(open_folder: OpenFolder) -> None:
    outer = open_folder()
    place = EmbeddedPostgres(outer / ("long" * 30) / "with 'quotes', and $spaces" / "data", home=outer / "home")
    url = await place.start()
    try:
        assert await execute(url, "SELECT 1") == 1
        assert not sockets_of(place).is_relative_to(outer)
    finally:
        socket_folder = sockets_of(place)
        await place.stop()
        shutil.rmtree(socket_folder)


def test_a_socket_folder_that_others_may_enter_is_not_trusted(open_folder: OpenFolder) -> None:
    folder = open_folder()
    (folder / "socket").mkdir(mode=0o755)
    account = choose_account()
    with pytest.raises(StoreError, match="is not private to"):
        sockets._make_private(folder / "socket", account)
    (folder / "link").symlink_to(folder / "socket")
    with pytest.raises(StoreError, match="is not private to"):
        sockets._make_private(folder / "link", account)


async def test_a_server_that_has_died_is_brought_back_by_start(used_folder: OpenFolder) -> None:
    place = EmbeddedPostgres(folder := used_folder(), home=folder.parent / "home")
    await place.start()
    os.kill(postmaster_pid(place.folder), signal.SIGKILL)
    try:
        assert await execute(await place.start(), "SELECT 1") == 1
    finally:
        await place.stop()


async def test_a_failing_start_says_what_the_server_said(
    used_folder: OpenFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = EmbeddedPostgres(folder := used_folder(), home=folder.parent / "home")
    monkeypatch.setattr("chandelier_core.store.cluster.SETTINGS", ("no_such_setting=1",))
    with pytest.raises(StoreError, match=r"did not start: unrecognized configuration parameter .*Its log is"):
        await place.start()


async def test_no_postgres_at_all_is_a_sentence(place: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_folders", lambda: iter(()))
    with pytest.raises(StoreError, match="Install it with pip install"):
        await place.start()


async def test_a_start_that_is_cancelled_leaves_nothing_running(place: EmbeddedPostgres) -> None:
    task = asyncio.ensure_future(place.start())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert read_postmaster(place.folder / "cluster") is None
