from __future__ import annotations

import pytest

from ai_agent.config import Settings
from ai_agent.errors import SettingError
from ai_agent.providers.catalog import KINDS, choose

KEYS = {
    "DEEPGRAM_API_KEY": "k",
    "OPENAI_API_KEY": "k",
    "ANTHROPIC_API_KEY": "k",
    "AZURE_SPEECH_KEY": "k",
    "AZURE_SPEECH_REGION": "westeurope",
    "ELEVENLABS_API_KEY": "k",
    "openai_tts_model": "m",
}


def names(**given: str) -> dict[str, list[str]]:
    choice = choose(Settings.model_validate(given))
    return {kind: [entry.name for entry in choice.entries if entry.kind == kind] for kind in KINDS}


def test_without_a_key_the_local_set_runs() -> None:
    assert names() == {"stt": ["moonshine", "pocketsphinx"], "llm": ["scripted"], "tts": ["hibari", "espeak"]}


def test_with_keys_the_cloud_comes_first_and_the_local_set_last() -> None:
    assert names(**KEYS) == {
        "stt": ["flux", "deepgram", "openai", "moonshine", "pocketsphinx"],
        "llm": ["openai", "anthropic", "scripted"],
        "tts": ["aura", "elevenlabs", "azure", "openai", "hibari", "espeak"],
    }


def test_only_named_engines_are_used_in_their_order() -> None:
    assert names(**KEYS, llm="anthropic, openai, anthropic")["llm"] == ["anthropic", "openai"]


def test_a_base_url_for_the_llm_does_not_enable_stt_or_tts() -> None:
    found = names(openai_base_url="http://127.0.0.1:11434/v1", openai_tts_model="m")
    assert found == {
        "stt": ["moonshine", "pocketsphinx"],
        "llm": ["openai", "scripted"],
        "tts": ["hibari", "espeak"],
    }


def test_a_base_url_needs_no_key() -> None:
    found = names(openai_stt_base_url="http://h/v1", openai_tts_base_url="http://h/v1", openai_tts_model="m")
    assert found == {
        "stt": ["openai", "moonshine", "pocketsphinx"],
        "llm": ["scripted"],
        "tts": ["openai", "hibari", "espeak"],
    }


def test_a_named_engine_without_its_key_gives_one_line() -> None:
    choice = choose(Settings.model_validate({"stt": "flux,pocketsphinx"}))
    assert choice.absent == ("stt engine flux is left out: DEEPGRAM_API_KEY is not set",)


def test_an_unknown_engine_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(
        SettingError, match="PARLOR_TUTOR_LLM: unknown engine 'gpt'; known: openai, anthropic, scripted"
    ):
        names(llm="gpt")
