"""The cloud STT engines through their SDKs, with faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from ai_agent.audio import INPUT_HZ
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
from ai_agent.providers.chain.stt import FallbackStt
from ai_agent.providers.cloud import deepgram_api
from ai_agent.providers.cloud.deepgram_flux import DeepgramFlux
from ai_agent.providers.cloud.deepgram_v1 import DeepgramV1
from ai_agent.providers.cloud.openai_stt import OpenAiStt
from ai_agent.providers.ports import Stt, SttEvent, SttEventKind
from tests.fakes.vendors.deepgram import Deepgram, DeepgramConnection, deepgram, results, turn_info
from tests.fakes.vendors.openai import OpenAi, openai
from tests.fakes.vendors.server import Fault
from tests.integration.ai_agent.providers.asking import SECOND, until

SECOND_BYTES = INPUT_HZ * 2
TENTH = SECOND[: INPUT_HZ // 10]
STATUSES = [(401, AuthRefused), (400, RequestRefused), (429, RateLimited), (500, EngineUnavailable)]
QUICK_S = 0.1


@dataclass(frozen=True, slots=True)
class SocketProtocol:
    """One of Deepgram's two protocols. `flush`: the kind of frame that requests finals. `final`: the message
    with them, which becomes an event of `final_kind` and for "I went" covers `settled_s` of the audio.
    `idle`: a message without words. `first`: the message at the first words, which becomes `first_kind`.
    """

    make: Callable[[Deepgram, float], Stt]
    flush: str
    final: Callable[[str], dict[str, Any]]
    final_kind: SttEventKind
    settled_s: float
    idle: dict[str, Any]
    first: dict[str, Any]
    first_kind: SttEventKind


def v1(vendor: Deepgram, flush_s: float) -> Stt:
    return DeepgramV1(deepgram_api.client(settings(vendor)), "nova-3", flush_s=flush_s)


def flux(vendor: Deepgram, flush_s: float) -> Stt:
    return DeepgramFlux(deepgram_api.client(settings(vendor)), flush_s=flush_s)


def settings(vendor: Deepgram) -> Settings:
    return Settings.model_validate({"DEEPGRAM_API_KEY": "key", "deepgram_url": vendor.url})


SOCKETS = {
    "v1": SocketProtocol(
        v1,
        "Finalize",
        lambda text: results(text, from_finalize=True),
        "final",
        0.5,
        results(""),
        results("I", is_final=False),
        "partial",
    ),
    "flux": SocketProtocol(
        flux,
        "ForceEndTurn",
        lambda text: turn_info("EndOfTurn", text),
        "end_of_turn",
        0.3,
        {"type": "Connected", "request_id": "r", "sequence_id": 0},
        turn_info("StartOfTurn", "I"),
        "start_of_turn",
    ),
}


@dataclass(slots=True)
class Line:
    """An STT engine and its server."""

    protocol: SocketProtocol
    vendor: Deepgram

    def stt(self, *plays: Callable[[DeepgramConnection], Awaitable[None]], flush_s: float = 5.0) -> Stt:
        self.vendor.plays = list(plays)
        return self.protocol.make(self.vendor, flush_s)


@pytest.fixture(params=SOCKETS)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with deepgram() as vendor:
        yield Line(SOCKETS[request.param], vendor)


async def ask(stt: Stt, *, after: SttEventKind | None = None) -> list[SttEvent]:
    """Push a second of audio and flush; first wait for the event `after`."""
    stream = await stt.open("en")
    try:
        if after is not None:
            await until(stream, after)
        stream.push(SECOND)
        stream.flush()
        return await until(stream, "flushed")
    finally:
        await stream.aclose()


@pytest.mark.parametrize(("status", "error"), STATUSES)
async def test_a_refused_handshake_becomes_a_provider_error(
    line: Line, status: int, error: type[ProviderError]
) -> None:
    line.vendor.faults = [Fault(status=status, headers={"Retry-After": "7"})]
    with pytest.raises(error) as raised:
        await line.stt().open("en")
    if error is RateLimited:
        assert raised.value.retry_after_s == 7


async def cut(on: DeepgramConnection) -> None:
    await on.receive_audio(SECOND_BYTES)
    on.cut()


async def not_json(on: DeepgramConnection) -> None:
    await on.socket.send_str("{not json")


async def odd(on: DeepgramConnection) -> None:
    await on.send({"type": "Results", "channel": 7, "is_final": "x"})
    await on.send({"type": "TurnInfo", "event": "EndOfTurn"})
    on.cut()


async def closed(on: DeepgramConnection) -> None:
    await on.socket.close(code=1011, message=b"NET-0001")


async def error_message(on: DeepgramConnection) -> None:
    await on.send({"type": "Error", "variant": "x", "description": "d", "code": "INTERNAL", "sequence_id": 1})


@pytest.mark.parametrize("play", [cut, not_json, odd, closed, error_message])
async def test_a_broken_connection_becomes_a_provider_error(
    line: Line, play: Callable[[DeepgramConnection], Awaitable[None]]
) -> None:
    with pytest.raises((EngineUnavailable, InvalidResponse)):
        await ask(line.stt(play))


async def test_unknown_and_unused_messages_are_ignored(line: Line) -> None:
    async def play(on: DeepgramConnection) -> None:
        await on.send({"type": "SomethingNew", "value": [1, 2]})
        await on.send({"no": "type"})
        await on.send({"type": "SpeechStarted", "channel": [0, 1], "timestamp": 0.5})
        await on.send({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 2.1})
        await on.send(line.protocol.idle)
        await on.wait_for(line.protocol.flush)
        await on.send(line.protocol.final("Hello."))

    assert [event.text for event in await ask(line.stt(play)) if event.text] == ["Hello."]


async def test_a_flush_without_words_is_answered(line: Line) -> None:
    async def play(on: DeepgramConnection) -> None:
        await on.wait_for(line.protocol.flush)
        await on.send(line.protocol.idle)

    assert [event.kind for event in await ask(line.stt(play, flush_s=QUICK_S))] == ["flushed"]


async def test_a_connection_without_further_messages_times_out(line: Line) -> None:
    async def play(on: DeepgramConnection) -> None:
        await on.send(line.protocol.first)

    with pytest.raises(EngineTimeout):
        await ask(line.stt(play, flush_s=QUICK_S), after=line.protocol.first_kind)


async def test_a_message_received_byte_by_byte_is_decoded(line: Line) -> None:
    async def play(on: DeepgramConnection) -> None:
        await on.wait_for(line.protocol.flush)
        await on.send_byte_by_byte(line.protocol.final("Hello."))

    assert [event.text for event in await ask(line.stt(play)) if event.text] == ["Hello."]


async def test_a_message_received_too_slowly_times_out(line: Line) -> None:
    async def play(on: DeepgramConnection) -> None:
        await on.send(line.protocol.first)
        await on.wait_for(line.protocol.flush)
        await on.send_byte_by_byte(line.protocol.final("Hello."), pause_s=QUICK_S / 4)

    with pytest.raises(EngineTimeout):
        await ask(line.stt(play, flush_s=QUICK_S), after=line.protocol.first_kind)


async def test_a_dropped_connection_is_opened_again_and_gets_the_unsettled_audio(line: Line) -> None:
    protocol = line.protocol

    async def drops(on: DeepgramConnection) -> None:
        await on.receive_audio(SECOND_BYTES)
        await on.send(protocol.final("I went"))
        await on.receive_audio(2 * SECOND_BYTES)
        on.cut()

    async def goes_on(on: DeepgramConnection) -> None:
        await on.wait_for(protocol.flush)
        await on.send(protocol.final("home."))

    chain: FallbackChain[Stt] = FallbackChain([EngineCandidate(line.stt(drops, goes_on))], lambda: None)
    stream = await FallbackStt(chain).open("en")
    for _ in range(10):
        stream.push(TENTH)
    events = await until(stream, protocol.final_kind)
    for _ in range(10):
        stream.push(TENTH)
    stream.flush()
    events += await until(stream, "flushed")
    await stream.aclose()
    assert [event.text for event in events if event.kind == protocol.final_kind] == ["I went", "home."]
    assert line.vendor.connections[1].audio_bytes == round((2 - protocol.settled_s) * SECOND_BYTES)
    first, second = (event.words[0].start_s for event in events if event.words)
    assert second == pytest.approx(protocol.settled_s + first), (
        "word times count from the first sample of the stream"
    )


@pytest.fixture
async def server() -> AsyncIterator[OpenAi]:
    async with openai() as vendor:
        yield vendor


async def transcribed(server: OpenAi, fault: Fault, response_s: float = 5.0) -> list[SttEvent]:
    server.faults = [fault]
    stt = OpenAiStt("key", "m", server.url, response_s=response_s)
    try:
        return await ask(stt)
    finally:
        await stt.aclose()


@pytest.mark.parametrize(("status", "error"), STATUSES)
async def test_a_refused_transcription_becomes_a_provider_error(
    server: OpenAi, status: int, error: type[ProviderError]
) -> None:
    with pytest.raises(error) as raised:
        await transcribed(server, Fault(status=status, headers={"Retry-After": "7"}))
    assert len(server.calls) == 1, "the SDK's own retries are off: the chain retries"
    if error is RateLimited:
        assert raised.value.retry_after_s == 7


@pytest.mark.parametrize(
    "fault",
    [
        Fault(pieces=0, then="cut"),
        Fault(insert=b"garbage"),
        Fault(insert=b'{"text": 7}', pieces=0),
        Fault(insert=b"<html>", pieces=1, content_type="text/html"),
    ],
)
async def test_a_broken_transcription_becomes_a_provider_error(server: OpenAi, fault: Fault) -> None:
    with pytest.raises((EngineUnavailable, InvalidResponse)):
        await transcribed(server, fault)


async def test_a_transcription_received_byte_by_byte_is_complete(server: OpenAi) -> None:
    events = await transcribed(server, Fault(byte_by_byte=True))
    assert events[0].text == server.transcript


@pytest.mark.parametrize("fault", [Fault(pieces=0, then="silence"), Fault(byte_by_byte=True, pause_s=0.05)])
async def test_a_late_transcription_times_out(server: OpenAi, fault: Fault) -> None:
    with pytest.raises(EngineTimeout):
        await transcribed(server, fault, response_s=0.2)
