"""English sentences with Vietnamese words, prepared for the voice."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from ai_agent.providers.chain.generation import TTS_TIMEOUTS
from ai_agent.providers.local.hibari import HANG_S
from ai_agent.providers.local.hibari_text import _PHONEMES, speakable


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("I like phở and bánh mì.", "I like pho and banh mi."),
        ("Đào is from Hà Nội.", "Dao is from Ha Noi."),
        ("Nguyễn Linh lives in Huế.", "[Nguyen](/wˈɪn/) Linh lives in [Hue](/hwˈA/)."),
        ("Cà phê in Nha Trang", "[Ca phe](/kˈɑ fˈA/) in [Nha Trang](/njˈɑ tɹˈæŋ/)"),
        ("the hue of a thin dung heap", "the hue of a thin dung heap"),
        ("A café, a résumé, a piñata", "A café, a résumé, a piñata"),
        ("[Go](/x/) now", " Go (/x/) now"),
        ("Ho\u0300a", "Hoa"),
        ("", ""),
    ],
)
def test_vietnamese_words_lose_their_marks_and_some_get_phonemes(text: str, prepared: str) -> None:
    if text == "Ho\u0300a":
        assert speakable(text) == "[Hoa](/hwˈɑ/)"
    else:
        assert speakable(text) == prepared


def test_all_phonemes_are_in_the_voices_alphabet() -> None:
    vocabulary = json.loads((files("hibari") / "assets" / "vocab.json").read_text(encoding="utf-8"))
    assert {char for phonemes in _PHONEMES.values() for char in phonemes} <= set(vocabulary)


def test_a_slow_voice_is_replaced_by_the_chain_before_its_process_is_killed() -> None:
    assert TTS_TIMEOUTS.first_s < HANG_S
    assert TTS_TIMEOUTS.gap_s < HANG_S
