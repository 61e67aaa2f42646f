"""The worker without packages of its extras: it ends with one line, or runs without them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.fakes.hidden_packages import without
from tests.fakes.server_process import ROOT, ServerProcess
from tests.fakes.signalling_server import eventually
from tests.fakes.tutor.agents_server import AgentsServer

EXTRAS = ("anthropic", "deepgram", "httpx", "httpx2", "onnxruntime", "openai")
LOCAL = ("espeakng_loader", "hibari", "moonshine_voice", "pocketsphinx")
TUTOR = "pip install 'parlor[tutor,local]' && pip install --no-deps silero-vad moonshine-voice==0.1.0"


async def start(hidden: Mapping[str, str], *arguments: str, **settings: str) -> asyncio.subprocess.Process:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PARLOR_") and not k.endswith("_API_KEY")}
    own = {f"PARLOR_TUTOR_{name}": value for name, value in settings.items()}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ai_agent", *arguments),
        cwd=ROOT,
        env=kept | own | dict(hidden),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )


async def said(process: asyncio.subprocess.Process) -> tuple[int | None, list[str]]:
    _, stderr = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, stderr.decode().splitlines()


@pytest.mark.parametrize(
    ("hidden", "vad", "named", "how"),
    [
        (
            (*EXTRAS, *LOCAL, "silero_vad", "torch"),
            "onnx",
            "package onnxruntime",
            TUTOR,
        ),
        (("onnxruntime",), "onnx", "package onnxruntime", TUTOR),
        (("silero_vad",), "onnx", "package silero_vad", TUTOR),
        (("onnxruntime", "torch"), "torch", "package torch", "pip install 'parlor[torch]'"),
    ],
)
async def test_a_missing_package_is_reported_in_one_line_with_the_install_command(
    hidden: tuple[str, ...], vad: str, named: str, how: str, tmp_path: Path
) -> None:
    process = await start(without(tmp_path, *hidden), TOKEN="x", VAD=vad, LLM="scripted", STT="", TTS="")
    code, lines = await said(process)
    assert code == 2
    assert len(lines) == 1, lines
    assert f"{named} is not installed" in lines[0]
    assert how in lines[0]


async def test_engines_whose_packages_are_missing_are_left_out_and_the_worker_runs(tmp_path: Path) -> None:
    hidden = without(
        tmp_path, *(set(EXTRAS) - {"onnxruntime"}), *LOCAL, "opentelemetry", "spacy", "torch", "uvloop"
    )
    async with AgentsServer() as agents_server:
        process = await start(hidden, TOKEN=agents_server.token, SERVER_URL=agents_server.url)
        try:
            await agents_server.wait_for("report", lambda report: not report["isLoading"], within_s=60)
            process.terminate()
            code, lines = await said(process)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
    assert code == 0
    assert not [line for line in lines if "Traceback" in line], "\n".join(lines)
    for package in ("moonshine_voice", "pocketsphinx"):
        assert [line for line in lines if f"{package} is not installed" in line]


async def test_a_server_without_the_tutors_packages_serves_and_logs_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in without(tmp_path, *EXTRAS, *LOCAL, "silero_vad", "torch").items():
        monkeypatch.setenv(name, value)
    async with ServerProcess(tmp_path / "data", {"AGENTS": "1"}) as server:
        await eventually(lambda: "see its message above" in server.output(), within_s=60)
        assert await server.metrics()
        assert not server.process.children()
        assert server.output().count("Install it with:") == 1
        assert "Traceback" not in server.output()
