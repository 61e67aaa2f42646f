"""The output of a dialogue as messages of `/agents`."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.agent_client import _wire
from ai_agent.audio import INPUT_HZ, OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import TurnTimes
from ai_agent.jobs.dialogue_sink import JobSink
from server.protocol import agents as wire
from server.protocol.base import Inbound, long_text, short_text
from server.protocol.tutor import (
    FeedbackCategory,
    FeedbackItem,
    FeedbackNonePart,
    TranscriptPart,
    TutorState,
    TutorTextPart,
)


@dataclass
class _Outbox:
    rooms_url: str = "http://n1:8080"
    is_open: bool = True
    sent: list[tuple[str, Inbound]] = field(default_factory=list)

    def send(self, event: str, message: Inbound) -> None:
        assert isinstance(message, wire.AGENT_EVENTS[event].payload)
        wire.AGENT_EVENTS[event].payload.model_validate(message.model_dump(mode="json", by_alias=True))
        self.sent.append((event, message))

    def deliver(self, event: str, message: Inbound) -> Awaitable[bool]:
        self.send(event, message)
        return _accepted()


def test_the_result_of_an_exercise_is_sent() -> None:
    sink, outbox, _ = _sink()
    sink.practised_mistake("ann", "m1", wire.ExerciseResult.RIGHT)
    ((event, message),) = outbox.sent
    assert event == "practised_mistake"
    assert isinstance(message, wire.PractisedMistake)
    assert (message.job_id, message.participant_id, message.mistake_id) == ("job1", "ann", "m1")


def test_a_room_reads_that_the_tutor_cannot_hear() -> None:
    sink, outbox, _ = _sink()
    sink.show_cannot_hear("I cannot hear you.")
    texts = [message for _, message in outbox.sent if isinstance(message, wire.ShowText)]
    assert len(texts) == len(outbox.sent) == 2
    assert texts[0].turn_id == texts[1].turn_id
    assert [(part.text, part.is_final, part.spoken) for part in texts] == [
        ("I cannot hear you.", False, None),
        ("", True, ""),
    ]


async def _accepted() -> bool:
    return True


@dataclass
class _AudioSink:
    recorded: list[str] = field(default_factory=list)
    rates: list[int] = field(default_factory=list)

    def put(self, server_url: str, message_id: str, audio: Pcm, rate: int, accepted: Awaitable[bool]) -> None:
        assert server_url == _Outbox.rooms_url
        accepted.close()  # type: ignore[attr-defined] # a coroutine that nobody awaits
        self.recorded.append(message_id)
        self.rates.append(rate)


def _sink() -> tuple[JobSink, _Outbox, _AudioSink]:
    outbox, audio = _Outbox(), _AudioSink()
    return JobSink("job1", outbox, audio, lambda: None), outbox, audio


def _message(role: str = "tutor", id_: str = "m1") -> wire.MessagePart:
    fields = {"id": id_, "turn_id": "t", "role": role, "participant_id": "ann", "text": "Hi"}
    return wire.MessagePart.model_validate(fields)


@given(st.text(st.characters(), max_size=9_000), st.floats(-1e9, 1e9), st.text(max_size=100))
def test_any_text_fits_the_wire(text: str, number: float, engine: str) -> None:
    sink, outbox, _ = _sink()
    sink.show_state(TutorState.IDLE)
    sink.show_transcript(
        TranscriptPart(participant_id="ann", turn_id="t1", text=long_text(text), is_final=True)
    )
    sink.show_text(TutorTextPart(turn_id="t1", text=long_text(text), is_final=True, spoken=long_text(text)))
    sink.show_feedback(
        "ann",
        FeedbackItem(
            id="c1",
            turn_id="t1",
            original_sentence=short_text(text),
            corrected_sentence=short_text(text),
            explanation=short_text(text),
            category=FeedbackCategory.OTHER,
        ),
        None,
    )
    sink.show_no_feedback("ann", FeedbackNonePart(turn_id=None, text=short_text(text)))
    sink.turn_timing("t1", TurnTimes(stt=engine, endpointing_ms=number))
    assert [event for event, _ in outbox.sent][:5] == [
        "show_state",
        "show_transcript",
        "show_text",
        "show_feedback",
        "show_no_feedback",
    ]


def test_a_lone_surrogate_is_replaced() -> None:
    assert long_text("a\ud800b") == "a?b"


def test_a_message_without_audio_records_nothing() -> None:
    sink, outbox, audio = _sink()
    sound = np.ones(960, np.int16)
    for id_, pcm in (("m1", None), ("m2", sound), ("m3", sound[:0])):
        sink.keep_message(_message(id_=id_), pcm)
    assert audio.recorded == ["m2"]
    assert [event for event, _ in outbox.sent] == ["keep_message"] * 3


FIELDS_OF_THE_VERSION_BEFORE = {
    "jobId", "id", "turnId", "role", "participantId", "text", "speechS", "wasCut", "confidence",
}  # fmt: skip


def test_a_server_of_the_version_before_stores_a_message_that_cites_documents() -> None:
    """It refuses fields that it does not know, so the passages follow in an event of their own."""
    sink, outbox, _ = _sink()
    passage = wire.PassageRef(document_id="d1", number=4)
    sink.keep_message(_message(), None)
    sink.cite_passages("m1", (passage,))
    (_, kept), (event, cited) = outbox.sent
    assert _wire(kept).keys() <= FIELDS_OF_THE_VERSION_BEFORE
    assert (event, cited) == (
        "cite_passages",
        wire.CitePassages(job_id="job1", message_id="m1", passages=[passage]),
    )


def test_each_voice_is_recorded_at_its_own_rate() -> None:
    sink, _, audio = _sink()
    sound = np.ones(960, np.int16)
    sink.keep_message(_message("tutor"), sound)
    sink.keep_message(_message("learner"), sound)
    assert audio.rates == [OUTPUT_HZ, INPUT_HZ]
