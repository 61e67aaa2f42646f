"""STT: Whisper base, of the extra `whisper`. Many languages, no key, no partials, 1 s of CPU an utterance."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from functools import partial

from ai_agent.audio import Pcm
from ai_agent.config import Settings
from ai_agent.errors import EngineTimeout, EngineUnavailable, RequestRefused
from ai_agent.providers.local.pipe_protocol import Frame, WhisperKind
from ai_agent.providers.local.process import EngineProcess
from ai_agent.providers.local.whisper_model import require_model
from ai_agent.providers.ports import ConfidenceScale, EngineCard, primary_tag
from ai_agent.providers.whole_utterances import Transcript, WholeUtteranceStream

CHILD = "ai_agent.providers.local.whisper_child"
CARD = EngineCard("Whisper", "local", is_cloud=False, hears_noise=True)
SCALE = ConfidenceScale(low=0.6, high=0.85)
"""Learners' words below 0.6 were wrong in 60 of 100 cases, up to 0.85 in 32, from there in 2."""
ANSWER_S = 20.0
"""A process that takes longer for one utterance hangs, and is replaced."""


def build(settings: Settings) -> WhisperStt:
    """Raises ImportError if its packages are not installed."""
    del settings
    require_model()
    return WhisperStt()


class WhisperStt:
    """One process serves the whole worker, one utterance at a time. `hints` are not used."""

    card = CARD
    detects_turns = False

    def __init__(self, *, module: str = CHILD, answer_s: float = ANSWER_S) -> None:
        self._process = EngineProcess(CARD.name, module, self._on_frame, self._on_lost)
        self._answer_s = answer_s
        self._numbers = itertools.count(1)
        self._turn = asyncio.Lock()
        self._number = 0
        self._answer: asyncio.Future[Frame] | None = None

    async def warm_up(self) -> None:
        """Raises ProviderError if it cannot run here."""
        await self._process.ensure()

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> WholeUtteranceStream:
        del hints
        return WholeUtteranceStream(
            CARD.name, partial(self._transcribe, language=primary_tag(language)), SCALE
        )

    async def aclose(self) -> None:
        await self._process.aclose()

    async def _transcribe(self, pcm: Pcm, *, language: str) -> Transcript:
        """Raises ProviderError."""
        async with self._turn:
            await self._process.ensure()
            answer = self._answer = asyncio.get_running_loop().create_future()
            self._number = next(self._numbers)
            body = language.encode() + b"\0" + pcm.astype("<i2").tobytes()
            self._process.send(WhisperKind.TRANSCRIBE, self._number, body)
            try:
                async with asyncio.timeout(self._answer_s):
                    frame = await answer
            except TimeoutError as error:
                self._process.kill()
                raise EngineTimeout(CARD.name, "its process hangs") from error
        if frame.kind == WhisperKind.FAILED:
            raise RequestRefused(CARD.name, frame.body.decode(errors="replace"))
        heard = json.loads(frame.body)
        return Transcript(heard["text"], heard["confidence"])

    def _on_frame(self, frame: Frame) -> None:
        if frame.number == self._number and self._answer is not None and not self._answer.done():
            self._answer.set_result(frame)

    def _on_lost(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(EngineUnavailable(CARD.name, "its process ended"))
