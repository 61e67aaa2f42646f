"""TTS: Deepgram Aura-2 over HTTP. Its WebSocket allows 20 flushes a minute, too few for one a sentence."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Final

import httpx
from deepgram import AsyncDeepgramClient

from ai_agent.config import Settings
from ai_agent.errors import RequestRefused
from ai_agent.providers.cloud.deepgram_api import READ_S, VENDOR, client, translate
from ai_agent.providers.cloud.http_audio import SampleJoiner, require_audio
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import EngineCard, SpeechChunk, SpeechRequest, VoiceCard, choose_voice

SAMPLE_RATE: Final = 24_000
CHUNK_BYTES: Final = 4_096
MAX_CHARACTERS = 2_000
SLOWEST, FASTEST = 0.7, 1.5
VOICES = (
    VoiceCard("aura-2-thalia-en", "Thalia", "en-US"),
    VoiceCard("aura-2-andromeda-en", "Andromeda", "en-US"),
    VoiceCard("aura-2-apollo-en", "Apollo", "en-US"),
    VoiceCard("aura-2-draco-en", "Draco", "en-GB"),
    VoiceCard("aura-2-pandora-en", "Pandora", "en-GB"),
    VoiceCard("aura-2-theia-en", "Theia", "en-AU"),
    VoiceCard("aura-2-celeste-es", "Celeste", "es-CO"),
    VoiceCard("aura-2-nestor-es", "Nestor", "es-ES"),
)


def build(settings: Settings) -> DeepgramAura:
    http = httpx.AsyncClient(timeout=READ_S)
    return DeepgramAura(client(settings, http), http)


class DeepgramAura:
    sample_rate = SAMPLE_RATE
    voices: Sequence[VoiceCard] = VOICES

    def __init__(self, deepgram: AsyncDeepgramClient, http: httpx.AsyncClient) -> None:
        self.card = EngineCard("Aura-2", VENDOR, is_cloud=True, languages=frozenset({"en", "es"}))
        self._client = deepgram
        self._http = http

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        voice = choose_voice(VOICES, request.language, request.voice)
        if voice is None:
            raise RequestRefused(self.card.name, f"no voice for {request.language}")
        if len(request.text) > MAX_CHARACTERS:
            raise RequestRefused(self.card.name, f"the text is longer than {MAX_CHARACTERS} characters")
        joiner = SampleJoiner()
        with as_provider_errors(self.card.name, translate(self.card.name)):
            async with self._client.speak.v1.audio.with_raw_response.generate(
                text=request.text,
                model=voice,
                encoding="linear16",
                container="none",
                sample_rate=SAMPLE_RATE,
                speed=min(max(request.rate, SLOWEST), FASTEST),
                request_options={"chunk_size": CHUNK_BYTES},
            ) as response:
                require_audio(self.card.name, response.headers.get("content-type", ""))
                async for data in response.data:
                    if len(pcm := joiner.feed(data)):
                        yield SpeechChunk(pcm)

    async def aclose(self) -> None:
        await self._http.aclose()
