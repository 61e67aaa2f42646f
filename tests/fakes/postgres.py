"""A temporary PostgreSQL server on a unix socket, without a port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    account: dict[str, Any] = {}
    if os.getuid() == 0:
        shutil.chown(folder, _USER)
        account = {"user": _USER, "group": _USER, "extra_groups": []}
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=folder, timeout=60, **account
        )
        assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"

    try:
        run("initdb", "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = (
            f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=50 -c shared_buffers=16MB"
        )
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def frozen(socket: Path) -> Iterator[None]:
    """Within the block no process of the server runs: it neither answers nor closes a connection."""
    postmaster = psutil.Process(int((socket / "data" / "postmaster.pid").read_text().split()[0]))
    stopped = [postmaster, *postmaster.children(recursive=True)]
    for process in stopped:
        process.suspend()
    try:
        yield
    finally:
        for process in stopped:
            with suppress(psutil.NoSuchProcess):
                process.resume()


def url(socket: Path, database: str) -> str:
    return f"postgresql+asyncpg://{_USER}@/{database}?host={quote(str(socket))}"
