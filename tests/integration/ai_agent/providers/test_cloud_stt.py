"""The cloud STT engines through their SDKs."""

from __future__ import annotations

import asyncio
import io
import math
import wave
from collections.abc import AsyncIterator
from dataclasses import asdict

import pytest

from ai_agent.audio import INPUT_HZ
from ai_agent.config import Settings
from ai_agent.errors import EngineTimeout
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.stt import FallbackStt
from ai_agent.providers.cloud import deepgram_api, openai_stt
from ai_agent.providers.cloud.deepgram_flux import THRESHOLDS, DeepgramFlux
from ai_agent.providers.cloud.deepgram_v1 import DeepgramV1
from ai_agent.providers.ports import Stt
from ai_agent.turns.endpointing import DELAY_S
from tests.fakes.vendors.deepgram import Deepgram, DeepgramConnection, deepgram, results, turn_info
from tests.fakes.vendors.openai import openai
from tests.integration.ai_agent.providers.asking import SECOND, until

SECOND_BYTES = INPUT_HZ * 2


@pytest.fixture
async def vendor() -> AsyncIterator[Deepgram]:
    async with deepgram() as server:
        yield server


def v1(vendor: Deepgram, *, keep_alive_s: float = 60.0, flush_s: float = 5.0) -> DeepgramV1:
    settings = Settings.model_validate({"DEEPGRAM_API_KEY": "key", "deepgram_url": vendor.url})
    return DeepgramV1(deepgram_api.client(settings), "nova-3", keep_alive_s=keep_alive_s, flush_s=flush_s)


def flux(vendor: Deepgram, *, flush_s: float = 5.0) -> DeepgramFlux:
    settings = Settings.model_validate({"DEEPGRAM_API_KEY": "key", "deepgram_url": vendor.url})
    return DeepgramFlux(deepgram_api.client(settings), flush_s=flush_s)


async def test_v1_emits_partials_and_finals_and_answers_a_flush(vendor: Deepgram) -> None:
    async def play(connection: DeepgramConnection) -> None:
        await connection.receive_audio(SECOND_BYTES)
        await connection.send(results("I went", is_final=False))
        await connection.wait_for("Finalize")
        await connection.send(results("I went home.", from_finalize=True))

    vendor.plays = [play]
    stream = await v1(vendor).open("en-US", hints=("Emma", "Huế"))
    stream.push(SECOND)
    stream.flush()
    events = await until(stream, "flushed")
    await stream.aclose()
    assert [(event.kind, event.text) for event in events] == [
        ("partial", "I went"),
        ("final", "I went home."),
        ("flushed", ""),
    ]
    assert [word.text for word in events[1].words] == ["I", "went", "home."]
    query = vendor.calls[0].query
    assert ("interim_results", "true") in query
    assert ("sample_rate", "16000") in query
    assert ("language", "en-US") in query
    assert [value for name, value in query if name == "keyterm"] == ["Emma", "Huế"]
    assert vendor.calls[0].headers["Authorization"] == "Token key"


async def test_v1_sends_keep_alive_while_there_is_no_audio(vendor: Deepgram) -> None:
    alive = asyncio.Event()

    async def play(connection: DeepgramConnection) -> None:
        await connection.wait_for("KeepAlive")
        await connection.wait_for("KeepAlive")
        alive.set()

    vendor.plays = [play]
    stream = await v1(vendor, keep_alive_s=0.02).open("en")
    async with asyncio.timeout(5):
        await alive.wait()
    await stream.aclose()


async def test_flux_emits_turn_events(vendor: Deepgram) -> None:
    async def play(connection: DeepgramConnection) -> None:
        await connection.send({"type": "Connected", "request_id": "r", "sequence_id": 0})
        await connection.receive_audio(SECOND_BYTES)
        for event, text in (
            ("StartOfTurn", "I"),
            ("Update", "I went"),
            ("SomethingNew", "I went"),
            ("EagerEndOfTurn", "I went home"),
            ("TurnResumed", "I went home"),
            ("EndOfTurn", "I went home yesterday"),
        ):
            await connection.send(turn_info(event, text))

    vendor.plays = [play]
    stream = await flux(vendor).open("en", hints=("Emma",))
    stream.push(SECOND)
    events = await until(stream, "end_of_turn")
    await stream.aclose()
    assert [event.kind for event in events] == [
        "start_of_turn",
        "partial",
        "eager_end_of_turn",
        "turn_resumed",
        "end_of_turn",
    ]
    assert events[-1].text == "I went home yesterday"
    assert events[-1].confidence == pytest.approx(0.9), "of the words, not of the end of the turn"
    query = dict(vendor.calls[0].query)
    assert query["model"] == "flux-general-en"
    assert (query["eot_threshold"], query["eager_eot_threshold"]) == ("0.7", "0.4")


async def test_a_flush_ends_flux_s_turn(vendor: Deepgram) -> None:
    async def play(connection: DeepgramConnection) -> None:
        await connection.wait_for("ForceEndTurn")
        await connection.send(turn_info("EndOfTurn", "Yes"))

    vendor.plays = [play]
    stream = await flux(vendor).open("es")
    stream.push(SECOND)
    stream.flush()
    assert [event.kind for event in await until(stream, "flushed")] == ["end_of_turn", "flushed"]
    await stream.aclose()
    query = dict(vendor.calls[0].query)
    assert (query["model"], query["language_hint"]) == ("flux-general-multi", "es")


