"""The registry with real engines: which are built or left out, and fallback between them."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from importlib.machinery import ModuleSpec

import pytest

from ai_agent.config import Settings
from ai_agent.errors import ProviderError, SettingError
from ai_agent.providers.catalog import KINDS, choose
from ai_agent.providers.ports import ChatMessage, ChatRequest, EngineSet, LessonFacts, SpeechRequest
from ai_agent.providers.registry import EngineRegistry
from tests.fakes.vendors.anthropic import anthropic
from tests.fakes.vendors.deepgram import deepgram
from tests.fakes.vendors.openai import openai
from tests.fakes.vendors.server import Fault
from tests.fakes.vendors.tts import voices
from tests.integration.ai_agent.providers.asking import SECOND

STT_S = 60.0
ASKED = ChatRequest(
    system="You are a tutor.",
    messages=(ChatMessage("learner", "Yesterday I went to the market."),),
    lesson=LessonFacts("en", "A2", "travel"),
)


@asynccontextmanager
async def registry(**given: str) -> AsyncIterator[EngineRegistry]:
    settings = Settings.model_validate(given)
    made = EngineRegistry(settings, choose(settings))
    try:
        await made.build()
        for kind in KINDS:
            await made.warm_up(kind)
        yield made
    finally:
        await made.aclose()


async def use(engines: EngineSet) -> None:
    """Use all three engines once."""
    assert engines.stt is not None
    assert engines.tts is not None
    stream = await engines.stt.open("en")
    stream.push(SECOND)
    stream.flush()
    async with asyncio.timeout(STT_S):
        async for event in stream:
            if event.kind == "flushed":
                break
    await stream.aclose()
    async with aclosing(engines.llm.stream(ASKED)) as parts:
        assert [part async for part in parts]
    async with aclosing(engines.tts.speak(SpeechRequest("Hello.", "en"))) as chunks:
        assert [chunk async for chunk in chunks]


def cards(engines: EngineSet) -> list[str | None]:
    return [
        engines.stt.card.name if engines.stt else None,
        engines.llm.card.name,
        engines.tts.card.name if engines.tts else None,
    ]


async def test_without_a_key_local_engines_answer_and_are_not_shown_as_cloud() -> None:
    changes: list[str] = []
    async with registry() as made:
        engines = made.engines("en", lambda: changes.append("changed"))
        await use(engines)
        assert cards(engines) == ["Moonshine", "scripted tutor", "hibari"]
        assert engines.stt is not None
        assert not engines.stt.card.is_cloud
        assert (changes, list(made.fallbacks(engines))) == ([], [])


async def test_vietnamese_has_local_tts_and_llm_but_no_local_stt() -> None:
    async with registry() as made:
        engines = made.engines("vi")
        assert engines.stt is None
        assert {voice.language for voice in made.voices("vi")} == {"vi-VN"}


async def test_british_voices_of_espeak_are_offered_beside_hibaris_and_used_when_chosen() -> None:
    async with registry(stt="pocketsphinx") as made:
        found = [(voice.id, voice.language) for voice in made.voices("en")]
        assert found[0] == ("heart", "en-US")
        assert ("en-gb-x-rp", "en-GB") in found
        assert "en-us" not in dict(found)
        engines = made.engines("en")
        assert engines.tts is not None
        for voice, engine in (("en-gb-x-rp", "espeak-ng"), ("heart", "hibari"), (None, "hibari")):
            async with aclosing(engines.tts.speak(SpeechRequest("Hello.", "en", voice=voice))) as chunks:
                assert [chunk async for chunk in chunks]
            assert engines.tts.card.name == engine
        assert made.fallbacks(engines) == ()


async def test_a_language_without_a_local_llm_needs_a_key() -> None:
    async with registry() as made:
        with pytest.raises(SettingError):
            made.engines("de")
    async with openai() as chat, registry(OPENAI_API_KEY="key", openai_base_url=chat.url) as made:
        engines = made.engines("de")
        assert engines.llm.card.name == "gpt-6-luna"
        chat.faults = [Fault(status=401)]
        with pytest.raises(ProviderError):
            async with aclosing(
                engines.llm.stream(replace(ASKED, lesson=LessonFacts("de", "A2", "")))
            ) as parts:
                assert [part async for part in parts]


async def test_with_all_keys_refused_local_engines_answer_and_each_fallback_is_reported_once() -> None:
    refused = [Fault(status=401)] * 20
    async with deepgram() as stt_vendor, openai() as chat, anthropic() as other, voices() as voice:
        for vendor in (stt_vendor, chat, other, voice):
            vendor.faults = list(refused)
        changes: list[list[str | None]] = []
        fell_back: list[tuple[str, str]] = []
        async with registry(
            DEEPGRAM_API_KEY="no",
            deepgram_url=stt_vendor.url,
            OPENAI_API_KEY="no",
            openai_base_url=chat.url,
            openai_stt_base_url=chat.url,
            openai_tts_base_url=chat.url,
            openai_tts_model="m",
            ANTHROPIC_API_KEY="no",
            anthropic_base_url=other.url,
            AZURE_SPEECH_KEY="no",
            azure_url=voice.url,
            ELEVENLABS_API_KEY="no",
            elevenlabs_url=voice.url,
        ) as made:
            engines = made.engines(
                "en",
                lambda: changes.append(cards(engines)),
                lambda kind, name: fell_back.append((kind, name)),
            )
            assert cards(engines) == ["Flux", "gpt-6-luna", "Aura-2"]
            await use(engines)
            assert cards(engines) == ["Moonshine", "scripted tutor", "hibari"]
            assert changes[-1] == cards(engines)
            assert set(made.fallbacks(engines)) == {
                "Flux", "nova-3", "gpt-transcribe", "gpt-6-luna", "claude-sonnet-5",
                "Aura-2", "eleven_flash_v2_5", "Azure speech", "m",
            }  # fmt: skip
            assert sorted(fell_back) == [
                ("llm", "claude-sonnet-5"), ("llm", "gpt-6-luna"),
                ("stt", "Flux"), ("stt", "gpt-transcribe"), ("stt", "nova-3"),
                ("tts", "Aura-2"), ("tts", "Azure speech"), ("tts", "eleven_flash_v2_5"), ("tts", "m"),
            ]  # fmt: skip
            asked = [len(vendor.calls) for vendor in (stt_vendor, chat, other, voice)]
            await use(made.engines("en"))
            assert [len(vendor.calls) for vendor in (stt_vendor, chat, other, voice)] == asked, (
                "no refused key is used again"
            )


async def test_an_engine_whose_package_is_missing_is_left_out_with_one_log_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    find = importlib.util.find_spec

    def without(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name in {"moonshine_voice", "pocketsphinx"} else find(name, package)

    monkeypatch.setattr("ai_agent.packages.find_spec", without)
    async with registry() as made:
        assert made.engines("en").stt is None
    assert warnings(caplog) == [
        f"stt engine {name} is left out: package {package} is not installed"
        for name, package in (("moonshine", "moonshine_voice"), ("pocketsphinx", "pocketsphinx"))
    ]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
