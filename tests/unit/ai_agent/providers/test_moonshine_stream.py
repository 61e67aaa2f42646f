"""One speaker's stream of Moonshine: partials, cuts, words that are only noise. The decoder is scripted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.local.decode_queue import Decoded
from ai_agent.providers.local.moonshine_stream import (
    CUT_AT,
    CUT_FROM,
    FIRST_PARTIAL,
    PARTIAL_EVERY,
    MoonshineStream,
    cut_point,
)
from ai_agent.providers.ports import SttEvent
from tests.fakes.virtual_time import on_virtual_time

FRAME = 320


class ScriptedQueue:
    """Each request is answered with the next result of `finals` or `partials`, the last one again and again.
    Without `partials` there is no time for them.
    """

    def __init__(self, finals: Sequence[Decoded] = (), partials: Sequence[Decoded] = ()) -> None:
        self._finals, self._partials = list(finals), list(partials)
        self.final_samples: list[int] = []
        self.partial_samples: list[int] = []
        self.drafts: list[tuple[int, ...]] = []
        self.error: EngineUnavailable | None = None

    async def final(self, pcm: Pcm) -> Decoded:
        if self.error is not None:
            raise self.error
        self.final_samples.append(len(pcm))
        return self._finals.pop(0) if len(self._finals) > 1 else self._finals[0]

    def partial(self, pcm: Pcm, draft: Sequence[int]) -> asyncio.Future[Decoded] | None:
        if not self._partials:
            return None
        self.partial_samples.append(len(pcm))
        self.drafts.append(tuple(draft))
        result: asyncio.Future[Decoded] = asyncio.get_running_loop().create_future()
        result.set_result(self._partials.pop(0) if len(self._partials) > 1 else self._partials[0])
        return result


def heard(text: str, probability: float = 0.9, tokens: Sequence[int] = (7, 8)) -> Decoded:
    return Decoded(tuple(tokens), tuple((word, probability) for word in text.split()), probability)


def loud(seconds: float) -> Pcm:
    return np.random.default_rng(1).normal(0, 3_000, int(seconds * INPUT_HZ)).astype(np.int16)


def quiet(seconds: float) -> Pcm:
    return np.random.default_rng(2).normal(0, 20, int(seconds * INPUT_HZ)).astype(np.int16)


def events_of(queue: ScriptedQueue, *audio: Pcm) -> list[SttEvent]:
    """Events up to the answer of a flush after the audio, which arrives in frames of 20 ms."""

    async def run() -> list[SttEvent]:
        stream = MoonshineStream("engine", queue, lambda _: None)
        pcm = np.concatenate(audio)
        for start in range(0, len(pcm), FRAME):
            stream.push(pcm[start : start + FRAME])
            await asyncio.sleep(0.02)
        stream.flush()
        events: list[SttEvent] = []
        try:
            while not events or events[-1].kind != "flushed":
                events.append(await anext(stream))
        finally:
            await stream.aclose()
        return events

    return on_virtual_time(run())


def test_an_utterance_has_partials_twice_a_second_and_one_final() -> None:
    queue = ScriptedQueue(
        [heard("I like tea.")], [heard("I", 0.95), heard("I like"), heard("I like"), heard("I like tea")]
    )
    events = events_of(queue, loud(3.0))
    assert [(event.kind, event.text) for event in events] == [
        ("partial", "I"), ("partial", "I like"), ("partial", "I like tea"), ("final", "I like tea."),
        ("flushed", ""),
    ]  # fmt: skip
    steps = np.diff([FIRST_PARTIAL, *queue.partial_samples])
    assert queue.partial_samples[0] == FIRST_PARTIAL
    assert all(PARTIAL_EVERY <= step <= PARTIAL_EVERY + FRAME for step in steps[1:])
    assert queue.final_samples == [3 * INPUT_HZ]


def test_the_tokens_of_a_partial_are_the_draft_of_the_next() -> None:
    queue = ScriptedQueue([heard("I like tea.")], [heard("I", tokens=(1, 2)), heard("I like")])
    events_of(queue, loud(1.5))
    assert queue.drafts == [(), (1, 2)]


def test_words_have_the_probability_of_the_model_and_times_within_the_utterance() -> None:
    words = (("Good", 0.9), ("morning.", 0.4))
    queue = ScriptedQueue([Decoded((1,), words, 0.6)])
    final = next(e for e in events_of(queue, quiet(0.5), loud(1.5)) if e.kind == "final")
    assert final.confidence == 0.6
    assert [(word.text, word.confidence) for word in final.words] == list(words)
    first, second = final.words
    assert first.start_s == pytest.approx(0.5)
    assert first.end_s == second.start_s
    assert second.end_s == pytest.approx(2.0)


def test_a_second_utterance_begins_with_its_own_times() -> None:
    async def run() -> list[SttEvent]:
        queue = ScriptedQueue([heard("One two.")], [heard("One")])
        stream = MoonshineStream("engine", queue, lambda _: None)
        for _ in range(2):
            stream.push(loud(1.0))
            stream.flush()
        events: list[SttEvent] = []
        while [event.kind for event in events].count("flushed") < 2:
            events.append(await anext(stream))
        await stream.aclose()
        assert queue.final_samples == [INPUT_HZ, INPUT_HZ]
        return [event for event in events if event.kind == "final"]

    first, second = on_virtual_time(run())
    assert first.words[-1].end_s == pytest.approx(1.0)
    assert (second.words[0].start_s, second.words[-1].end_s) == pytest.approx((1.0, 2.0))


@pytest.mark.parametrize(
    ("noise", "is_heard"),
    [
        (heard("You", 0.3), False),
        (heard("So", 0.73), False),
        (heard("Thank.", 0.4), False),
        (heard("Yes.", 0.7), True),
        (heard("You.", 0.9), True),
        (heard("You know", 0.3), True),
        (Decoded((), (), 0.0), False),
    ],
)
def test_a_doubtful_single_word_is_noise(noise: Decoded, is_heard: bool) -> None:
    events = events_of(ScriptedQueue([noise], [noise]), loud(1.0))
    assert ("final" in {event.kind for event in events}) is is_heard
    assert ("partial" in {event.kind for event in events}) is is_heard
    assert events[-1].kind == "flushed"


def test_silence_is_not_decoded() -> None:
    queue = ScriptedQueue([heard("You")])
    assert [event.kind for event in events_of(queue, np.zeros(INPUT_HZ, np.int16))] == ["flushed"]
    assert [event.kind for event in events_of(queue, np.zeros(0, np.int16))] == ["flushed"]
    assert queue.final_samples == []


def test_long_speech_is_cut_at_its_first_pause_after_some_seconds() -> None:
    queue = ScriptedQueue([heard("First part."), heard("Second part.")])
    seconds = CUT_FROM / INPUT_HZ + 1.0
    events = events_of(queue, loud(4.0), quiet(0.5), loud(seconds - 4.5), quiet(0.4), loud(2.0))
    assert [event.text for event in events if event.kind == "final"] == ["First part.", "Second part."]
    first, second = queue.final_samples
    assert first / INPUT_HZ == pytest.approx(seconds + 0.1, abs=0.15)
    assert first + second == int((seconds + 2.4) * INPUT_HZ)
    ends = [event.words[-1].end_s for event in events if event.kind == "final"]
    assert ends == pytest.approx([first / INPUT_HZ, (first + second) / INPUT_HZ])


def test_speech_without_a_pause_is_cut_where_it_is_least_loud() -> None:
    speech = loud(CUT_AT / INPUT_HZ)
    dip = int(17.35 * INPUT_HZ)
    speech[dip - 900 : dip + 900] //= 2
    assert cut_point(speech[:-FRAME]) is None
    assert cut_point(speech) == pytest.approx(dip, abs=800)


def test_the_stream_ends_with_the_error_of_the_queue() -> None:
    queue = ScriptedQueue()
    queue.error = EngineUnavailable("engine", "its process ended")
    with pytest.raises(EngineUnavailable, match="its process ended"):
        events_of(queue, loud(0.5))
