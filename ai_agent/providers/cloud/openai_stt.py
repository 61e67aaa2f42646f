"""Transcription by OpenAI or any server that speaks its `/audio/transcriptions` (speaches, faster-whisper).

It hears whole utterances, so there are no partials: the audio goes out when the dialogue flushes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
from openai import AsyncOpenAI, omit

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.config import Settings
from ai_agent.errors import InvalidResponse
from ai_agent.providers.cloud.faults import as_provider_errors
from ai_agent.providers.cloud.openai_faults import timeouts, translate
from ai_agent.providers.cloud.pcm import wav
from ai_agent.providers.cloud.vendor import openai_card
from ai_agent.providers.ports import HeardWord, SttEvent
from ai_agent.providers.stt_stream import BaseSttStream

SHORTEST = INPUT_HZ // 10
"""The API refuses less than 0.1 s."""
LONGEST = 25 * INPUT_HZ
WHOLE_S = 15.0
"""For an answer, however slowly it drips: what is said meanwhile waits for it."""


def build(settings: Settings) -> OpenAiStt:
    return OpenAiStt(
        settings.openai_api_key.get_secret_value(), settings.openai_stt_model, settings.openai_stt_base_url
    )


class OpenAiStt:
    detects_turns = False

    def __init__(self, key: str, model: str, base_url: str = "", *, whole_s: float = WHOLE_S) -> None:
        self.card = openai_card(model, base_url)
        self._model = model
        self._whole_s = whole_s
        self._client = AsyncOpenAI(
            api_key=key or "none", base_url=base_url or None, max_retries=0, timeout=timeouts()
        )

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> OpenAiSttStream:
        return OpenAiSttStream(self, language.split("-", maxsplit=1)[0], ", ".join(hints))

    async def transcribe(self, pcm: Pcm, language: str, prompt: str) -> str:
        """Raises ProviderError."""
        with as_provider_errors(self.card.name, translate(self.card.name)):
            async with asyncio.timeout(self._whole_s):
                answer = await self._client.audio.transcriptions.create(
                    file=("speech.wav", wav(pcm), "audio/wav"),
                    model=self._model,
                    language=language,
                    prompt=prompt or omit,
                    response_format="json",
                )
            if not isinstance(answer.text, str):
                raise InvalidResponse(self.card.name, "no text")
            return answer.text.strip()

    async def aclose(self) -> None:
        await self._client.close()


class OpenAiSttStream(BaseSttStream):
    def __init__(self, stt: OpenAiStt, language: str, prompt: str) -> None:
        super().__init__("transcription")
        self._stt = stt
        self._language = language
        self._prompt = prompt

    async def _run(self) -> None:
        heard: list[Pcm] = []
        while True:
            pcm = await self._backlog.pop()
            if pcm is not None:
                heard.append(pcm)
            if pcm is None or sum(map(len, heard)) >= LONGEST:
                await self._transcribe(heard)
                heard = []
            if pcm is None:
                self._events.tell(SttEvent("flushed"))

    async def _transcribe(self, heard: list[Pcm]) -> None:
        """The API gives no words with times, so the whole text stands for one that ends with the audio."""
        if sum(map(len, heard)) < SHORTEST:
            return
        pcm = np.concatenate(heard)
        end_s = self._backlog.position / INPUT_HZ
        text = await self._stt.transcribe(pcm, self._language, self._prompt)
        word = HeardWord(text, end_s - len(pcm) / INPUT_HZ, end_s)
        self._events.tell(SttEvent("final", text, (word,)))
