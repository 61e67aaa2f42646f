"""STT: OpenAI, or any server with its `/audio/transcriptions` (speaches, faster-whisper).

It transcribes whole utterances, so there are no partials: the audio is sent when the dialogue flushes.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from functools import partial

from openai import AsyncOpenAI, omit
from openai.types.audio.transcription import Logprob

from ai_agent.audio import Pcm
from ai_agent.config import Settings
from ai_agent.errors import InvalidResponse
from ai_agent.providers.cloud.http_audio import to_wav
from ai_agent.providers.cloud.openai_api import openai_card, timeouts, translate
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import primary_tag
from ai_agent.providers.whole_utterances import Transcript, WholeUtteranceStream

MODELS_WITH_LOGPROBS = "gpt-4o"
"""Part of the names of the models that give log probabilities; others refuse the request for them."""
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

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> WholeUtteranceStream:
        return WholeUtteranceStream(
            self.card.name,
            partial(self._transcribe, language=primary_tag(language), prompt=", ".join(hints)),
        )

    async def _transcribe(self, pcm: Pcm, *, language: str, prompt: str) -> Transcript:
        """Raises ProviderError."""
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
            return Transcript(answer.text.strip(), mean_probability(answer.logprobs or ()))

    async def aclose(self) -> None:
        await self._client.close()


def mean_probability(tokens: Sequence[Logprob]) -> float | None:
    """Of the tokens that have a log probability; None without such a token."""
    found = [math.exp(min(0.0, token.logprob)) for token in tokens if token.logprob is not None]
    return sum(found) / len(found) if found else None
