"""Workers as child processes: restarted after a crash, and ended with the server."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvloop

from ai_agent.child import NICE
from server.tutor.supervisor import Supervisor
from tests.fakes.scale import only_at
from tests.fakes.server_process import ServerProcess

NOTES = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} {os.environ[\"MARK\"]}\\n');"
CHILD = f"from ai_agent.child import set_up_child; set_up_child({os.getpid()}); " + NOTES
"""As `ai_agent.__main__` starts."""


def program(tail: str, notes: Path, head: str = NOTES) -> list[str]:
    """A fake worker that records its process id and environment."""
    return [sys.executable, "-c", head + tail, str(notes)]


def notes_in(notes: Path) -> list[list[str]]:
    return [line.split() for line in notes.read_text().splitlines()] if notes.exists() else []


def scheduling_group(pid: int) -> str:
    """Its session's, with the nice value (sched(7)); empty where there are none."""
    file = Path(f"/proc/{pid}/autogroup")
    return file.read_text().strip() if file.exists() else ""


async def until(condition: Callable[[], bool], within_s: float = 20) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - done by another process
            await asyncio.sleep(0.05)


async def test_a_crashed_worker_is_restarted_and_ends_with_its_supervisor(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    supervisor = Supervisor(1, {"MARK": "here"}, program("time.sleep(600)", notes))
    supervisor.start()
    await until(lambda: len(notes_in(notes)) == 1)
    first = int(notes_in(notes)[0][0])
    os.kill(first, signal.SIGKILL)
    await until(lambda: len(notes_in(notes)) == 2)
    second = int(notes_in(notes)[1][0])
    assert {mark for _, mark in notes_in(notes)} == {"here"}
    await supervisor.aclose()
    await supervisor.aclose()
    assert not psutil.pid_exists(first)
    assert not psutil.pid_exists(second)


async def test_a_worker_has_a_lower_priority_than_the_server(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    supervisor = Supervisor(1, {"MARK": "x"}, program("time.sleep(600)", notes, CHILD))
    supervisor.start()
    try:
        await until(lambda: len(notes_in(notes)) == 1)
        assert psutil.Process(int(notes_in(notes)[0][0])).nice() == min(19, psutil.Process().nice() + NICE)
    finally:
        await supervisor.aclose()


async def test_no_own_code_runs_between_fork_and_exec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: dict[str, Any] = {}
    start = asyncio.create_subprocess_exec

    async def record(*command: Any, **given: Any) -> asyncio.subprocess.Process:
        options.update(given)
        return await start(*command, **given)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", record)
    notes = tmp_path / "notes"
    supervisor = Supervisor(1, {"MARK": "x"}, program("time.sleep(600)", notes))
    supervisor.start()
    await until(lambda: len(notes_in(notes)) == 1)
    await supervisor.aclose()
    assert options.get("preexec_fn") is None


def shows_life(notes: Path) -> list[str]:
    """A fake worker that shows life as the real one does, and then waits."""
    life = "import asyncio; from ai_agent.child import show_life; asyncio.run(show_life(pipe))"
    start = CHILD.replace("; set_up_child(", "; pipe = set_up_child(")
    return [sys.executable, "-c", start + life, str(notes)]


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_worker_whose_child_outlives_it_is_replaced_at_once(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop], caplog: pytest.LogCaptureFixture
) -> None:
    """The child must not hold the pipe of the worker's signs of life: its end shows the worker's."""
    notes = tmp_path / "notes"
    child = "import subprocess; child = subprocess.Popen(['sleep', '60'], close_fds=False); "
    worker = shows_life(notes)
    worker[2] = (
        worker[2]
        .replace("import os, sys", child + "import os, sys")
        .replace("{os.getpid()} ", "{os.getpid()} {child.pid} ")
    )

    async def end_first() -> float:
        supervisor = Supervisor(1, {"MARK": "x"}, worker)
        supervisor.start()
        try:
            await until(lambda: len(notes_in(notes)) == 1)
            await asyncio.sleep(1.5)  # a sign of life has arrived
            killed_at = time.monotonic()
            os.kill(int(notes_in(notes)[0][0]), signal.SIGKILL)
            await until(lambda: "restarting" in caplog.text)
            return time.monotonic() - killed_at
        finally:
            await supervisor.aclose()
            for note in notes_in(notes):
                os.kill(int(note[1]), signal.SIGKILL)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(end_first()) < 0.5


async def test_a_worker_that_stands_still_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("server.tutor.supervisor._SILENT_CHECKS", 3)
    monkeypatch.setattr("server.tutor.supervisor._TERM_WITHIN_S", 0.3)
    notes = tmp_path / "notes"
    supervisor = Supervisor(1, {"MARK": "x"}, shows_life(notes))
    supervisor.start()
    try:
        await until(lambda: len(notes_in(notes)) == 1)
        first = int(notes_in(notes)[0][0])
        await asyncio.sleep(4)  # longer than a silent worker has
        assert len(notes_in(notes)) == 1
        os.kill(first, signal.SIGSTOP)
        await until(lambda: len(notes_in(notes)) == 2)
    finally:
        await supervisor.aclose()
    assert not psutil.pid_exists(first)
    assert "tutor worker hangs" in caplog.text


async def test_a_worker_that_stands_still_in_its_start_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("server.tutor.supervisor._TERM_WITHIN_S", 0.3)
    notes = tmp_path / "notes"
    frozen = program("import signal; os.kill(os.getpid(), signal.SIGSTOP)", notes)
    supervisor = Supervisor(1, {"MARK": "x"}, frozen, start_checks=2)
    supervisor.start()
    try:
        await until(lambda: len(notes_in(notes)) == 2)
    finally:
        await supervisor.aclose()
    assert not any(psutil.pid_exists(int(pid)) for pid, _ in notes_in(notes))
    assert "tutor worker hangs: no sign of life for 2 s" in caplog.text


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
async def test_a_child_is_ended_by_the_kernel_when_its_parent_is_killed(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    child = f"from ai_agent.child import set_up_child; set_up_child(os.getppid()); {NOTES} time.sleep(600)"
    parent = (
        "import subprocess, sys; "
        f"subprocess.run([sys.executable, '-c', 'import os; ' + {child!r}, sys.argv[1]])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, str(notes), env={**os.environ, "MARK": "x"}
    )
    await until(lambda: len(notes_in(notes)) == 1)
    worker = psutil.Process(int(notes_in(notes)[0][0]))
    worker.suspend()  # it gets no SIGTERM
    process.kill()
    await process.wait()
    await until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, within_s=5)


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_the_worker_runs_in_its_own_session_and_lowers_its_priority(
    tmp_path: Path, new_loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    async def session_and_groups() -> tuple[int, str, str]:
        notes = tmp_path / "notes"
        supervisor = Supervisor(1, {"MARK": "x"}, program("time.sleep(600)", notes, CHILD))
        supervisor.start()
        try:
            await until(lambda: len(notes_in(notes)) == 1)
            worker = int(notes_in(notes)[0][0])
            return os.getsid(worker) - worker, scheduling_group(worker), scheduling_group(os.getpid())
        finally:
            await supervisor.aclose()

    before = scheduling_group(os.getpid())
    with asyncio.Runner(loop_factory=new_loop) as runner:
        strange, workers, ours = runner.run(session_and_groups())
    assert strange == 0
    assert ours == before
    assert not workers or workers.endswith(f" nice {NICE}")


async def test_a_worker_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.tutor.supervisor._TERM_WITHIN_S", 0.3)
    notes = tmp_path / "notes"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    command = [sys.executable, "-c", deaf + NOTES + "time.sleep(600)", str(notes)]
    supervisor = Supervisor(1, {"MARK": "x"}, command)
    supervisor.start()
    await until(lambda: len(notes_in(notes)) == 1)
    await supervisor.aclose()
    assert not psutil.pid_exists(int(notes_in(notes)[0][0]))


async def test_a_worker_with_a_wrong_setting_is_not_restarted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    notes = tmp_path / "notes"
    supervisor = Supervisor(1, {"MARK": "x"}, program("sys.exit(2)", notes))
    supervisor.start()
    try:
        await until(lambda: "cannot start" in caplog.text)
        assert len(notes_in(notes)) == 1
    finally:
        await supervisor.aclose()


async def test_a_missing_program_does_not_affect_the_server(caplog: pytest.LogCaptureFixture) -> None:
    supervisor = Supervisor(1, {}, ["/nowhere/at/all"])
    supervisor.start()
    await until(lambda: "cannot be started" in caplog.text)
    await supervisor.aclose()


async def test_a_killed_server_leaves_no_worker(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, {"AGENTS": "1"}) as server:
        process = server.process

        def workers() -> list[psutil.Process]:
            return [p for p in process.children() if "ai_agent" in " ".join(p.cmdline())]

        await until(lambda: bool(workers()))
        (worker,) = workers()
        await server.kill()
        # It may still be importing; it looks for its parent once it is up.
        await until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE, within_s=60)


@pytest.mark.soak
@only_at("soak")
@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
async def test_a_killed_server_leaves_nothing_that_stands_still(tmp_path: Path) -> None:
    """A stopped process gets no SIGTERM and reads no end of a pipe."""
    async with ServerProcess(tmp_path, {"AGENTS": "1"}) as server:
        await until(lambda: '"event": "loaded"' in server.output(), within_s=90)
        children = server.process.children(recursive=True)
        assert any("ai_agent.providers" in " ".join(child.cmdline()) for child in children)
        for child in children:
            child.suspend()
        server.process.kill()
        try:
            await until(lambda: all(map(has_ended, children)), within_s=5)
        finally:
            for child in children:
                with suppress(psutil.NoSuchProcess):
                    child.kill()


def has_ended(process: psutil.Process) -> bool:
    """A container may have nothing that collects zombies."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def test_a_worker_gets_none_of_the_servers_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLOR_SECRET", "s3cret")
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    notes = tmp_path / "notes"
    write = "import os, sys; open(sys.argv[1], 'a').write(' '.join(os.environ) + '\\n'); sys.exit(2)"
    supervisor = Supervisor(1, {"MARK": "x"}, program("", notes, write))
    supervisor.start()
    try:
        await until(lambda: len(notes_in(notes)) == 1)
    finally:
        await supervisor.aclose()
    (names,) = notes_in(notes)
    assert {"OPENAI_API_KEY", "MARK"} <= set(names)
    assert "PARLOR_SECRET" not in names


def modes_of_others(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))}


async def test_what_the_server_writes_can_be_read_by_its_user_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    (data / "parlor.db").touch(mode=0o644)
    async with ServerProcess(data):
        modes = modes_of_others(data)
    assert {"data", "parlor.db", "parlor.db-wal", "secret"} <= modes.keys()
    assert {name for name, others in modes.items() if others} == set()


WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""A program that root starts so may read files of root, but other processes only as any user may."""


@pytest.mark.skipif(os.getuid() != 0 or shutil.which("setpriv") is None, reason="root and setpriv(1)")
@pytest.mark.parametrize(("inspectable", "may_read"), [("false", False), ("true", True)])
async def test_environments_of_server_and_worker_are_closed_to_processes_of_their_user(
    tmp_path: Path, inspectable: str, may_read: bool
) -> None:
    settings = {"AGENTS": "1", "INSPECTABLE": inspectable}
    async with ServerProcess(tmp_path, settings, wrap=WITHOUT_RIGHTS) as server:
        async with asyncio.timeout(60):
            while not (await server.metrics())["parlor_tutor_workers"]:  # noqa: ASYNC110 - in the server
                await asyncio.sleep(0.1)
        for process in (server.process, *server.process.children()):
            command = (*WITHOUT_RIGHTS, "cat", f"/proc/{process.pid}/environ")
            reader = await asyncio.create_subprocess_exec(
                *command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
            )
            assert (await reader.wait() == 0) == may_read, process
