"""`python -m ai_agent` as its users and the server start it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

import psutil

from tests.fakes.server_process import ROOT
from tests.fakes.signalling_server import eventually
from tests.fakes.tutor.agents_server import AgentsServer

COMMAND = (sys.executable, "-m", "ai_agent")


def _environment(**settings: str) -> Mapping[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PARLOR_")}
    return kept | {f"PARLOR_TUTOR_{name}": value for name, value in settings.items()}


async def _start(*arguments: str, **settings: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        cwd=ROOT,
        env=_environment(**settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def _said_at_the_end(process: asyncio.subprocess.Process) -> tuple[int | None, list[str]]:
    _, stderr = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, stderr.decode().splitlines()


async def test_a_missing_token_is_reported_in_one_line() -> None:
    code, lines = await _said_at_the_end(await _start())
    assert code == 2
    assert len(lines) == 1
    assert "PARLOR_TUTOR_TOKEN" in lines[0]


async def test_an_unknown_setting_is_reported_in_one_line() -> None:
    code, lines = await _said_at_the_end(await _start(TOKEN="x", TOCEN="y"))
    assert code == 2
    assert len(lines) == 1
    assert "PARLOR_TUTOR_TOCEN" in lines[0]


async def test_a_worker_registers_reports_and_ends_cleanly_on_a_signal() -> None:
    async with AgentsServer() as agents_server:
        process = await _start(TOKEN=agents_server.token, SERVER_URL=agents_server.url)
        try:
            await agents_server.wait_for("report", lambda report: not report["isLoading"], within_s=60)
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGTERM)
            code, lines = await _said_at_the_end(process)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        assert code == 0
        assert not any("Traceback" in line for line in lines)
        await eventually(lambda: not any(child.is_running() for child in children), within_s=10)


async def test_a_worker_whose_parent_dies_ends_with_its_engines() -> None:
    async with AgentsServer() as agents_server:
        script = f"import os, subprocess; subprocess.run([*{COMMAND!r}, '--with-parent', str(os.getpid())])"
        parent = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            script,
            cwd=ROOT,
            env=_environment(TOKEN=agents_server.token, SERVER_URL=agents_server.url),
        )
        try:
            await agents_server.wait_for("report", lambda report: not report["isLoading"], within_s=60)
            family = psutil.Process(parent.pid).children(recursive=True)
            assert family
        finally:
            parent.kill()
            await parent.wait()
        await eventually(lambda: not any(_is_alive(process) for process in family), within_s=20)


async def test_a_parent_that_ended_before_the_first_check_is_noticed() -> None:
    process = await _start("--with-parent", "1", TOKEN="x", SERVER_URL="http://127.0.0.1:9")
    code, _ = await _said_at_the_end(process)
    assert code == 0


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
