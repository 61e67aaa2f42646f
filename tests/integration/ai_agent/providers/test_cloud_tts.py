"""The cloud's voices, each through its SDK or its HTTP, on good days and bad ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pytest

from ai_agent.config import Settings
from ai_agent.errors import (
    AuthRefused,
    EngineTimeout,
    EngineUnavailable,
    InvalidResponse,
    ProviderError,
    RateLimited,
    RequestRefused,
)
from ai_agent.providers.chain.fallback import Candidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackTts, Timeouts
from ai_agent.providers.cloud import azure_speech, deepgram_aura, elevenlabs, openai_speech
from ai_agent.providers.ports import SpeechChunk, SpeechRequest, Tts
from tests.fakes.vendors.deepgram import Deepgram, deepgram
from tests.fakes.vendors.openai import OpenAi, openai
from tests.fakes.vendors.server import Bad
from tests.fakes.vendors.tts import BYTES_PER_S, Voices, voices
from tests.integration.ai_agent.providers.asking import SPEECH, all_of, pour, samples_of

Server = Deepgram | OpenAi | Voices


@dataclass(slots=True)
class Pair:
    voice: Tts
    vendor: Server


def settings(url: str) -> Settings:
    return Settings.model_validate(
        {
            "DEEPGRAM_API_KEY": "key",
            "deepgram_url": url,
            "OPENAI_API_KEY": "key",
            "openai_tts_base_url": url,
            "openai_tts_model": "m",
            "AZURE_SPEECH_KEY": "key",
            "azure_url": url,
            "ELEVENLABS_API_KEY": "key",
            "elevenlabs_url": url,
        }
    )


SERVERS: dict[str, tuple[Callable[[], AbstractAsyncContextManager[Server]], Callable[[Settings], Tts]]] = {
    "aura": (deepgram, deepgram_aura.build),
    "openai": (openai, openai_speech.build),
    "azure": (voices, azure_speech.build),
    "elevenlabs": (voices, elevenlabs.build),
}


@pytest.fixture(params=SERVERS)
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    serve, build = SERVERS[request.param]
    async with serve() as vendor:
        voice = build(settings(vendor.url))
        yield Pair(voice, vendor)
        await voice.aclose()


async def test_speech_comes_whole_whatever_the_pieces(pair: Pair) -> None:
    assert await samples_of(pair.voice.speak(SPEECH)) == pair.vendor.audio


async def test_speech_that_drips_comes_whole(pair: Pair) -> None:
    pair.vendor.audio = pair.vendor.audio[:301]
    pair.vendor.bad = [Bad(drip=True)]
    assert await samples_of(pair.voice.speak(SPEECH)) == pair.vendor.audio[:300], "half a sample is none"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, AuthRefused),
        (429, RateLimited),
        (400, RequestRefused),
        (500, EngineUnavailable),
        (503, EngineUnavailable),
    ],
)
async def test_a_status_is_told_as_ours(pair: Pair, status: int, error: type[ProviderError]) -> None:
    pair.vendor.bad = [Bad(status=status, headers={"Retry-After": "7"})]
    with pytest.raises(error) as raised:
        await all_of(pair.voice.speak(SPEECH))
    assert len(pair.vendor.calls) == 1, "the SDK's own retries are off: the chain has the budget"
    if error is RateLimited:
        assert raised.value.retry_after_s == 7


async def test_speech_cut_in_the_middle_is_an_error_after_what_came(pair: Pair) -> None:
    pair.vendor.bad = [Bad(pieces=5, then="cut")]
    heard: list[SpeechChunk] = []
    with pytest.raises((EngineUnavailable, InvalidResponse)):
        await pour(pair.voice.speak(SPEECH), heard)
    assert sum(len(chunk.pcm) for chunk in heard) * 2 < len(pair.vendor.audio)


@pytest.mark.parametrize("content_type", ["text/html", "application/json; charset=utf-8"])
async def test_a_page_in_place_of_audio_is_garbage(pair: Pair, content_type: str) -> None:
    pair.vendor.bad = [Bad(content_type=content_type, insert=b"<html></html>\n")]
    with pytest.raises(InvalidResponse):
        await all_of(pair.voice.speak(SPEECH))
    assert await samples_of(pair.voice.speak(SPEECH)) == pair.vendor.audio


async def test_speech_slower_than_it_is_spoken_is_a_timeout_of_the_chain(pair: Pair) -> None:
    pair.vendor.bad = [Bad(pause_s=0.05)]  # for 21 ms of speech
    members: FallbackChain[Tts] = FallbackChain([Candidate(pair.voice)], lambda: None)
    chain = FallbackTts(members, pair.voice.sample_rate, timeouts=Timeouts(5.0, 5.0, 0.1))
    heard: list[SpeechChunk] = []
    with pytest.raises(EngineTimeout):
        await pour(chain.speak(SPEECH), heard)
    assert heard


@pytest.mark.parametrize("pieces", [0, 5])
async def test_silence_is_a_timeout_of_the_chain(pair: Pair, pieces: int) -> None:
    pair.vendor.bad = [Bad(pieces=pieces, then="silence")]
    members: FallbackChain[Tts] = FallbackChain([Candidate(pair.voice)], lambda: None)
    chain = FallbackTts(members, pair.voice.sample_rate, timeouts=Timeouts(0.3, 0.1, 5.0))
    with pytest.raises(EngineTimeout):
        await all_of(chain.speak(SPEECH))


async def test_after_a_speech_that_was_stopped_the_next_one_is_whole(pair: Pair) -> None:
    pair.vendor.bad = [Bad(pieces=6, then="silence")]
    speech = pair.voice.speak(SPEECH)
    await anext(speech)
    await speech.aclose()
    assert await samples_of(pair.voice.speak(SPEECH)) == pair.vendor.audio


@pytest.mark.parametrize("language", ["en", "en-GB"])
async def test_a_voice_of_another_vendor_means_the_engine_s_own_choice(pair: Pair, language: str) -> None:
    request = SpeechRequest("Hello.", language, voice="somebody-else")
    assert await samples_of(pair.voice.speak(request)) == pair.vendor.audio


async def test_azure_gets_ssml_that_is_xml_whatever_the_text() -> None:
    async with voices() as vendor:
        voice = azure_speech.build(settings(vendor.url))
        await all_of(voice.speak(SPEECH))
        await all_of(voice.speak(SpeechRequest("Chào bạn.", "vi", voice="vi-VN-NamMinhNeural")))
        await voice.aclose()
    english, vietnamese = (ET.fromstring(call.body) for call in vendor.calls)
    assert "".join(english.itertext()) == "Hello <there> & good bye."
    assert next(iter(vietnamese)).get("name") == "vi-VN-NamMinhNeural"
    headers = vendor.calls[0].headers
    assert headers["Ocp-Apim-Subscription-Key"] == "key"
    assert headers["X-Microsoft-OutputFormat"] == "raw-24khz-16bit-mono-pcm"


async def test_azure_has_voices_for_vietnamese_and_refuses_what_it_has_none_for() -> None:
    async with voices() as vendor:
        voice = azure_speech.build(settings(vendor.url))
        assert {card.language for card in voice.voices if card.id.startswith("vi")} == {"vi-VN"}
        with pytest.raises(RequestRefused):
            await all_of(voice.speak(SpeechRequest("Saluton.", "eo")))
        await voice.aclose()
    assert not vendor.calls


async def test_elevenlabs_gets_model_language_and_format() -> None:
    async with voices() as vendor:
        voice = elevenlabs.build(settings(vendor.url))
        await all_of(voice.speak(SpeechRequest("Chào bạn.", "vi-VN", rate=0.5)))
        await voice.aclose()
    call = vendor.calls[0]
    body = json.loads(call.body)
    assert call.headers["xi-api-key"] == "key"
    assert dict(call.query) == {"output_format": "pcm_24000"}
    assert (body["model_id"], body["language_code"]) == ("eleven_flash_v2_5", "vi")
    assert body["voice_settings"] == {"speed": 0.7}


async def test_elevenlabs_tells_when_words_begin() -> None:
    text = "Hello there, friend."
    async with voices() as vendor:
        voice = elevenlabs.build(settings(vendor.url))
        chunks = await all_of(voice.speak(SpeechRequest(text, "en")))
        await voice.aclose()
    each_s = len(vendor.audio) / BYTES_PER_S / len(text)
    marks = [mark for chunk in chunks for mark in chunk.marks]
    assert [text[: mark.end] for mark in marks] == ["Hello", "Hello there,", "Hello there, friend."]
    assert [mark.at_s for mark in marks] == pytest.approx([0.0, 6 * each_s, 13 * each_s])


@pytest.mark.parametrize(
    "line",
    [
        {"a_new_thing": 1},
        {"audio_base64": None, "alignment": None},
        {"audio_base64": "", "alignment": {"characters": 7}},
        {"alignment": {"characters": ["x", 8], "character_start_times_seconds": ["y", 1]}},
    ],
)
async def test_lines_of_elevenlabs_that_say_nothing_known_are_passed_over(line: object) -> None:
    async with voices() as vendor:
        vendor.bad = [Bad(insert=json.dumps(line).encode() + b"\n")]
        voice = elevenlabs.build(settings(vendor.url))
        assert await samples_of(voice.speak(SPEECH)) == vendor.audio
        await voice.aclose()


@pytest.mark.parametrize("line", [b"{not json\n", b'{"audio_base64": "%"}\n', b"[1, 2]\n", b"\xff\n"])
async def test_garbage_from_elevenlabs_is_an_error_of_ours(line: bytes) -> None:
    async with voices() as vendor:
        vendor.bad = [Bad(insert=line)]
        voice = elevenlabs.build(settings(vendor.url))
        with pytest.raises(InvalidResponse):
            await all_of(voice.speak(SPEECH))
        await voice.aclose()


async def test_aura_gets_model_and_format() -> None:
    async with deepgram() as vendor:
        voice = deepgram_aura.build(settings(vendor.url))
        await all_of(voice.speak(SPEECH))
        await voice.aclose()
    query = dict(vendor.calls[0].query)
    assert vendor.calls[0].headers["Authorization"] == "Token key"
    assert (query["model"], query["encoding"], query["sample_rate"]) == (
        "aura-2-thalia-en",
        "linear16",
        "24000",
    )
    assert query["container"] == "none"
