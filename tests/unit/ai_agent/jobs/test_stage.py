from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.audio import INPUT_HZ, OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import Correction, State, TurnTimes
from ai_agent.jobs.stage import JobStage
from server.protocol import agents as wire
from server.protocol.base import Inbound
from server.protocol.tutor import TutorState


@dataclass
class _Line:
    said: list[tuple[str, Inbound]] = field(default_factory=list)

    def say(self, event: str, message: Inbound) -> None:
        assert isinstance(message, wire.AGENT_EVENTS[event].payload)
        wire.AGENT_EVENTS[event].payload.model_validate(message.model_dump(mode="json", by_alias=True))
        self.said.append((event, message))


@dataclass
class _Keeper:
    kept: list[str] = field(default_factory=list)
    rates: list[int] = field(default_factory=list)

    def put(self, message_id: str, audio: Pcm, rate: int) -> None:
        self.kept.append(message_id)
        self.rates.append(rate)


def _stage(changed: Callable[[], None] = lambda: None) -> tuple[JobStage, _Line, _Keeper]:
    line, keeper = _Line(), _Keeper()
    return JobStage("job1", line, keeper, changed), line, keeper


def test_every_state_of_the_dialogue_has_its_name_on_the_wire() -> None:
    stage, line, _ = _stage()
    for state in State:
        stage.show_state(state)
    assert [m.state for _, m in line.said if isinstance(m, wire.ShowState)] == list(TutorState)


@given(st.text(max_size=9_000), st.text(max_size=100), st.floats(-1e9, 1e9))
def test_whatever_is_shown_never_raises_and_fits_the_wire(text: str, name: str, number: float) -> None:
    stage, line, _ = _stage()
    stage.show_transcript("ann", "t1", text, is_final=True)
    stage.show_transcript(name, name, text, is_final=False)
    stage.show_text("t1", text, is_final=True, spoken=text, message_id=name)
    stage.show_feedback("ann", "t1", Correction("c1", text, text, text, name), None)
    stage.show_no_feedback("ann", None, text, "right")
    stage.turn_timing("t1", TurnTimes(stt=name, endpointing_ms=number))
    stage.keep_message("m1", "t1", "learner", "ann", text, speech_s=number, audio=None)
    assert line.said[0][0] == "show_transcript"


def test_sound_is_kept_only_where_there_is_some() -> None:
    stage, _, keeper = _stage()
    sound = np.ones(960, np.int16)
    for message_id, audio in (("m1", None), ("m2", sound), ("m3", sound[:0])):
        stage.keep_message(message_id, "t", "tutor", None, "Hi", speech_s=1.0, audio=audio)
    assert keeper.kept == ["m2"]


def test_each_voice_is_kept_at_its_own_rate() -> None:
    stage, _, keeper = _stage()
    sound = np.ones(960, np.int16)
    stage.keep_message("m1", "t", "tutor", None, "Hi", speech_s=1.0, audio=sound)
    stage.keep_message("m2", "t", "learner", "ann", "Hi", speech_s=1.0, audio=sound)
    assert keeper.rates == [OUTPUT_HZ, INPUT_HZ]


def test_that_words_were_cut_short_is_said_to_the_server() -> None:
    stage, line, _ = _stage()
    for was_cut in (True, False):
        stage.keep_message("m1", "t", "tutor", None, "Hi", speech_s=1.0, audio=None, was_cut=was_cut)
    assert [m.was_cut for _, m in line.said if isinstance(m, wire.KeepMessage)] == [True, False]
