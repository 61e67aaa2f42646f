"""Kokoro's voices; the engine itself where it is installed."""

from __future__ import annotations

from contextlib import aclosing
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable, RequestRefused
from ai_agent.providers.catalog import choose
from ai_agent.providers.local import kokoro
from ai_agent.providers.local.kokoro_model import PARTS, voice_cards
from ai_agent.providers.ports import SpeechRequest, VoiceCard

IS_INSTALLED = all(find_spec(part) for part in PARTS) and bool(voice_cards())


def test_voices_are_those_of_the_folder_the_default_first(tmp_path: Path) -> None:
    for name in ("bf_emma", "am_liam", "af_heart", "jf_alpha"):
        (tmp_path / f"{name}.bin").touch()
    assert voice_cards(tmp_path) == (
        VoiceCard("af_heart", "American, Heart (Kokoro)", "en-US"),
        VoiceCard("am_liam", "American, Liam (Kokoro)", "en-US"),
        VoiceCard("bf_emma", "British, Emma (Kokoro)", "en-GB"),
    )
    assert voice_cards(tmp_path / "nowhere") == ()


def test_without_its_voices_it_says_how_to_install_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "require_model", lambda: None)
    monkeypatch.setattr(kokoro, "voice_cards", lambda: ())
    with pytest.raises(EngineUnavailable, match="make kokoro"):
        kokoro.build(Settings.model_validate({}))


def test_it_is_used_only_where_the_settings_name_it() -> None:
    tts = [entry.name for entry in choose(Settings.model_validate({})).entries if entry.kind == "tts"]
    assert "kokoro" not in tts


@pytest.mark.skipif(not IS_INSTALLED, reason="an extra: make kokoro")
async def test_the_real_one_speaks_in_american_and_british_voices() -> None:
    engine = kokoro.build(Settings.model_validate({}))
    spoken = {}
    for voice in ("af_heart", "bm_george"):
        async with aclosing(engine.speak(SpeechRequest("Good morning, Linh.", "en", voice=voice))) as chunks:
            spoken[voice] = np.concatenate([chunk.pcm async for chunk in chunks])
        assert 0.8 < len(spoken[voice]) / engine.sample_rate < 3.0
        assert np.abs(spoken[voice]).max() > 3_000
    with pytest.raises(RequestRefused):
        await anext(engine.speak(SpeechRequest("Xin chào.", "vi")))
    await engine.aclose()
