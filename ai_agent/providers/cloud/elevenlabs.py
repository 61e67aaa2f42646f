"""TTS: ElevenLabs's `/v1/text-to-speech/{voice}/stream/with-timestamps`. It sends lines of JSON, each with
some audio and the times at which its characters begin, in seconds from the start of the speech.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from typing import Final
from urllib.parse import quote

from ai_agent.config import Settings
from ai_agent.providers.cloud.http_audio import HttpAudio, SampleJoiner
from ai_agent.providers.cloud.vendor_errors import as_provider_errors
from ai_agent.providers.ports import (
    EngineCard,
    SpeechChunk,
    SpeechRequest,
    VoiceCard,
    WordMark,
    choose_voice,
    primary_tag,
)

SAMPLE_RATE: Final = 24_000
URL = "https://api.elevenlabs.io"
SLOWEST, FASTEST = 0.7, 1.2
VOICES = (
    VoiceCard("21m00Tcm4TlvDq8ikWAM", "Rachel", ""),
    VoiceCard("EXAVITQu4vr4xnSDxMaL", "Sarah", ""),
    VoiceCard("JBFqnCBsd6RMkjVDRZzb", "George", ""),
    VoiceCard("nPczCjzI2devNBz1zQrb", "Brian", ""),
)
"""The vendor's default voices; each speaks every language of the model."""


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
        voice = choose_voice(VOICES, request.language, request.voice) or VOICES[0].id
        url = f"{self._url}/v1/text-to-speech/{quote(voice, safe='')}/stream/with-timestamps"
        body = {
            "text": request.text,
            "model_id": self._model,
            "language_code": primary_tag(request.language),
            "voice_settings": {"speed": min(max(request.rate, SLOWEST), FASTEST)},
        }
        params = {"output_format": "pcm_24000"}
        joiner, aligner = SampleJoiner(), Aligner(request.text)
        lines = self._http.lines(url, self._headers, json=body, params=params)
        marks: tuple[WordMark, ...] = ()
        async with aclosing(lines):
            async for line in lines:
                with as_provider_errors(self.card.name):
                    message = json.loads(line)
                    pcm = joiner.feed(b64decode(message.get("audio_base64") or "", validate=True))
                marks += aligner.feed(timed_characters(message.get("alignment")))
                if len(pcm):
                    yield SpeechChunk(pcm, marks)
                    marks = ()

    async def aclose(self) -> None:
        await self._http.aclose()


def timed_characters(alignment: object) -> Iterator[tuple[str, float]]:
    """Characters of the text with the seconds at which they begin; none if `alignment` is missing."""
    known = alignment if isinstance(alignment, dict) else {}
    characters, begins = known.get("characters"), known.get("character_start_times_seconds")
    if isinstance(characters, list) and isinstance(begins, list):
        for character, at_s in zip(characters, begins, strict=False):
            if isinstance(character, str) and isinstance(at_s, int | float):
                yield character, float(at_s)


class Aligner:
    """Turns the times of characters into word marks. Spaces may differ from the text's; after any other
    difference there are no more marks.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._is_lost = False

    def feed(self, characters: Iterable[tuple[str, float]]) -> tuple[WordMark, ...]:
        """Marks of the words that begin within `characters`, the next ones with their times in seconds."""
        marks = []
        for character, at_s in characters:
            if not character.strip() or self._is_lost:
                continue
            begins = self._skip_spaces()
            self._is_lost = not self._text.startswith(character, self._at)
            if not self._is_lost and begins:
                marks.append(WordMark(at_s, self._end_of_word()))
            self._at += len(character)
        return tuple(marks)

    def _skip_spaces(self) -> bool:
        """Whether a word begins after the spaces."""
        before = self._at
        while self._text[self._at : self._at + 1].isspace():
            self._at += 1
        return before == 0 or self._at > before

    def _end_of_word(self) -> int:
        word = self._text[self._at :].split(maxsplit=1)[0]
        return self._at + len(word)
