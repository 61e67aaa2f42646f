"""STT: OpenAI, or any server with its `/audio/transcriptions` (speaches, faster-whisper).

It transcribes whole utterances, so there are no partials: the audio is sent when the dialogue flushes.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence

import numpy as np
from openai import AsyncOpenAI, omit
from openai.types.audio.transcription import Logprob

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.config import Settings
from ai_agent.errors import InvalidResponse
from ai_agent.providers.cloud.http_audio import to_wav
from ai_agent.providers.cloud.openai_api import openai_card, timeouts, translate
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import HeardWord, SttEvent, primary_tag
from ai_agent.providers.stt_stream import BufferedSttStream

MIN_SAMPLES = INPUT_HZ // 10
"""The API refuses less than 0.1 s."""
MODELS_WITH_LOGPROBS = "gpt-4o"
"""Part of the names of the models that give log probabilities; others refuse the request for them."""
MAX_SAMPLES = 25 * INPUT_HZ
RESPONSE_S = 15.0
"""For the whole response: later audio waits for it, so one that arrives byte by byte is given up too."""


def build(settings: Settings) -> OpenAiStt:
    return OpenAiStt(
        settings.openai_api_key.get_secret_value(), settings.openai_stt_model, settings.openai_stt_base_url
    )


class OpenAiStt:
    detects_turns = False

    def __init__(self, key: str, model: str, base_url: str = "", *, response_s: float = RESPONSE_S) -> None:
        self.card = openai_card(model, base_url)
        self._model = model
        self._response_s = response_s
        self._client = AsyncOpenAI(
            api_key=key or "none", base_url=base_url or None, max_retries=0, timeout=timeouts()
        )

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> OpenAiSttStream:
        return OpenAiSttStream(self, primary_tag(language), ", ".join(hints))

    async def transcribe(self, pcm: Pcm, language: str, prompt: str) -> tuple[str, float | None]:
        """The text and its confidence, None if the model gives none. Raises ProviderError."""
        with as_provider_errors(self.card.name, translate(self.card.name)):
            async with asyncio.timeout(self._response_s):
                answer = await self._client.audio.transcriptions.create(
                    file=("speech.wav", to_wav(pcm), "audio/wav"),
                    model=self._model,
                    language=language,
                    prompt=prompt or omit,
                    response_format="json",
                    include=["logprobs"] if MODELS_WITH_LOGPROBS in self._model else omit,
                )
            if not isinstance(answer.text, str):
                raise InvalidResponse(self.card.name, "the response has no text")
            return answer.text.strip(), mean_probability(answer.logprobs or ())

    async def aclose(self) -> None:
        await self._client.close()


class OpenAiSttStream(BufferedSttStream):
    def __init__(self, stt: OpenAiStt, language: str, prompt: str) -> None:
        super().__init__(stt.card.name)
        self._stt = stt
        self._language = language
        self._prompt = prompt

    async def _run(self) -> None:
        pending: list[Pcm] = []
        while True:
            pcm = await self._input.pop()
            if pcm is not None:
                pending.append(pcm)
            if pcm is None or sum(map(len, pending)) >= MAX_SAMPLES:
                await self._transcribe(pending)
                pending = []
            if pcm is None:
                self._events.put(SttEvent("flushed"))

    async def _transcribe(self, pending: list[Pcm]) -> None:
        """The API gives no word times, so the whole text becomes one word that ends with the audio."""
        if sum(map(len, pending)) < MIN_SAMPLES:
            return
        pcm = np.concatenate(pending)
        end_s = self._input.position / INPUT_HZ
        text, confidence = await self._stt.transcribe(pcm, self._language, self._prompt)
        word = HeardWord(text, end_s - len(pcm) / INPUT_HZ, end_s, 1.0 if confidence is None else confidence)
        self._events.put(SttEvent("final", text, (word,), confidence))


def mean_probability(tokens: Sequence[Logprob]) -> float | None:
    """Of the tokens that have a log probability; None without such a token."""
    found = [math.exp(min(0.0, token.logprob)) for token in tokens if token.logprob is not None]
    return sum(found) / len(found) if found else None
