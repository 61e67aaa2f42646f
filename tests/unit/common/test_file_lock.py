from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from server.common.file_lock import FileLock

_HOLD = """
import sys
from pathlib import Path
from server.common.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_one_holder_at_a_time_also_within_a_process(tmp_path: Path) -> None:
    one, two = FileLock(tmp_path / "l"), FileLock(tmp_path / "l")
    assert one.acquire()
    assert one.acquire()
    assert not two.acquire()
    one.release()
    one.release()
    assert two.acquire()
    assert not one.acquire()
    two.release()


def test_a_killed_process_holds_nothing_and_its_children_neither(tmp_path: Path) -> None:
    path = tmp_path / "l"
    mine = FileLock(path)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert not mine.acquire()
        holder.kill()
        holder.wait()
        assert mine.acquire()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        mine.release()
        assert FileLock(path).acquire()
        child.communicate(b"\n")
