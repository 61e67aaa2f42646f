"""A worker of voice sessions as a process, which a test may kill: `python -m tests.fakes.voice_worker`.

Its recogniser hears numbered sentences. Its language model answers with all that the learner has said, so
that a client sees what a session knows of the talk before.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator

from ai_agent.providers.ports import ChatRequest, EngineCard, TextDelta, ToolCall
from tests.fakes.server_process import ROOT, ServerProcess
from tests.fakes.speech import ScriptedStt
from tests.fakes.voice import WITHIN_S, VoiceEngines, worker_at

_SENTENCES = ("Welcome to the market.",)


class RecallLlm:
    """Answers "I recall: " and the learner's sentences, oldest first."""

    card = EngineCard("recall", "test", is_cloud=False)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        for text in ("I recall: ", *(m.text for m in request.messages if m.role == "learner")):
            yield TextDelta(f"{text} ")

    async def aclose(self) -> None:
        pass


class VoiceWorkerProcess:
    """`async with` it: once the server has it. `noun`: in what it hears, "The NOUN is 1." and so on."""

    def __init__(self, server: ServerProcess, token: str, noun: str) -> None:
        self._server = server
        self._command = (sys.executable, "-m", "tests.fakes.voice_worker", server.url, token, noun)
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> VoiceWorkerProcess:
        self._process = await asyncio.create_subprocess_exec(*self._command, cwd=ROOT)
        async with asyncio.timeout(2 * WITHIN_S):
            while not (await self._server.metrics()).get("parlor_tutor_workers"):  # noqa: ASYNC110 - a metric
                await asyncio.sleep(0.05)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end(signal.SIGTERM)

    async def kill(self) -> None:
        await self.end(signal.SIGKILL)

    async def end(self, how: signal.Signals) -> None:
        """Idempotent."""
        process, self._process = self._process, None
        if process is not None:
            os.kill(process.pid, how)
            await process.wait()


async def main(url: str, token: str, noun: str) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    engines = VoiceEngines(
        stt=ScriptedStt(*(f"The {noun} is {number}." for number in range(1, 100))),
        llm=RecallLlm(),
        sentences=_SENTENCES,
    )
    async with worker_at(url, token, engines):
        await stopped.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
