from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

_SHOW = "from server.common.process import raise_file_limit as r; print(r())"


@pytest.mark.parametrize(("soft", "hard", "expected"), [(64, 300, 300), (300, 300, 300)])
def test_the_limit_of_open_files_is_raised_to_what_the_process_may_have(
    soft: int, hard: int, expected: int
) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    command = [sys.executable, "-c", _SHOW]
    shown = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, check=True).stdout
    assert int(shown) == expected


_HANGS = """
import asyncio, threading, sys
from server.common.process import stop_event
async def main():
    stop = stop_event(0.3)
    print("ready", flush=True)
    await stop.wait()
    print("asked", flush=True)
    {hang}
asyncio.run(main())
"""


@pytest.mark.parametrize(
    "hang",
    [
        "await asyncio.Event().wait()",
        "threading.Event().wait()",  # the loop itself
        "threading.Thread(target=threading.Event().wait).start()",  # the interpreter would wait for it
        "await asyncio.to_thread(threading.Event().wait)",
    ],
)
def test_a_process_that_was_asked_to_end_does_so_whatever_hangs(hang: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HANGS.format(hang=hang)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        out, err = process.communicate(timeout=30)
    assert out == "asked\n"
    assert process.returncode == 1
    assert "most recent call first" in err


_SECRET = """
import ctypes, os, subprocess
from server.common.process import deny_inspection
PR_SET_DUMPABLE, NOBODY = 4, 65534
if os.getuid() == 0:  # root may read everything; a change of user closes the process, as deny_inspection does
    os.setuid(NOBODY)
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
{deny}
child = subprocess.run(["cat", f"/proc/{{os.getpid()}}/environ"], capture_output=True)
print(b"s3cret" in child.stdout, child.returncode)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2)")
@pytest.mark.parametrize(("deny", "seen"), [("", "True 0"), ("deny_inspection()", "False 1")])
def test_a_child_of_the_same_user_cannot_read_the_environment(deny: str, seen: str) -> None:
    command = [sys.executable, "-c", _SECRET.format(deny=deny)]
    env = {**os.environ, "S": "s3cret"}
    shown = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == seen
