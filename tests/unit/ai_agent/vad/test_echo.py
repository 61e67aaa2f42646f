"""The tutor's voice comes back from a loudspeaker: it is not speech, and speech over it is."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import cache

import numpy as np
import pytest

from ai_agent.audio import EAR_FRAME, EAR_HZ, FRAME_S, VOICE_HZ, Pcm
from ai_agent.dialogue.ports import Learner, Lesson, State
from ai_agent.dialogue.resample import Resampler
from ai_agent.providers.ports import EngineCard, SpeechChunk, SpeechRequest, VoiceCard
from ai_agent.vad.onnx_model import OnnxVad
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import spoken
from tests.fakes.speech import Room, ScriptedLlm, ScriptedStt

STORY = (
    "Well, that sounds lovely. When I was a child my grandmother cooked rice soup with ginger every Sunday"
    " morning, and the whole house smelled of it. Do you remember a meal like that from your own childhood?"
)
DELAYS_MS = [50, 100, 170, 280, 400]


@cache
def model() -> OnnxVad:
    return OnnxVad()


def loud(pcm: Pcm, peak: int) -> Pcm:
    scaled: Pcm = (pcm.astype(np.float64) * (peak / np.abs(pcm).max())).astype(np.int16)
    return scaled


class Speaker:
    """Speaks as espeak-ng does, at -9 dBFS."""

    card = EngineCard("espeak", "test", is_cloud=False)
    sample_rate = EAR_HZ
    voices = (VoiceCard("v", "Voice", "en"),)

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        yield SpeechChunk(loud(spoken(request.text, "en-us+f3", 150), 12_000))

    async def aclose(self) -> None:
        pass


class EchoingRoom:
    """What leaves the tutor comes back `delay_ms` later, `gain_db` weaker, from a room with some reverb."""

    def __init__(self, room: Room, delay_ms: int, gain_db: float = -20.0) -> None:
        self.room = room
        self._delay = delay_ms * EAR_HZ // 1000
        self._gain = 10 ** (gain_db / 20)
        self._down = Resampler(VOICE_HZ, EAR_HZ)
        self._air = np.zeros(EAR_HZ, np.float64)
        self._left = np.zeros(0, np.float64)
        self._rng = np.random.default_rng(delay_ms)

    async def run(self, seconds: float, over: Pcm | None = None, who: str = "ann") -> None:
        for step in range(round(seconds / FRAME_S)):
            near = np.zeros(EAR_FRAME)
            if over is not None:
                part = over[step * EAR_FRAME : (step + 1) * EAR_FRAME]
                near[: len(part)] = part
            sound = near + self._echo() + self._rng.normal(0, 8, EAR_FRAME)
            await self.room.run(FRAME_S, **{who: np.clip(sound, -32768, 32767).astype(np.int16)})
            played = self.room.played[-1]
            self._came(played if played is not None else np.zeros(960, np.int16))

    def _came(self, frame: Pcm) -> None:
        self._left = np.concatenate([self._left, self._down.feed(frame).astype(np.float64)])
        self._air = np.concatenate([self._air, self._left])[-2 * EAR_HZ :]
        self._left = np.zeros(0)

    def _echo(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        echo = np.zeros(EAR_FRAME)
        for bounce, weight in ((0, 1.0), (190, 0.3), (430, 0.2), (760, 0.1)):
            end = len(self._air) - self._delay - bounce + EAR_FRAME
            start = end - EAR_FRAME
            part = self._air[max(0, start) : min(end, len(self._air))]
            echo[: len(part)] += weight * part
        return echo * self._gain


def story(stt: ScriptedStt, *people: str) -> Room:
    return Room(
        stt=stt,
        vad=DirectVad(model()),
        tts=Speaker(),
        llm=ScriptedLlm([STORY], ["Sure, ask me."]),
        people=[Learner(name, name.title()) for name in people or ("ann",)],
        lesson=Lesson("Emma", "en", "B1", "food", one_to_one=len(people) < 2),
    )


@pytest.mark.parametrize("delay_ms", DELAYS_MS)
async def test_an_echo_neither_stops_the_tutor_nor_becomes_a_turn(delay_ms: int) -> None:
    async with story(ScriptedStt("never asked")) as room:
        room.dialogue.say("ann", "Tell me.")
        await EchoingRoom(room, delay_ms).run(14.0)
        assert State.INTERRUPTED not in room.stage.states
        assert State.LISTENING not in room.stage.states
        assert room.stage.spoken == [STORY]
        assert len(room.stage.finals) == 1


@pytest.mark.parametrize("delay_ms", DELAYS_MS)
@pytest.mark.parametrize("at_s", [0.5, 4.0])
async def test_an_interruption_over_the_echo_gets_through(delay_ms: int, at_s: float) -> None:
    stt = ScriptedStt("wait I have a question")
    async with story(stt) as room:
        echoing = EchoingRoom(room, delay_ms)
        room.dialogue.say("ann", "Tell me.")
        await echoing.run(at_s)
        assert room.state() is State.SPEAKING
        words = loud(spoken("wait, I have a question", "en-us", 160), 8_000)
        await echoing.run(0.4, words)
        assert room.state() is State.INTERRUPTED
        await echoing.run(4.0, words[round(0.4 * EAR_HZ) :])
        assert room.stage.finals == ["Tell me.", "wait I have a question"]
        assert STORY not in (room.stage.spoken[0] or "")


async def test_an_echo_from_somebody_elses_track_is_none_of_theirs() -> None:
    async with story(ScriptedStt("never asked"), "ann", "ben") as room:
        room.dialogue.say("ann", "Tell me.")
        await EchoingRoom(room, 230).run(14.0, who="ben")
        assert State.INTERRUPTED not in room.stage.states
        assert room.stage.spoken == [STORY]


async def test_headphones_are_learnt_so_that_a_soft_voice_is_heard() -> None:
    async with story(ScriptedStt("wait I have a question")) as room:
        room.dialogue.say("ann", "Tell me.")
        echoing = EchoingRoom(room, 100, gain_db=-90.0)
        await echoing.run(3.0)
        await echoing.run(1.2, loud(spoken("wait, I have a question", "en-us", 160), 1_500))
        assert State.INTERRUPTED in room.stage.states
