"""TTS: OpenAI, or any server with its `/audio/speech` (Kokoro, Piper)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from openai import AsyncOpenAI

from ai_agent.config import Settings
from ai_agent.providers.cloud.http_audio import SampleJoiner, require_audio
from ai_agent.providers.cloud.openai_api import openai_card, timeouts, translate
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import SpeechChunk, SpeechRequest, VoiceCard

CHUNK_BYTES: Final = 4_096
SAMPLE_RATE: Final = 24_000


def build(settings: Settings) -> OpenAiSpeech:
    return OpenAiSpeech(
        settings.openai_api_key.get_secret_value(),
        settings.openai_tts_model,
        settings.openai_tts_voice,
        settings.openai_tts_base_url,
    )


class OpenAiSpeech:
    """The endpoint's `pcm` is int16 at 24 kHz. One voice speaks every language."""

    sample_rate = SAMPLE_RATE

    def __init__(self, key: str, model: str, voice: str, base_url: str = "") -> None:
        self.card = openai_card(model, base_url)
        self.voices = (VoiceCard(voice, voice.capitalize(), ""),)
        self._model = model
        self._client = AsyncOpenAI(
            api_key=key or "none", base_url=base_url or None, max_retries=0, timeout=timeouts()
        )

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        joiner = SampleJoiner()
        with as_provider_errors(self.card.name, translate(self.card.name)):
            async with self._client.audio.speech.with_streaming_response.create(
                model=self._model,
                voice=self.voices[0].id,
                input=request.text,
                response_format="pcm",
                speed=request.rate,
            ) as response:
                require_audio(self.card.name, response.headers.get("content-type", ""))
                async for data in response.iter_bytes(CHUNK_BYTES):
                    if len(pcm := joiner.feed(data)):
                        yield SpeechChunk(pcm)

    async def aclose(self) -> None:
        await self._client.close()
