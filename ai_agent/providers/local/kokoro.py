"""TTS: Kokoro-82M, of the extra `kokoro`. English in 28 voices, no key; half of real time on one core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable, RequestRefused
from ai_agent.providers.local.hibari_text import speakable
from ai_agent.providers.local.kokoro_model import require_model, voice_cards
from ai_agent.providers.local.tts_process import ProcessTts
from ai_agent.providers.ports import EngineCard, SpeechRequest, VoiceCard, choose_voice

CHILD = "ai_agent.providers.local.kokoro_child"
CARD = EngineCard("Kokoro", "local", is_cloud=False, languages=frozenset({"en"}))
SAMPLE_RATE = 24_000
HANG_S = 20.0


def build(settings: Settings) -> KokoroTts:
    """Raises ImportError if its packages are not installed, EngineUnavailable without its voices."""
    del settings
    require_model()
    if not (voices := voice_cards()):
        raise EngineUnavailable(CARD.name, "its voices are not installed: make kokoro")
    return KokoroTts(voices)


class KokoroTts(ProcessTts):
    def __init__(self, voices: Sequence[VoiceCard], *, module: str = CHILD) -> None:
        super().__init__(CARD, SAMPLE_RATE, module, gap_s=HANG_S)
        self._voices = voices

    @property
    def voices(self) -> Sequence[VoiceCard]:
        return self._voices

    def _body(self, request: SpeechRequest) -> Mapping[str, object]:
        if not CARD.serves(request.language):
            raise RequestRefused(CARD.name, f"no voice for {request.language}")
        voice = choose_voice(self._voices, request.language, request.voice)
        rate = min(max(request.rate, 0.5), 2.0)
        return {"text": speakable(request.text), "voice": voice, "rate": rate}
