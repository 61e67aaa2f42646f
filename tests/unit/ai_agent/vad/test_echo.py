"""The tutor's voice back through a loudspeaker is not speech; a learner's speech over it is."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest

from ai_agent.audio import FRAME_S, INPUT_FRAME, INPUT_HZ, OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.ports import EngineCard, SpeechChunk, SpeechRequest, VoiceCard
from ai_agent.room.opus import SILENCE, OpusDecoder, OpusEncoder
from ai_agent.room.sender import level_of
from ai_agent.room.track_decoder import TrackDecoder
from ai_agent.vad.model import VadModel
from server.common.rtp import OPUS_FRAME_SAMPLES, RtpPacket
from server.protocol.tutor import TutorState
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import spoken
from tests.fakes.speech import Room, ScriptedLlm, ScriptedStt

STORY = (
    "Well, that sounds lovely. When I was a child my grandmother cooked rice soup with ginger every Sunday."
    " Do you remember a meal like that?"
)
DELAYS_MS = [50, 100, 200, 300, 400, 233]
"""The last is no whole number of frames."""

Wave = npt.NDArray[np.float64]


def loud(pcm: Pcm, peak: int) -> Pcm:
    scaled: Pcm = (pcm.astype(np.float64) * (peak / np.abs(pcm).max())).astype(np.int16)
    return scaled


class Speaker:
    """espeak-ng at -9 dBFS."""

    card = EngineCard("espeak", "test", is_cloud=False)
    sample_rate = INPUT_HZ
    voices = (VoiceCard("v", "Voice", "en"),)

    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        yield SpeechChunk(loud(spoken(request.text, "en-us+f3", 150), 12_000))

    async def aclose(self) -> None:
        pass


class Loudspeaker:
    """A learner's loudspeaker, in a room with a reverberation time (RT60) of 300 ms."""

    def __init__(self, delay_ms: int, gain_db: float) -> None:
        """`delay_ms`: of the network, and through the air to the microphone."""
        rng = np.random.default_rng(delay_ms)
        later_s = np.concatenate([[0.0], rng.uniform(0.005, 0.25, 30)])
        self._weights = rng.choice([-0.25, 0.25], len(later_s)) * 10 ** (-later_s / 0.1)
        self._weights[0] = 1.0
        self._weights *= 10 ** (gain_db / 20)
        starts = INPUT_HZ - delay_ms * INPUT_HZ // 1000 - np.round(later_s * INPUT_HZ).astype(np.int64)
        self._bounces = starts[:, None] + np.arange(INPUT_FRAME)
        self._decoder = OpusDecoder()
        self._said = np.zeros(INPUT_HZ)
        """The last second that was played."""

    def plays(self, packet: bytes) -> None:
        self._said = np.concatenate([self._said, self._decoder.decode(packet)])[-INPUT_HZ:]

    def heard(self) -> Wave:
        """The next 20 ms at the microphone."""
        echo: Wave = self._weights @ self._said[self._bounces]
        return echo


class EchoingRoom:
    """Learners with a loudspeaker. All sound travels as it does: Opus to them, and Opus back to the sink."""

    def __init__(self, room: Room, delay_ms: int, gain_db: float = -20.0, who: str = "ann") -> None:
        self.room = room
        self._who = who
        self._loudspeaker = Loudspeaker(delay_ms, gain_db)
        self._rng = np.random.default_rng(delay_ms)
        self._voice, self._microphone = OpusEncoder(), OpusEncoder()
        self._track_decoder = TrackDecoder(self)
        self._sent = 0

    async def run(self, seconds: float, over: Pcm | None = None) -> None:
        for step in range(round(seconds / FRAME_S)):
            near = self._loudspeaker.heard() + self._rng.normal(0, 8, INPUT_FRAME)
            if over is not None:
                part = over[step * INPUT_FRAME : (step + 1) * INPUT_FRAME]
                near[: len(part)] += part
            self._send(np.clip(near, -32768, 32767).astype(np.int16))
            await self.room.run(FRAME_S)
            voice = self.room.played[-1]
            self._loudspeaker.plays(SILENCE if voice is None else self._voice.encode(voice))

    def _send(self, sound: Pcm) -> None:
        frame = np.repeat(
            sound, OUTPUT_HZ // INPUT_HZ
        )  # the aliases are above the band that the worker decodes
        now = self.room.now + FRAME_S
        payload = self._microphone.encode(frame)
        self._sent += 1
        packet = RtpPacket(
            111, False, self._sent, self._sent * OPUS_FRAME_SAMPLES, 1, None, level_of(frame), b"", payload
        )
        self._track_decoder.receive(packet, now)
        self._track_decoder.tick(now)

    # The sink of decoded sound

    def push_audio(self, pcm: Pcm, now: float) -> None:
        self.room.dialogue.push_audio(self._who, pcm, now)

    def pause_audio(self, now: float) -> None:
        self.room.dialogue.pause_audio(self._who, now)


def story(
    model: VadModel, stt: ScriptedStt, *people: str, recognition: Literal["stt", "browser"] = "stt"
) -> Room:
    return Room(
        stt=stt,
        vad=DirectVad(model),
        tts=Speaker(),
        llm=ScriptedLlm([STORY], ["Sure, ask me."]),
        people=[Learner(name, name.title(), recognition=recognition) for name in people or ("ann",)],
        lesson=Lesson("Emma", "en", "B1", "food", one_to_one=len(people) < 2),
    )


