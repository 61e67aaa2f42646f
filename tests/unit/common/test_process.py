from __future__ import annotations

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
