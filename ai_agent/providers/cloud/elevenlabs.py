"""ElevenLabs's text to speech, `/v1/text-to-speech/{voice}/stream`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Final
from urllib.parse import quote

from ai_agent.config import Settings
from ai_agent.providers.cloud.http_audio import HttpAudio
from ai_agent.providers.ports import EngineCard, SpeechChunk, SpeechRequest, VoiceCard
from ai_agent.providers.voices import primary, voice_for

SAMPLE_RATE: Final = 24_000
URL = "https://api.elevenlabs.io"
SLOWEST, FASTEST = 0.7, 1.2
VOICES = (
    VoiceCard("21m00Tcm4TlvDq8ikWAM", "Rachel", ""),
    VoiceCard("EXAVITQu4vr4xnSDxMaL", "Sarah", ""),
    VoiceCard("JBFqnCBsd6RMkjVDRZzb", "George", ""),
    VoiceCard("nPczCjzI2devNBz1zQrb", "Brian", ""),
)
"""The vendor's stock voices; each speaks every language of the model."""


def build(settings: Settings) -> ElevenLabs:
    key = settings.elevenlabs_api_key.get_secret_value()
    return ElevenLabs(key, settings.elevenlabs_model, settings.elevenlabs_url or URL)


class ElevenLabs:
    sample_rate = SAMPLE_RATE
    voices: Sequence[VoiceCard] = VOICES

    def __init__(self, key: str, model: str, url: str = URL) -> None:
        self.card = EngineCard(model[:80], "ElevenLabs", is_cloud=True)
        self._model = model
        self._url = url.rstrip("/")
        self._headers = {"xi-api-key": key}
        self._http = HttpAudio(self.card.name)

    def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        voice = voice_for(VOICES, request.language, request.voice) or VOICES[0].id
        url = f"{self._url}/v1/text-to-speech/{quote(voice, safe='')}/stream"
        body = {
            "text": request.text,
            "model_id": self._model,
            "language_code": primary(request.language),
            "voice_settings": {"speed": min(max(request.rate, SLOWEST), FASTEST)},
        }
        params = {"output_format": "pcm_24000"}
        return self._http.post(url, self._headers, json=body, params=params)

    async def aclose(self) -> None:
        await self._http.aclose()
