"""TTS: hibari. English, no key, natural, first samples within some tens of milliseconds; no word marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ai_agent.config import Settings
from ai_agent.errors import RequestRefused, SettingError
from ai_agent.packages import require
from ai_agent.providers.local.hibari_text import speakable
from ai_agent.providers.local.tts_process import ProcessTts
from ai_agent.providers.ports import EngineCard, SpeechRequest, VoiceCard, choose_voice

CHILD = "ai_agent.providers.local.hibari_child"
CARD = EngineCard(name="hibari", vendor="local", is_cloud=False, languages=frozenset({"en"}))
SAMPLE_RATE = 24_000
HANG_S = 10.0
"""Longer than the chain waits before it asks the next engine: a process that is slow on a busy machine is not
killed, because its next start would be slower still."""
DOWNLOAD: Final = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "HIBARI_HOME")
"""Environment variables that say how to download, and where voices are kept."""
INCLUDED = VoiceCard("heart", "American, Heart", "en-US")
EXTRA_VOICES: Final[Mapping[str, VoiceCard]] = {
    "emma": VoiceCard("emma", "British, Emma", "en-GB"),
    "fable": VoiceCard("fable", "British, Fable", "en-GB"),
    "fenrir": VoiceCard("fenrir", "American, Fenrir", "en-US"),
    "kore": VoiceCard("kore", "American, Kore", "en-US"),
}
"""Downloaded when they are first used, so only on request."""


def build(settings: Settings) -> HibariTts:
    """Raises ImportError if its package is not installed, SettingError for an unknown voice."""
    require("hibari")
    for name in settings.hibari_voices:
        if name not in EXTRA_VOICES:
            known = ", ".join(EXTRA_VOICES)
            raise SettingError(f"PARLOR_TUTOR_HIBARI_VOICES: unknown voice {name!r}; known: {known}")
    return HibariTts(settings.hibari_voices)


class HibariTts(ProcessTts):
    """`extra`: names of EXTRA_VOICES that may be downloaded."""

    def __init__(self, extra: Sequence[str] = (), *, gap_s: float = HANG_S, module: str = CHILD) -> None:
        super().__init__(CARD, SAMPLE_RATE, module, gap_s=gap_s, variables=DOWNLOAD if extra else ())
        self._voices = (INCLUDED, *(EXTRA_VOICES[name] for name in extra))

    @property
    def voices(self) -> Sequence[VoiceCard]:
        return self._voices

    def _body(self, request: SpeechRequest) -> Mapping[str, object]:
        if not CARD.serves(request.language):
            raise RequestRefused(CARD.name, f"no voice for {request.language}")
        voice = choose_voice(self._voices, request.language, request.voice)
        rate = min(max(request.rate, 0.5), 2.0)
        return {"text": speakable(request.text), "voice": voice, "rate": rate}
