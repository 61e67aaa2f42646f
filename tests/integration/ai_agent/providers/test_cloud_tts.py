"""The cloud TTS engines through their SDKs or HTTP, also with faults."""

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
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackTts, Timeouts
from ai_agent.providers.cloud import azure_speech, deepgram_aura, elevenlabs, openai_speech
from ai_agent.providers.ports import SpeechChunk, SpeechRequest, Tts
from tests.fakes.vendors.deepgram import Deepgram, deepgram
from tests.fakes.vendors.openai import OpenAi, openai
from tests.fakes.vendors.server import Fault
from tests.fakes.vendors.tts import BYTES_PER_S, Voices, voices
from tests.integration.ai_agent.providers.asking import SPEECH, all_of, collect, samples_of

Server = Deepgram | OpenAi | Voices


@dataclass(slots=True)
class Pair:
    tts: Tts
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
        tts = build(settings(vendor.url))
        yield Pair(tts, vendor)
        await tts.aclose()


async def test_speech_is_complete_whatever_the_chunk_sizes(pair: Pair) -> None:
    assert await samples_of(pair.tts.speak(SPEECH)) == pair.vendor.audio


async def test_speech_received_byte_by_byte_is_complete(pair: Pair) -> None:
    pair.vendor.audio = pair.vendor.audio[:301]
    pair.vendor.faults = [Fault(byte_by_byte=True)]
    assert await samples_of(pair.tts.speak(SPEECH)) == pair.vendor.audio[:300], "half a sample is dropped"


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
async def test_a_status_becomes_a_provider_error(pair: Pair, status: int, error: type[ProviderError]) -> None:
    pair.vendor.faults = [Fault(status=status, headers={"Retry-After": "7"})]
    with pytest.raises(error) as raised:
        await all_of(pair.tts.speak(SPEECH))
    assert len(pair.vendor.calls) == 1, "the SDK's own retries are off: the chain retries"
    if error is RateLimited:
        assert raised.value.retry_after_s == 7


async def test_speech_cut_in_the_middle_is_an_error_after_the_received_audio(pair: Pair) -> None:
    pair.vendor.faults = [Fault(pieces=5, then="cut")]
    chunks: list[SpeechChunk] = []
    with pytest.raises((EngineUnavailable, InvalidResponse)):
        await collect(pair.tts.speak(SPEECH), chunks)
    assert sum(len(chunk.pcm) for chunk in chunks) * 2 < len(pair.vendor.audio)


@pytest.mark.parametrize("content_type", ["text/html", "application/json; charset=utf-8"])
async def test_a_response_that_is_not_audio_is_invalid(pair: Pair, content_type: str) -> None:
    pair.vendor.faults = [Fault(content_type=content_type, insert=b"<html></html>\n")]
    with pytest.raises(InvalidResponse):
        await all_of(pair.tts.speak(SPEECH))
    assert await samples_of(pair.tts.speak(SPEECH)) == pair.vendor.audio


async def test_speech_slower_than_real_time_times_out(pair: Pair) -> None:
    pair.vendor.faults = [Fault(pause_s=0.05)]  # for 21 ms of speech
    chain: FallbackChain[Tts] = FallbackChain([EngineCandidate(pair.tts)], lambda: None)
    tts = FallbackTts(chain, pair.tts.sample_rate, timeouts=Timeouts(5.0, 5.0, 0.1))
    chunks: list[SpeechChunk] = []
    with pytest.raises(EngineTimeout):
        await collect(tts.speak(SPEECH), chunks)
    assert chunks


@pytest.mark.parametrize("pieces", [0, 5])
async def test_an_engine_without_output_times_out(pair: Pair, pieces: int) -> None:
    pair.vendor.faults = [Fault(pieces=pieces, then="silence")]
    chain: FallbackChain[Tts] = FallbackChain([EngineCandidate(pair.tts)], lambda: None)
    tts = FallbackTts(chain, pair.tts.sample_rate, timeouts=Timeouts(0.3, 0.1, 5.0))
    with pytest.raises(EngineTimeout):
        await all_of(tts.speak(SPEECH))


