"""A temporary PostgreSQL server on a unix socket, without a port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

# PostgreSQL refuses to run as root; Debian's package creates this user.
_USER = "postgres"


def binaries() -> Path | None:
    """Folder of the newest installed server programs; None if there are none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True
    )
    if found:
        return found[0].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def running(programs: Path) -> Iterator[Path]:
    """Yields the folder of the socket. The superuser is `postgres`, without a password."""
    folder = Path(tempfile.mkdtemp(prefix="parlor-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, _USER)
    try:
        _run(
            programs / "initdb", folder, "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"
        )
        _start(programs, folder)
        try:
            yield folder
        finally:
            _stop(programs, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def stopped(socket: Path) -> Iterator[None]:
    """Within the block there is no server: connections have ended, and new ones are refused."""
    programs = binaries()
    assert programs is not None
    _stop(programs, socket)
    try:
        yield
    finally:
        _start(programs, socket)


@contextmanager
def frozen(socket: Path) -> Iterator[None]:
    """Within the block no process of the server runs: it neither answers nor closes a connection."""
    postmaster = psutil.Process(int((socket / "data" / "postmaster.pid").read_text().split()[0]))
    with ExitStack() as stack:
        # First the parent, which then starts no more. Another may end meanwhile, as autovacuum's workers do.
        for process in [postmaster, *postmaster.children(recursive=True)]:
            stack.callback(_unless_ended, process.resume)
            _unless_ended(process.suspend)
        yield


def _unless_ended(signal: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        signal()


def _start(programs: Path, folder: Path) -> None:
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=50 -c shared_buffers=16MB"
    _run(programs / "pg_ctl", folder, "-w", "-l", str(folder / "log"), "-o", options, "start")


def _stop(programs: Path, folder: Path) -> None:
    _run(programs / "pg_ctl", folder, "-w", "-m", "immediate", "stop")


def _run(program: Path, folder: Path, *arguments: str) -> None:
    account: dict[str, Any] = {}
    if os.getuid() == 0:
        account = {"user": _USER, "group": _USER, "extra_groups": []}
    command = [str(program), "-D", str(folder / "data"), *arguments]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=folder, timeout=60, **account
    )
    assert done.returncode == 0, f"{program.name}: {done.stdout}{done.stderr}"


def url(socket: Path, database: str) -> str:
    return f"postgresql+asyncpg://{_USER}@/{database}?host={quote(str(socket))}"
