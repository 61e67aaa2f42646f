"""Any packets through the real decoder and the real VAD: the conversation continues."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import av
import numpy as np
import numpy.typing as npt
import pytest

from ai_agent.audio import FRAME_S, INPUT_FRAME, INPUT_HZ, OUTPUT_FRAME, OUTPUT_HZ, Pcm
from ai_agent.providers.ports import EngineCard
from ai_agent.room.opus import OpusEncoder
from ai_agent.room.track_decoder import TrackDecoder
from ai_agent.vad.model import VadModel
from server.common.rtp import OPUS_FRAME_SAMPLES, RtpPacket
from server.protocol.tutor import TutorState
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import music, noise, spoken
from tests.fakes.rtc.clips import SILENT_LEVEL, level_of, silence_clip
from tests.fakes.speech import Room, ScriptedLlm, ScriptedStream, ScriptedStt
from tests.unit.ai_agent.room.packets import a_packet, packets_of

SENTENCE = "my sister who lives in Hanoi is getting married next month"
ANSWER = "How nice! Will it be a big wedding, and have you bought a dress yet?"
_SET_DTX = 4016
_NOTHING = 2
"""Bytes: packets of an encoder with DTX in a pause are this short and are not sent (opus_encode(3))."""

Wave = npt.NDArray[np.float64]
Packets = Sequence[RtpPacket | None]
"""Packets of 20 ms; None: no packet."""


@cache
def sentence() -> Pcm:
    return spoken(SENTENCE)


def at(rate: int, pcm: Pcm) -> Wave:
    """Resampled from INPUT_HZ to floats between -1 and 1, at an eighth of the loudest."""
    places = np.arange(len(pcm) * rate // INPUT_HZ) * INPUT_HZ / rate
    wave: Wave = np.interp(places, np.arange(len(pcm)), pcm.astype(np.float64))
    wave /= 4 * np.abs(wave).max()
    return wave


def encoded(wave: Wave, rate: int = OUTPUT_HZ, **options: str) -> Packets:
    """`wave`: (n,), or (n, 2) for stereo."""
    channels = wave.reshape(len(wave), -1)
    layout = "stereo" if channels.shape[1] == 2 else "mono"
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = rate, layout, "s16", 32_000
    encoder.options = {"frame_duration": "20", "application": "voip", **options}
    samples = (np.clip(channels, -1, 1) * 32767).astype(np.int16)
    size = rate // 50
    found: list[RtpPacket] = []
    for start in range(0, len(samples) - size + 1, size):
        block = samples[start : start + size]
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate, frame.pts = rate, start
        for packet in encoder.encode(frame):
            found.append(a_packet(len(found), level=level_of(block[:, 0]), payload=bytes(packet)))
    return found


def silence() -> Packets:
    return packets_of(silence_clip(3.0), level=SILENT_LEVEL)


def silence_that_says_it_is_loud() -> Packets:
    return packets_of(silence_clip(3.0), level=5)


def white_noise() -> Packets:
    return encoded(np.random.default_rng(1).normal(0, 0.1, 3 * OUTPUT_HZ))


def a_fan() -> Packets:
    return encoded(at(OUTPUT_HZ, np.concatenate([noise(seed) for seed in (1, 2, 3)])))


def tunes() -> Packets:
    return encoded(at(OUTPUT_HZ, np.concatenate([music(1), music(2)])))


def clipped() -> Packets:
    return encoded(at(OUTPUT_HZ, sentence()) * 40)


def narrow() -> Packets:
    return encoded(at(8_000, sentence()), 8_000)


def stereo() -> Packets:
    """One voice, 5 ms later on the right."""
    left = at(OUTPUT_HZ, sentence())
    return encoded(np.stack([left, np.roll(left, 240) * 0.7], axis=1))


def with_dtx() -> Packets:
    """Before and after it nothing is sent, but for what keeps the noise of comfort up to date."""
    encoder = OpusEncoder()
    encoder._lib.opus_encoder_ctl(encoder._state, _SET_DTX, ctypes.c_int(1))
    whole = (np.pad(at(OUTPUT_HZ, sentence()), 2 * OUTPUT_HZ) * 32767).astype(np.int16)
    blocks = whole[: len(whole) // OUTPUT_FRAME * OUTPUT_FRAME].reshape(-1, OUTPUT_FRAME)
    payloads = [encoder.encode(block) for block in blocks]
    packets = [
        a_packet(i, level=level_of(block), payload=payload) if len(payload) > _NOTHING else None
        for i, (block, payload) in enumerate(zip(blocks, payloads, strict=True))
    ]
    assert packets.count(None) > 100
    return packets


def lossy() -> Packets:
    """A fifth of the packets lost, FEC in the others."""
    dice = np.random.default_rng(3)
    sent = encoded(at(OUTPUT_HZ, sentence()), fec="1", packet_loss="20")
    return [None if dice.random() < 0.2 else packet for packet in sent]


WORDLESS = (silence, silence_that_says_it_is_loud, white_noise, a_fan, tunes)
SPEECH = (clipped, narrow, stereo, with_dtx, lossy)


class KnowingStream(ScriptedStream):
    """Recognises one known sentence by its loudness over time, and nothing else."""

    def __init__(self) -> None:
        super().__init__([])
        self._heard: list[Pcm] = []

    def push(self, pcm: Pcm) -> None:
        self._heard.append(pcm)

    def flush(self) -> None:
        heard = np.concatenate(self._heard) if self._heard else np.empty(0, np.int16)
        self._heard = []
        if alike(heard, sentence()) > 0.8:
            self.says("final", SENTENCE)
        self.says("flushed")


def alike(heard: Pcm, known: Pcm) -> float:
    """Correlation of loudness over time at the best alignment, -1..1."""
    one, other = loudness(heard), loudness(known)
    best = 0.0
    for start in range(len(one) - len(other) // 2):
        part = one[start : start + len(other)]
        part = np.pad(part, (0, len(other) - len(part)))
        if part.std() > 0:
            best = max(best, float(np.corrcoef(part, other)[0, 1]))
    return best


def loudness(pcm: Pcm) -> Wave:
    """Of each 20 ms."""
    frames = pcm[: len(pcm) // INPUT_FRAME * INPUT_FRAME].reshape(-1, INPUT_FRAME).astype(np.float64)
    found: Wave = np.sqrt((frames**2).mean(axis=1))
    return found


class KnowingStt(ScriptedStt):
    card = EngineCard("one-sentence stt", "test", is_cloud=False)

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> KnowingStream:
        return KnowingStream()


class Line:
    """Input of one learner, in order, into a room."""

    def __init__(self, room: Room, who: str = "ann") -> None:
        self.room = room
        self._who = who
        self._track_decoder = TrackDecoder(self)
        self._sent = 0

    async def send(self, packets: Iterable[RtpPacket | None], then_s: float = 0.0) -> None:
        """`then_s`: time without packets afterwards."""
        for packet in [*packets, *[None] * round(then_s / FRAME_S)]:
            now = self.room.now + FRAME_S
            self._sent += 1
            if packet is not None:
                number, ticks = self._sent & 0xFFFF, self._sent * OPUS_FRAME_SAMPLES
                self._track_decoder.receive(packet._replace(sequence=number, timestamp=ticks), now)
            self._track_decoder.tick(now)
            await self.room.run(FRAME_S)

    # The sink of decoded sound

    def push_audio(self, pcm: Pcm, now: float) -> None:
        self.room.dialogue.push_audio(self._who, pcm, now)

    def pause_audio(self, now: float) -> None:
        self.room.dialogue.pause_audio(self._who, now)


@pytest.mark.parametrize("over_an_answer", [False, True])
@pytest.mark.parametrize("bad", [*WORDLESS, *SPEECH])
async def test_after_bad_audio_a_sentence_is_recognised_and_answered(
    model: VadModel, bad: Callable[[], Packets], over_an_answer: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async with Room(stt=KnowingStt(), vad=DirectVad(model), llm=ScriptedLlm([ANSWER])) as room:
        line = Line(room)
        before: list[str] = []
        if over_an_answer:
            room.dialogue.say("ann", "Tell me.")
            before.append("Tell me.")
            await line.send([], 1.0)
            assert room.state() is TutorState.SPEAKING
        await line.send(bad(), then_s=6.0)  # after 12 s of silence the tutor would help
        assert room.state() is TutorState.IDLE
        before += [SENTENCE] if bad in SPEECH else []
        assert room.sink.finals == before

        await line.send(encoded(at(OUTPUT_HZ, sentence())), then_s=10.0)
        assert room.state() is TutorState.IDLE
        assert room.sink.finals == [*before, SENTENCE]
        assert room.llm.requests[-1].messages[-1].text == SENTENCE
        assert room.sink.spoken[-1] == ANSWER
        assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
