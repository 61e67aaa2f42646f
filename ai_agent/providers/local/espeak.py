"""TTS: espeak-ng. No key, any language, first samples within milliseconds, exact word marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from ai_agent.config import Settings
from ai_agent.errors import RequestRefused
from ai_agent.packages import require
from ai_agent.providers.local.tts_process import GAP_S, ProcessTts
from ai_agent.providers.ports import EngineCard, SpeechRequest, VoiceCard, choose_voice, primary_tag

CHILD = "ai_agent.providers.local.espeak_child"
CARD = EngineCard(name="espeak-ng", vendor="local", is_cloud=False)
SAMPLE_RATE = 22_050
WORDS_A_MINUTE = 165

EXTRA_VOICES: Final = (
    VoiceCard("en-us+f3", "American, high", "en-US"),
    VoiceCard("en-us", "American, low", "en-US"),
    VoiceCard("en+f3", "British, high", "en-GB"),
    VoiceCard("en-gb-x-rp", "British, low", "en-GB"),
    VoiceCard("vi+f3", "Hà Nội, high", "vi-VN"),
    VoiceCard("vi", "Hà Nội, low", "vi-VN"),
    VoiceCard("vi-vn-x-central+f3", "Huế, high", "vi-VN"),
    VoiceCard("vi-vn-x-south+f3", "Sài Gòn, high", "vi-VN"),
    VoiceCard("vi-vn-x-south", "Sài Gòn, low", "vi-VN"),
)
"""The first of a language is its default. +f3 is a variant with a woman's pitch and formants."""
TAG = re.compile(r"^(?P<primary>[a-z]{2,3})(-(?P<region>[a-z]{2}))?$")
OTHER_NAMES = {"cmn": "zh"}
_SEPARATE = {primary_tag(card.language) for card in EXTRA_VOICES}


def voice_cards(listed: Sequence[tuple[str, str, str]]) -> tuple[VoiceCard, ...]:
    """EXTRA_VOICES, then one for each other language that espeak-ng lists. `listed`: (tag, id, name)."""
    cards = list(EXTRA_VOICES)
    for tag, voice, name in listed:
        match = TAG.match(tag)
        if match is None or match["primary"] in _SEPARATE:
            continue
        base = OTHER_NAMES.get(match["primary"], match["primary"])
        language = f"{base}-{match['region'].upper()}" if match["region"] else base
        cards.append(VoiceCard(f"{voice}+f3", name.split(",", maxsplit=1)[0], language))
    return tuple(cards)


def build(settings: Settings) -> EspeakTts:
    """Raises ImportError if its package is not installed."""
    del settings
    require("espeakng_loader")
    return EspeakTts()


class EspeakTts(ProcessTts):
    def __init__(self, *, gap_s: float = GAP_S, module: str = CHILD) -> None:
        super().__init__(CARD, SAMPLE_RATE, module, gap_s=gap_s)
        self._voices: tuple[VoiceCard, ...] = EXTRA_VOICES

    @property
    def voices(self) -> Sequence[VoiceCard]:
        """Complete once the engine has started."""
        return self._voices

    async def warm_up(self) -> None:
        """Raises ProviderError if it cannot run here."""
        await super().warm_up()
        self._voices = voice_cards(cast("list[tuple[str, str, str]]", self._process.about["voices"]))

    def _body(self, request: SpeechRequest) -> Mapping[str, object]:
        voice = choose_voice(self._voices, request.language, request.voice)
        if voice is None:
            raise RequestRefused(CARD.name, f"no voice for {request.language}")
        text = request.text.replace("\0", " ")
        pace = round(WORDS_A_MINUTE * min(max(request.rate, 0.5), 2.0))
        return {"text": text, "voice": voice, "wordsAMinute": pace}
