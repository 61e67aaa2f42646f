"""The cloud's ears, each through its SDK, on bad days."""

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
from ai_agent.providers.chain.fallback import Candidate, FallbackChain
from ai_agent.providers.chain.stt import FallbackStt
from ai_agent.providers.cloud import deepgram_api
from ai_agent.providers.cloud.deepgram_flux import DeepgramFlux
from ai_agent.providers.cloud.deepgram_v1 import DeepgramV1
from ai_agent.providers.cloud.openai_stt import OpenAiStt
from ai_agent.providers.ports import Stt, SttEvent, SttEventKind
from tests.fakes.vendors.deepgram import Connection, Deepgram, deepgram, results, turn_info
from tests.fakes.vendors.openai import OpenAi, openai
from tests.fakes.vendors.server import Bad
from tests.integration.ai_agent.providers.asking import SECOND, until

SECOND_BYTES = INPUT_HZ * 2
TENTH = SECOND[: INPUT_HZ // 10]
STATUSES = [(401, AuthRefused), (400, RequestRefused), (429, RateLimited), (500, EngineUnavailable)]
QUICK_S = 0.1


@dataclass(frozen=True, slots=True)
class Words:
    """One of Deepgram's two protocols. `asks`: the frame that wants the last words. `said`: the message that
    gives them, `kind` the event it becomes; of "I went" it covers `settled_s` of the audio. `idle`: a message
    that only says that it lives. `first`: the message at the first words, which becomes `first_kind`.
    """

    make: Callable[[Deepgram, float], Stt]
    asks: str
    said: Callable[[str], dict[str, Any]]
    kind: SttEventKind
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
    "v1": Words(
        v1,
        "Finalize",
        lambda text: results(text, from_finalize=True),
        "final",
        0.5,
        results(""),
        results("I", is_final=False),
        "partial",
    ),
    "flux": Words(
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
    """An ear and the server at its other end."""

    words: Words
    vendor: Deepgram

    def ear(self, *plays: Callable[[Connection], Awaitable[None]], flush_s: float = 5.0) -> Stt:
        self.vendor.plays = list(plays)
        return self.words.make(self.vendor, flush_s)


@pytest.fixture(params=SOCKETS)
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    async with deepgram() as vendor:
        yield Line(SOCKETS[request.param], vendor)


async def ask(stt: Stt, *, after: SttEventKind | None = None) -> list[SttEvent]:
    """A second of sound, and then its last words; `after` an event that comes unasked."""
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
async def test_a_refused_handshake_is_told_as_ours(
    line: Line, status: int, error: type[ProviderError]
) -> None:
    line.vendor.bad = [Bad(status=status, headers={"Retry-After": "7"})]
    with pytest.raises(error) as raised:
        await line.ear().open("en")
    if error is RateLimited:
        assert raised.value.retry_after_s == 7


async def cut(on: Connection) -> None:
    await on.hear(SECOND_BYTES)
    on.cut()


async def garbage(on: Connection) -> None:
    await on.socket.send_str("{not json")


async def odd(on: Connection) -> None:
    await on.tell({"type": "Results", "channel": 7, "is_final": "x"})
    await on.tell({"type": "TurnInfo", "event": "EndOfTurn"})
    on.cut()


async def closed(on: Connection) -> None:
    await on.socket.close(code=1011, message=b"NET-0001")


async def told(on: Connection) -> None:
    await on.tell({"type": "Error", "variant": "x", "description": "d", "code": "INTERNAL", "sequence_id": 1})


@pytest.mark.parametrize("play", [cut, garbage, odd, closed, told])
async def test_a_line_that_breaks_is_an_error_of_ours(
    line: Line, play: Callable[[Connection], Awaitable[None]]
) -> None:
    with pytest.raises((EngineUnavailable, InvalidResponse)):
        await ask(line.ear(play))


async def test_messages_that_are_unknown_or_not_for_us_are_passed_over(line: Line) -> None:
    async def play(on: Connection) -> None:
        await on.tell({"type": "SomethingNew", "value": [1, 2]})
        await on.tell({"no": "type"})
        await on.tell({"type": "SpeechStarted", "channel": [0, 1], "timestamp": 0.5})
        await on.tell({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": 2.1})
        await on.tell(line.words.idle)
        await on.wait_for(line.words.asks)
        await on.tell(line.words.said("Hello."))

    assert [event.text for event in await ask(line.ear(play)) if event.text] == ["Hello."]


async def test_a_flush_after_which_nothing_was_said_is_answered_all_the_same(line: Line) -> None:
    async def play(on: Connection) -> None:
        await on.wait_for(line.words.asks)
        await on.tell(line.words.idle)

    assert [event.kind for event in await ask(line.ear(play, flush_s=QUICK_S))] == ["flushed"]


async def test_a_line_that_says_nothing_more_is_a_timeout(line: Line) -> None:
    async def play(on: Connection) -> None:
        await on.tell(line.words.first)

    with pytest.raises(EngineTimeout):
        await ask(line.ear(play, flush_s=QUICK_S), after=line.words.first_kind)


async def test_a_message_that_drips_is_understood(line: Line) -> None:
    async def play(on: Connection) -> None:
        await on.wait_for(line.words.asks)
        await on.drip(line.words.said("Hello."))

    assert [event.text for event in await ask(line.ear(play)) if event.text] == ["Hello."]


async def test_a_message_that_drips_too_slowly_is_a_timeout(line: Line) -> None:
    async def play(on: Connection) -> None:
        await on.tell(line.words.first)
        await on.wait_for(line.words.asks)
        await on.drip(line.words.said("Hello."), pause_s=QUICK_S / 4)

    with pytest.raises(EngineTimeout):
        await ask(line.ear(play, flush_s=QUICK_S), after=line.words.first_kind)


async def test_a_dropped_line_is_opened_again_and_hears_the_gap_again(line: Line) -> None:
    words = line.words

    async def drops(on: Connection) -> None:
        await on.hear(SECOND_BYTES)
        await on.tell(words.said("I went"))
        await on.hear(2 * SECOND_BYTES)
        on.cut()

    async def goes_on(on: Connection) -> None:
        await on.wait_for(words.asks)
        await on.tell(words.said("home."))

    members: FallbackChain[Stt] = FallbackChain([Candidate(line.ear(drops, goes_on))], lambda: None)
    stream = await FallbackStt(members).open("en")
    for _ in range(10):
        stream.push(TENTH)
    events = await until(stream, words.kind)
    for _ in range(10):
        stream.push(TENTH)
    stream.flush()
    events += await until(stream, "flushed")
    await stream.aclose()
    assert [event.text for event in events if event.kind == words.kind] == ["I went", "home."]
    assert line.vendor.connections[1].heard == round((2 - words.settled_s) * SECOND_BYTES)
    first, second = (event.words[0].start_s for event in events if event.words)
    assert second == pytest.approx(words.settled_s + first), "times go on from the stream's first sample"


@pytest.fixture
async def server() -> AsyncIterator[OpenAi]:
    async with openai() as vendor:
        yield vendor


async def transcribed(server: OpenAi, bad: Bad, response_s: float = 5.0) -> list[SttEvent]:
    server.bad = [bad]
    stt = OpenAiStt("key", "m", server.url, response_s=response_s)
    try:
        return await ask(stt)
    finally:
        await stt.aclose()


@pytest.mark.parametrize(("status", "error"), STATUSES)
async def test_a_refused_transcription_is_told_as_ours(
    server: OpenAi, status: int, error: type[ProviderError]
) -> None:
    with pytest.raises(error) as raised:
        await transcribed(server, Bad(status=status, headers={"Retry-After": "7"}))
    assert len(server.calls) == 1, "the SDK's own retries are off: the chain has the budget"
    if error is RateLimited:
        assert raised.value.retry_after_s == 7


@pytest.mark.parametrize(
    "bad",
    [
        Bad(pieces=0, then="cut"),
        Bad(insert=b"garbage"),
        Bad(insert=b'{"text": 7}', pieces=0),
        Bad(insert=b"<html>", pieces=1, content_type="text/html"),
    ],
)
async def test_a_transcription_that_breaks_is_an_error_of_ours(server: OpenAi, bad: Bad) -> None:
    with pytest.raises((EngineUnavailable, InvalidResponse)):
        await transcribed(server, bad)


async def test_a_transcription_that_drips_is_whole(server: OpenAi) -> None:
    events = await transcribed(server, Bad(drip=True))
    assert events[0].text == server.transcript


@pytest.mark.parametrize("bad", [Bad(pieces=0, then="silence"), Bad(drip=True, pause_s=0.05)])
async def test_a_transcription_that_is_late_is_a_timeout(server: OpenAi, bad: Bad) -> None:
    with pytest.raises(EngineTimeout):
        await transcribed(server, bad, response_s=0.2)
