"""ElevenLabs's text to speech, `/v1/text-to-speech/{voice}/stream/with-timestamps`: lines of JSON, each with
some sound and when the characters begin that are heard in it, in seconds from the beginning of the speech.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from typing import Final
from urllib.parse import quote

from ai_agent.config import Settings
from ai_agent.providers.cloud.alignment import Aligner
from ai_agent.providers.cloud.faults import as_provider_errors
from ai_agent.providers.cloud.http_audio import HttpAudio
from ai_agent.providers.cloud.pcm import SampleJoiner
from ai_agent.providers.ports import EngineCard, SpeechChunk, SpeechRequest, VoiceCard, WordMark
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

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        voice = voice_for(VOICES, request.language, request.voice) or VOICES[0].id
        url = f"{self._url}/v1/text-to-speech/{quote(voice, safe='')}/stream/with-timestamps"
        body = {
            "text": request.text,
            "model_id": self._model,
            "language_code": primary(request.language),
            "voice_settings": {"speed": min(max(request.rate, SLOWEST), FASTEST)},
        }
        params = {"output_format": "pcm_24000"}
        joiner, aligner = SampleJoiner(), Aligner(request.text)
        lines = self._http.lines(url, self._headers, json=body, params=params)
        marks: tuple[WordMark, ...] = ()
        async with aclosing(lines):
            async for line in lines:
                with as_provider_errors(self.card.name):
                    told = json.loads(line)
                    pcm = joiner.feed(b64decode(told.get("audio_base64") or "", validate=True))
                marks += aligner.words(timed(told.get("alignment")))
                if len(pcm):
                    yield SpeechChunk(pcm, marks)
                    marks = ()

    async def aclose(self) -> None:
        await self._http.aclose()


def timed(alignment: object) -> Iterator[tuple[str, float]]:
    """Characters of the text with when they begin; a sound without any is still one."""
    known = alignment if isinstance(alignment, dict) else {}
    characters, begins = known.get("characters"), known.get("character_start_times_seconds")
    if isinstance(characters, list) and isinstance(begins, list):
        for character, at_s in zip(characters, begins, strict=False):
            if isinstance(character, str) and isinstance(at_s, int | float):
                yield character, float(at_s)
