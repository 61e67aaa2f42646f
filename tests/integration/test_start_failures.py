"""A fault that keeps the server or a worker from starting is one line, exit code 2, no traceback."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from server.app import Parlor
from server.common.file_lock import FileLock
from server.config import Config
from server.errors import StartupError, Unavailable
from server.storage import SqlAvatarStore
from tests.fakes.server_process import ROOT, ServerProcess
from tests.fakes.signalling_server import eventually

Prepare = Callable[[Path, ExitStack], dict[str, str]]


def damaged(folder: Path, _stack: ExitStack) -> dict[str, str]:
    folder.mkdir()
    (folder / "parlor.db").write_bytes(b"not a database " * 1_000)
    return {}


def newer(folder: Path, _stack: ExitStack) -> dict[str, str]:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "parlor.db")) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
        database.commit()
    return {}


def half_made(folder: Path, _stack: ExitStack) -> dict[str, str]:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "parlor.db")) as database:
        database.execute("CREATE TABLE users (id VARCHAR(64))")
    return {}


def a_folder_for_a_file(folder: Path, _stack: ExitStack) -> dict[str, str]:
    (folder / "parlor.db").mkdir(parents=True)
    return {}


def in_use(folder: Path, stack: ExitStack) -> dict[str, str]:
    folder.mkdir()
    lock = FileLock(folder / "parlor.db.lock")
    assert lock.acquire()
    stack.callback(lock.release)
    return {}


def not_writable(_folder: Path, _stack: ExitStack) -> dict[str, str]:
    return {"DATABASE_URL": "sqlite+aiosqlite:////proc/parlor/parlor.db"}


def out_of_reach(folder: Path, _stack: ExitStack) -> dict[str, str]:
    return {"DATABASE_URL": f"postgresql+asyncpg://postgres@/parlor?host={folder}"}


def out_of_reach_with_tls(_folder: Path, stack: ExitStack) -> dict[str, str]:
    closed = stack.enter_context(socket.socket())  # bound, and does not listen
    closed.bind(("127.0.0.1", 0))
    at = f"127.0.0.1:{closed.getsockname()[1]}"
    return {"DATABASE_URL": f"postgresql+asyncpg://postgres@{at}/parlor?sslmode=require"}


def unknown_option(_folder: Path, _stack: ExitStack) -> dict[str, str]:
    return {"DATABASE_URL": "postgresql+asyncpg://postgres@127.0.0.1/parlor?connect_timeout=5"}


def http_port_taken(_folder: Path, stack: ExitStack) -> dict[str, str]:
    return {"PORT": str(taken(stack, socket.SOCK_STREAM, "127.0.0.1"))}


def not_our_address(_folder: Path, _stack: ExitStack) -> dict[str, str]:
    return {"HOST": "192.0.2.1"}


def unknown_host(_folder: Path, _stack: ExitStack) -> dict[str, str]:
    return {"HOST": "nowhere.invalid"}


def token_in_latin_1(folder: Path, _stack: ExitStack) -> dict[str, str]:
    folder.mkdir()
    (folder / "agent-token").write_bytes(b"\xe9" * 40)
    return {}


def udp_port_taken(_folder: Path, stack: ExitStack) -> dict[str, str]:
    return {"UDP_PORT": str(taken(stack, socket.SOCK_DGRAM, "")), "TCP_PORT": "0"}


def not_a_certificate(_folder: Path, _stack: ExitStack) -> dict[str, str]:
    return {"TLS_CERT": __file__, "TLS_KEY": __file__}


def taken(stack: ExitStack, kind: socket.SocketKind, host: str) -> int:
    busy = stack.enter_context(socket.socket(socket.AF_INET, kind))
    busy.bind((host, 0))
    if kind is socket.SOCK_STREAM:
        busy.listen()
    return int(busy.getsockname()[1])


@pytest.mark.parametrize(
    ("prepare", "line"),
    [
        (damaged, "the database cannot be used: file is not a database"),
        (newer, "the database was changed by a later version of the server (to 9999)"),
        (half_made, "the database cannot be used: table users already exists"),
        (a_folder_for_a_file, "parlor.db is a folder"),
        (in_use, "another server uses the database"),
        (not_writable, "the database cannot be used: "),
        (out_of_reach, "the database cannot be used: "),
        (out_of_reach_with_tls, "the database cannot be used: "),
        (unknown_option, "PARLOR_DATABASE_URL: has the unknown option 'connect_timeout'"),
        (http_port_taken, "(PARLOR_PORT): "),
        (not_our_address, "HTTP cannot listen at the address '192.0.2.1' (PARLOR_HOST): "),
        (unknown_host, "HTTP cannot listen at the address 'nowhere.invalid' (PARLOR_HOST): "),
        (token_in_latin_1, "agent-token is not ASCII text"),
        (udp_port_taken, "media cannot use its ports"),
        (not_a_certificate, "PARLOR_TLS_CERT and PARLOR_TLS_KEY cannot be used: "),
    ],
)
async def test_a_server_that_cannot_start_says_why_in_one_line(
    tmp_path: Path, prepare: Prepare, line: str
) -> None:
    with ExitStack() as stack:
        server = ServerProcess(tmp_path / "data", prepare(tmp_path / "data", stack))
        with pytest.raises(RuntimeError, match="did not start"):
            await server.start()
    assert server.exit_code == 2, server.output()
    said = [text for text in server.lines if not text.startswith("{")]  # not the log of what had started
    assert len(said) == 1, server.output()
    assert said[0].startswith("parlor: ")
    assert line in said[0]
    assert "Traceback" not in server.output()
    assert "the database cannot serve" not in server.output()


async def test_a_database_that_is_lost_while_pictures_are_copied_fails_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> int:
        raise Unavailable

    monkeypatch.setattr(SqlAvatarStore, "take_over", lost)
    with pytest.raises(StartupError, match="pictures cannot be copied"):
        await Parlor(Config(data_dir=tmp_path / "data", port=0)).start()


async def test_a_worker_that_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PARLOR_")}
    env |= {"PARLOR_TUTOR_TOKEN": "t" * 32, "PARLOR_TUTOR_CAPACITY": "0", "PYTHONPATH": str(ROOT)}
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ai_agent"), cwd=tmp_path, env=env, stderr=asyncio.subprocess.PIPE
    )
    _, err = await worker.communicate()
    assert worker.returncode == 2
    expected = (
        "tutor worker cannot start: PARLOR_TUTOR_CAPACITY: input should be greater than or equal to 1\n"
    )
    assert err.decode() == expected


async def test_a_worker_gets_its_own_lines_of_the_env_file_and_no_others(tmp_path: Path) -> None:
    """It does not open the file: the server passes on what a worker may have."""
    lines = ("PARLOR_SECRET=" + "s" * 40, "PARLOR_TUTOR_CAPACITY=3", "OTHER=1", "PARLOR_MAX_ROOMS=7")
    (tmp_path / ".env").write_text("\n".join(lines))
    server = ServerProcess(tmp_path / "data", {"AGENTS": "1"}, cwd=tmp_path)
    async with server:
        await eventually(lambda: bool(server.process.children()), within_s=30)
        (worker,) = server.process.children()
        await eventually(lambda: "ai_agent" in " ".join(worker.cmdline()), within_s=30)
        environment = worker.environ()
    assert environment["PARLOR_TUTOR_CAPACITY"] == "3"
    assert not {"PARLOR_SECRET", "OTHER", "PARLOR_MAX_ROOMS"} & set(environment)