@pytest.mark.parametrize("delay_ms", DELAYS_MS)
async def test_an_echo_neither_stops_the_tutor_nor_becomes_a_turn(model: VadModel, delay_ms: int) -> None:
    async with story(model, ScriptedStt("never asked")) as room:
        room.dialogue.say("ann", "Tell me.")
        await EchoingRoom(room, delay_ms).run(9.0)
        assert TutorState.INTERRUPTED not in room.sink.states
        assert TutorState.LISTENING not in room.sink.states
        assert room.sink.spoken == [STORY]
        assert len(room.sink.finals) == 1


@pytest.mark.parametrize("delay_ms", DELAYS_MS)
@pytest.mark.parametrize("at_s", [0.5, 3.0])
async def test_an_interruption_over_the_echo_gets_through(
    model: VadModel, delay_ms: int, at_s: float
) -> None:
    stt = ScriptedStt("wait I have a question")
    async with story(model, stt) as room:
        echoing = EchoingRoom(room, delay_ms)
        room.dialogue.say("ann", "Tell me.")
        await echoing.run(at_s)
        assert room.state() is TutorState.SPEAKING
        words = loud(spoken("wait, I have a question", "en-us", 160), 8_000)
        await echoing.run(0.4, words)
        assert room.state() is TutorState.INTERRUPTED
        await echoing.run(2.6, words[round(0.4 * INPUT_HZ) :])
        assert room.sink.finals == ["Tell me.", "wait I have a question"]
        assert STORY not in (room.sink.spoken[0] or "")


async def test_an_echo_on_the_track_of_another_person_is_not_their_speech(model: VadModel) -> None:
    async with story(model, ScriptedStt("never asked"), "ann", "ben") as room:
        room.dialogue.say("ann", "Tell me.")
        await EchoingRoom(room, 230, who="ben").run(9.0)
        assert TutorState.INTERRUPTED not in room.sink.states
        assert room.sink.spoken == [STORY]


async def test_headphones_are_detected_so_that_a_soft_voice_counts(model: VadModel) -> None:
    async with story(model, ScriptedStt("wait I have a question")) as room:
        room.dialogue.say("ann", "Tell me.")
        echoing = EchoingRoom(room, 100, gain_db=-90.0)
        await echoing.run(3.0)
        await echoing.run(1.2, loud(spoken("wait, I have a question", "en-us", 160), 1_500))
        assert TutorState.INTERRUPTED in room.sink.states


async def test_a_soft_voice_over_the_tutors_first_words_counts(model: VadModel) -> None:
    async with story(model, ScriptedStt("wait I have a question")) as room:
        room.dialogue.say("ann", "Tell me.")
        echoing = EchoingRoom(room, 100, gain_db=-90.0)
        await echoing.run(0.5)
        words = "wait, I have a question about the soup and about your grandmother"
        await echoing.run(3.0, loud(spoken(words, "en-us", 160), 1_500))
        assert TutorState.INTERRUPTED in room.sink.states


# With a page whose own recogniser hears all that the microphone does


@pytest.mark.parametrize(
    "heard", [("well", "well that sounds"), ("the grand mother", "crooked rise soup with gin")]
)
@pytest.mark.parametrize("delay_ms", [50, 400])
async def test_words_that_a_page_recognises_in_the_echo_are_ignored(
    model: VadModel, delay_ms: int, heard: tuple[str, str]
) -> None:
    async with story(model, ScriptedStt(), recognition="browser") as room:
        room.dialogue.say("ann", "Tell me.")
        echoing = EchoingRoom(room, delay_ms)
        for text in heard:
            await echoing.run(1.5)
            assert room.state() is TutorState.SPEAKING
            room.dialogue.recognized("ann", text, is_final=False)
        while room.state() is not TutorState.IDLE:
            await echoing.run(0.1)
        await echoing.run(1.5)
        room.dialogue.recognized("ann", "do you remember a mill like that", is_final=True)
        await echoing.run(3.0)
        assert TutorState.INTERRUPTED not in room.sink.states
        assert TutorState.LISTENING not in room.sink.states
        assert room.sink.finals == ["Tell me."]
        assert room.sink.spoken == [STORY]


@pytest.mark.parametrize("delay_ms", [50, 400])
async def test_words_that_a_page_recognises_in_an_interruption_over_the_echo_count(
    model: VadModel, delay_ms: int
) -> None:
    async with story(model, ScriptedStt(), recognition="browser") as room:
        room.dialogue.say("ann", "Tell me.")
        echoing = EchoingRoom(room, delay_ms)
        await echoing.run(3.0)
        words = loud(spoken("wait, I have a question", "en-us", 160), 8_000)
        await echoing.run(0.8, words)
        room.dialogue.recognized("ann", "wait I have", is_final=False)
        await echoing.run(0.1, words[round(0.8 * INPUT_HZ) :])
        assert room.state() is TutorState.LISTENING
        await echoing.run(0.9, words[round(0.9 * INPUT_HZ) :])
        room.dialogue.recognized("ann", "wait I have a question", is_final=True)
        await echoing.run(1.0)
        assert room.sink.finals[1] == "wait I have a question"
        assert STORY not in (room.sink.spoken[0] or "")


@pytest.mark.parametrize("delay_ms", [50, 400])
async def test_a_quick_answer_after_the_echo_counts(model: VadModel, delay_ms: int) -> None:
    async with story(model, ScriptedStt(), recognition="browser") as room:
        room.dialogue.say("ann", "Tell me.")
        echoing = EchoingRoom(room, delay_ms)
        while room.state() is not TutorState.IDLE:
            await echoing.run(0.1)
        await echoing.run(1.2, loud(spoken("yes, I do", "en-us", 160), 8_000))
        room.dialogue.recognized("ann", "yes I do", is_final=True)
        await echoing.run(1.0)
        assert room.sink.finals == ["Tell me.", "yes I do"]
