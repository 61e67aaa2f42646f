"""A learner's voice and people behind her: the rule alone, and with the real VAD in a conversation."""

from __future__ import annotations

import numpy as np
import pytest

from ai_agent.audio import INPUT_FRAME, Pcm
from ai_agent.vad.model import WINDOW_S, VadModel
from ai_agent.vad.own_voice import OwnVoice
from server.protocol.tutor import TutorState
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import spoken
from tests.fakes.speech import Room, ScriptedLlm, ScriptedStt

COUNT = "One two three four five six seven eight nine ten. " * 2


def hears(voice: OwnVoice, level_db: float, seconds: float, *, tutor_speaks: bool = False) -> list[bool]:
    """Whether each window counts as background."""
    power = 10 ** (level_db / 10)
    return [
        voice.is_background(0.9, power, tutor_speaks=tutor_speaks) for _ in range(round(seconds / WINDOW_S))
    ]


def test_nothing_is_background_before_her_voice_is_known() -> None:
    assert not any(hears(OwnVoice(), -60, 3, tutor_speaks=True))


@pytest.mark.parametrize(("below_db", "is_background"), [(12, True), (6, False), (0, False)])
def test_speech_far_below_her_own_is_background_while_the_tutor_speaks(
    below_db: float, is_background: bool
) -> None:
    voice = OwnVoice()
    hears(voice, -26, 3)
    assert all(hears(voice, -26 - below_db, 1, tutor_speaks=True)[12:]) is is_background


def test_the_dips_of_her_voice_are_hers() -> None:
    voice = OwnVoice()
    hears(voice, -26, 3)
    hears(voice, -26, 1, tutor_speaks=True)
    assert not any(hears(voice, -50, 0.1, tutor_speaks=True))


def test_all_speech_counts_while_the_tutor_is_silent() -> None:
    voice = OwnVoice()
    hears(voice, -26, 3)
    assert not any(hears(voice, -60, 3))


def test_talk_behind_her_during_the_tutors_speech_is_not_learnt() -> None:
    voice = OwnVoice()
    hears(voice, -26, 3)
    assert hears(voice, -45, 20, tutor_speaks=True)[-1]


def at_level(pcm: Pcm, dbfs: float) -> Pcm:
    rms = float(np.sqrt(np.mean((pcm / 32768) ** 2)))
    levelled: Pcm = np.clip(pcm * (10 ** (dbfs / 20) / rms), -32768, 32767).astype(np.int16)
    return levelled


async def play(room: Room, pcm: Pcm, then_s: float) -> None:
    sound = np.concatenate([pcm, np.zeros(round(then_s * 16_000), np.int16)])
    for at in range(0, len(sound) - INPUT_FRAME, INPUT_FRAME):
        await room.run(0.02, ann=sound[at : at + INPUT_FRAME])


@pytest.mark.parametrize(("level_db", "is_cut"), [(-38, False), (-26, True)])
async def test_only_a_voice_near_her_own_level_cuts_the_tutor(
    model: VadModel, level_db: float, is_cut: bool
) -> None:
    stt = ScriptedStt("I live in a small house with my family", "what time is it now")
    mine = at_level(spoken("I live in a small house with my family", "en-us"), -26)
    other = at_level(spoken("what time is it now, tell me please", "en-gb+f3"), level_db)
    async with Room(stt=stt, vad=DirectVad(model), llm=ScriptedLlm([COUNT])) as room:
        await play(room, mine, 2.0)
        assert room.state() is TutorState.SPEAKING
        await play(room, other, 0.8)
        assert (len(room.sink.finals) > 1 or room.state() is not TutorState.SPEAKING) is is_cut
