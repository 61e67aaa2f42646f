"""TTS: Azure's `/cognitiveservices/v1`, SSML in, samples out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from ai_agent.config import Settings
from ai_agent.errors import RequestRefused
from ai_agent.providers.cloud.http_audio import HttpAudio
from ai_agent.providers.ports import (
    EngineCard,
    SpeechChunk,
    SpeechRequest,
    VoiceCard,
    choose_voice,
    primary_tag,
)

SAMPLE_RATE: Final = 24_000
PATH = "/cognitiveservices/v1"
VOICES = (
    VoiceCard("en-US-JennyNeural", "Jenny", "en-US"),
    VoiceCard("en-US-GuyNeural", "Guy", "en-US"),
    VoiceCard("en-GB-SoniaNeural", "Sonia", "en-GB"),
    VoiceCard("en-GB-RyanNeural", "Ryan", "en-GB"),
    VoiceCard("en-AU-NatashaNeural", "Natasha", "en-AU"),
    VoiceCard("vi-VN-HoaiMyNeural", "Hoài My", "vi-VN"),
    VoiceCard("vi-VN-NamMinhNeural", "Nam Minh", "vi-VN"),
    VoiceCard("es-ES-ElviraNeural", "Elvira", "es-ES"),
    VoiceCard("es-MX-DaliaNeural", "Dalia", "es-MX"),
    VoiceCard("fr-FR-DeniseNeural", "Denise", "fr-FR"),
    VoiceCard("de-DE-KatjaNeural", "Katja", "de-DE"),
    VoiceCard("it-IT-ElsaNeural", "Elsa", "it-IT"),
    VoiceCard("pt-BR-FranciscaNeural", "Francisca", "pt-BR"),
    VoiceCard("ja-JP-NanamiNeural", "Nanami", "ja-JP"),
    VoiceCard("ko-KR-SunHiNeural", "Sun-Hi", "ko-KR"),
    VoiceCard("zh-CN-XiaoxiaoNeural", "Xiaoxiao", "zh-CN"),
)
LANGUAGES = frozenset(primary_tag(voice.language) for voice in VOICES)


def build(settings: Settings) -> AzureSpeech:
    url = settings.azure_url or f"https://{settings.azure_speech_region}.tts.speech.microsoft.com"
    return AzureSpeech(settings.azure_speech_key.get_secret_value(), url)


class AzureSpeech:
    sample_rate = SAMPLE_RATE
    voices: Sequence[VoiceCard] = VOICES

    def __init__(self, key: str, url: str) -> None:
        self.card = EngineCard("Azure speech", "Microsoft", is_cloud=True, languages=LANGUAGES)
        self._url = url.rstrip("/") + PATH
        self._http = HttpAudio(self.card.name)
        self._headers = {
            "Ocp-Apim-Subscription-Key": key,  # simpler than a token, which expires after 10 minutes
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": "raw-24khz-16bit-mono-pcm",
            "User-Agent": "parlor",
        }

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        voice = choose_voice(VOICES, request.language, request.voice)
        if voice is None:
            raise RequestRefused(self.card.name, f"no voice for {request.language}")
        audio = self._http.post(self._url, self._headers, data=ssml(request, voice).encode())
        async with aclosing(audio):
            async for chunk in audio:
                yield chunk

    async def aclose(self) -> None:
        await self._http.aclose()


def ssml(request: SpeechRequest, voice: str) -> str:
    """SSML 1.0. XML 1.0 allows no control characters, not even escaped."""
    text = "".join(char if char.isprintable() or char.isspace() else " " for char in request.text)
    language = next(card.language for card in VOICES if card.id == voice)
    percent = round((request.rate - 1) * 100)
    return (
        f'<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang={quoteattr(language)}>'
        f"<voice name={quoteattr(voice)}>"
        f'<prosody rate="{percent:+d}%">{escape(text)}</prosody></voice></speak>'
    )