async def test_flux_waits_longer_for_beginners_and_follows_a_change_of_level(vendor: Deepgram) -> None:
    async def play(connection: DeepgramConnection) -> None:
        await connection.receive_audio(SECOND_BYTES)
        await connection.send(turn_info("EndOfTurn", "I went"))
        await connection.receive_audio(3 * SECOND_BYTES)
        await connection.send({"type": "ConfigureFailure", "request_id": "r", "sequence_id": 9, "code": "NO"})
        await connection.send(turn_info("EndOfTurn", "home", 1))

    vendor.plays = [play]
    stream = await flux(vendor).open("en")
    stream.set_level("A1")
    stream.push(SECOND)
    await until(stream, "end_of_turn")
    stream.set_level("C2")
    stream.push(SECOND)
    stream.push(SECOND)
    await until(stream, "end_of_turn")
    await stream.aclose()
    first, second = vendor.connections[0].configured
    assert first["eot_threshold"] > second["eot_threshold"]
    assert first["eot_timeout_ms"] > second["eot_timeout_ms"]


def test_flux_s_thresholds_lie_in_its_ranges_and_fall_with_the_level() -> None:
    by_level = [THRESHOLDS[level] for level in DELAY_S]
    assert all(0.5 <= p.eot_threshold <= 0.9 and 500 <= p.eot_timeout_ms <= 10_000 for p in by_level)
    assert by_level == sorted(set(by_level), key=lambda p: (-p.eot_threshold, -p.eot_timeout_ms))


async def test_a_chain_passes_the_level_to_each_stream_it_opens(vendor: Deepgram) -> None:
    async def cut(connection: DeepgramConnection) -> None:
        await connection.receive_audio(SECOND_BYTES)
        connection.cut()

    async def ends(connection: DeepgramConnection) -> None:
        await connection.receive_audio(SECOND_BYTES)
        await connection.send(turn_info("EndOfTurn", "Yes"))

    vendor.plays = [cut, ends]
    stream = await FallbackStt(FallbackChain([EngineCandidate[Stt](flux(vendor))], lambda: None)).open("en")
    stream.set_level("A1")
    stream.push(SECOND)
    await until(stream, "end_of_turn")
    await stream.aclose()
    assert [connection.configured for connection in vendor.connections] == [[asdict(THRESHOLDS["A1"])]] * 2


async def test_flux_need_not_answer_a_flush_between_turns(vendor: Deepgram) -> None:
    stream = await flux(vendor, flush_s=0.02).open("en")
    stream.push(SECOND)
    stream.flush()
    assert [event.kind for event in await until(stream, "flushed")] == ["flushed"]
    await stream.aclose()


async def test_flux_times_out_if_it_does_not_end_a_turn(vendor: Deepgram) -> None:
    async def play(connection: DeepgramConnection) -> None:
        await connection.send(turn_info("StartOfTurn", "I"))

    vendor.plays = [play]
    stream = await flux(vendor, flush_s=0.02).open("en")
    await until(stream, "start_of_turn")
    stream.push(SECOND)
    stream.flush()
    with pytest.raises(EngineTimeout):
        await until(stream, "flushed")
    await stream.aclose()


async def test_openai_transcribes_an_utterance_at_its_flush() -> None:
    async with openai() as server:
        stt = openai_stt.OpenAiStt("key", "m", server.url)
        stream = await stt.open("vi-VN", hints=("Emma", "Huế"))
        stream.push(SECOND)
        stream.flush()
        events = await until(stream, "flushed")
        await stream.aclose()
        await stt.aclose()
    assert [(event.kind, event.text) for event in events] == [("final", "I went home."), ("flushed", "")]
    fields = server.forms[0]
    assert (fields["language"], fields["model"], fields["prompt"]) == ("vi", "m", "Emma, Huế")
    with wave.open(io.BytesIO(server.sounds[0])) as audio:
        assert (audio.getframerate(), audio.getnframes()) == (INPUT_HZ, len(SECOND))


@pytest.mark.parametrize(
    ("model", "asked", "confidence"), [("gpt-4o-transcribe", "logprobs", 0.75), ("whisper-1", None, None)]
)
async def test_openais_confidence_is_the_mean_probability_where_the_model_gives_it(
    model: str, asked: str | None, confidence: float | None
) -> None:
    async with openai() as server:
        server.logprobs = [math.log(0.5), math.log(1.0)]
        stt = openai_stt.OpenAiStt("key", model, server.url)
        stream = await stt.open("en")
        stream.push(SECOND)
        stream.flush()
        final = (await until(stream, "flushed"))[0]
        await stream.aclose()
        await stt.aclose()
    assert server.forms[0].get("include[]") == asked
    assert final.confidence == (None if confidence is None else pytest.approx(confidence))


async def test_openai_is_not_called_without_audio() -> None:
    async with openai() as server:
        stt = openai_stt.OpenAiStt("key", "m", server.url)
        stream = await stt.open("en")
        stream.flush()
        assert [event.kind for event in await until(stream, "flushed")] == ["flushed"]
        await stream.aclose()
        await stt.aclose()
    assert not server.calls