async def test_the_speech_after_a_cancelled_one_is_complete(pair: Pair) -> None:
    pair.vendor.faults = [Fault(pieces=6, then="silence")]
    speech = pair.tts.speak(SPEECH)
    await anext(speech)
    await speech.aclose()
    assert await samples_of(pair.tts.speak(SPEECH)) == pair.vendor.audio


@pytest.mark.parametrize("language", ["en", "en-GB"])
async def test_the_voice_of_another_vendor_is_replaced_by_the_default(pair: Pair, language: str) -> None:
    request = SpeechRequest("Hello.", language, voice="somebody-else")
    assert await samples_of(pair.tts.speak(request)) == pair.vendor.audio


async def test_azure_gets_valid_xml_whatever_the_text() -> None:
    async with voices() as vendor:
        tts = azure_speech.build(settings(vendor.url))
        await all_of(tts.speak(SPEECH))
        await all_of(tts.speak(SpeechRequest("Chào bạn.", "vi", voice="vi-VN-NamMinhNeural")))
        await tts.aclose()
    english, vietnamese = (ET.fromstring(call.body) for call in vendor.calls)
    assert "".join(english.itertext()) == "Hello <there> & good bye."
    assert next(iter(vietnamese)).get("name") == "vi-VN-NamMinhNeural"
    headers = vendor.calls[0].headers
    assert headers["Ocp-Apim-Subscription-Key"] == "key"
    assert headers["X-Microsoft-OutputFormat"] == "raw-24khz-16bit-mono-pcm"


async def test_azure_has_vietnamese_voices_and_refuses_a_language_without_voices() -> None:
    async with voices() as vendor:
        tts = azure_speech.build(settings(vendor.url))
        assert {card.language for card in tts.voices if card.id.startswith("vi")} == {"vi-VN"}
        with pytest.raises(RequestRefused):
            await all_of(tts.speak(SpeechRequest("Saluton.", "eo")))
        await tts.aclose()
    assert not vendor.calls


async def test_elevenlabs_gets_model_language_and_format() -> None:
    async with voices() as vendor:
        tts = elevenlabs.build(settings(vendor.url))
        await all_of(tts.speak(SpeechRequest("Chào bạn.", "vi-VN", rate=0.5)))
        await tts.aclose()
    call = vendor.calls[0]
    body = json.loads(call.body)
    assert call.headers["xi-api-key"] == "key"
    assert dict(call.query) == {"output_format": "pcm_24000"}
    assert (body["model_id"], body["language_code"]) == ("eleven_flash_v2_5", "vi")
    assert body["voice_settings"] == {"speed": 0.7}


async def test_elevenlabs_marks_the_start_of_words() -> None:
    text = "Hello there, friend."
    async with voices() as vendor:
        tts = elevenlabs.build(settings(vendor.url))
        chunks = await all_of(tts.speak(SpeechRequest(text, "en")))
        await tts.aclose()
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
async def test_unknown_lines_of_elevenlabs_are_ignored(line: object) -> None:
    async with voices() as vendor:
        vendor.faults = [Fault(insert=json.dumps(line).encode() + b"\n")]
        tts = elevenlabs.build(settings(vendor.url))
        assert await samples_of(tts.speak(SPEECH)) == vendor.audio
        await tts.aclose()


@pytest.mark.parametrize("line", [b"{not json\n", b'{"audio_base64": "%"}\n', b"[1, 2]\n", b"\xff\n"])
async def test_invalid_lines_of_elevenlabs_are_invalid_responses(line: bytes) -> None:
    async with voices() as vendor:
        vendor.faults = [Fault(insert=line)]
        tts = elevenlabs.build(settings(vendor.url))
        with pytest.raises(InvalidResponse):
            await all_of(tts.speak(SPEECH))
        await tts.aclose()


async def test_aura_gets_model_and_format() -> None:
    async with deepgram() as vendor:
        tts = deepgram_aura.build(settings(vendor.url))
        await all_of(tts.speak(SPEECH))
        await tts.aclose()
    query = dict(vendor.calls[0].query)
    assert vendor.calls[0].headers["Authorization"] == "Token key"
    assert (query["model"], query["encoding"], query["sample_rate"]) == (
        "aura-2-thalia-en",
        "linear16",
        "24000",
    )
    assert query["container"] == "none"
