"""Engines tell nobody that they are used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LOAD_THE_VAD = """
import sys, time
from ai_agent.vad.onnx_model import OnnxVad
OnnxVad()
time.sleep(1)  # its reports are written by a thread
"""


def test_onnxruntime_keeps_no_reports_of_its_use(tmp_path: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ORT_")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD_THE_VAD],
        env=inherited | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
