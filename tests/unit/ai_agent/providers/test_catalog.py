from __future__ import annotations

import importlib

import pytest

from ai_agent.config import Settings
from ai_agent.errors import SettingError
from ai_agent.providers.catalog import CATALOG, KINDS, choose

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


def test_the_languages_of_a_tutor_are_known_before_any_engine_is_built() -> None:
    assert choose(Settings.model_validate({})).languages == {"en", "vi"}
    assert choose(Settings.model_validate({"OPENAI_API_KEY": "k"})).languages == frozenset()


def test_the_catalogs_languages_are_those_on_the_engines_cards() -> None:
    for entry in CATALOG:
        if entry.kind == "llm":
            engine = entry.make(importlib.import_module(entry.module), Settings.model_validate(KEYS))
            assert engine.card.languages == entry.languages


def test_an_engine_without_its_package_is_left_out_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_agent.packages.find_spec", lambda name: None)
    choice = choose(Settings.model_validate({"OPENAI_API_KEY": "k", "stt": "moonshine"}))
    assert [entry.name for entry in choice.entries if entry.kind == "llm"] == ["scripted"]
    assert choice.absent == ("llm engine openai is left out: package openai is not installed",)


def test_without_an_llm_engine_there_is_an_error_that_says_why() -> None:
    with pytest.raises(SettingError, match=r"PARLOR_TUTOR_LLM; llm engine anthropic .* ANTHROPIC_API_KEY"):
        choose(Settings.model_validate({"llm": "anthropic"}))
