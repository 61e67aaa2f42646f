from __future__ import annotations

import random

import av
import numpy as np
import pytest

from ai_agent.audio import INPUT_FRAME, INPUT_HZ
from ai_agent.room.opus import OpusDecoder, OpusEncoder
from ai_agent.room.track_decoder import HANGOVER_S, PREROLL, STALLED_S, TrackDecoder
from server.common.rtp import RtpPacket
from tests.fakes.rtc.clips import silence_clip, speech_pcm, tone_clip
from tests.unit.ai_agent.room.packets import SOFT, RecordingSink, a_packet, packets_of

TONE = packets_of(tone_clip(440, 1.0))
SILENCE = packets_of(silence_clip(4.0), level=127)


def _play(decoder: TrackDecoder, packets: list[RtpPacket], start: float = 0.0) -> float:
    """Pass one packet each 20 ms, with the ticks between. Returns the time after the last."""
    now = start
    for packet in packets:
        decoder.receive(packet, now)
        decoder.tick(now + 0.01)
        now += 0.02
    return now


def _numbered(packets: list[RtpPacket], first: int) -> list[RtpPacket]:
    return [a_packet(first + i, level=p.level, payload=p.payload) for i, p in enumerate(packets)]


def test_speech_is_decoded_to_frames_without_delay() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    _play(decoder, TONE)
    assert len(sink.frames) == len(TONE)
    assert {len(frame) for frame in sink.frames} == {INPUT_FRAME}
    assert sink.at == pytest.approx([i * 0.02 for i in range(len(TONE))])
    assert max(abs(frame).max() for frame in sink.frames[5:]) == pytest.approx(0.3 * 32767, rel=0.2)


def test_silence_is_never_decoded() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    _play(decoder, SILENCE)
    assert decoder.decoded == 0
    assert sink.frames == []
    assert sink.quiets == []
    assert decoder.is_idle


def test_an_onset_is_complete_with_the_quiet_packets_before_it() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    soft = [a_packet(i, level=SOFT, payload=p.payload) for i, p in enumerate(TONE[:40])]
    now = _play(decoder, soft)
    decoder.receive(a_packet(40, payload=TONE[40].payload), now)
    assert len(sink.frames) == PREROLL + 1


def test_old_packets_are_not_part_of_an_onset() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    decoder.receive(a_packet(0, level=SOFT, payload=TONE[0].payload), 0.0)
    decoder.receive(a_packet(1, payload=TONE[1].payload)._replace(timestamp=48_000), 1.0)
    assert len(sink.frames) == 1


def test_quiet_is_reported_once_after_the_last_loud_packet() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    end = _play(decoder, TONE)
    _play(decoder, _numbered(SILENCE, len(TONE)), end)
    assert sink.quiets == [pytest.approx(end + HANGOVER_S, abs=0.03)]
    assert decoder.is_idle


def test_a_stream_that_stops_is_paused_soon() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    end = _play(decoder, TONE)
    for tick in range(20):
        decoder.tick(end + tick * 0.02)
    assert sink.quiets == [pytest.approx(end - 0.02 + STALLED_S, abs=0.021)]


def test_a_lost_packet_is_concealed_and_time_is_kept() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    end = _play(decoder, [p for i, p in enumerate(TONE) if i not in {20, 30, 31}])
    decoder.tick(end + 0.06)
    assert decoder.concealed == 3
    assert len(sink.frames) == len(TONE)
    heard = np.concatenate(sink.frames[15:40]).astype(np.float64)
    assert heard.std() > 0.5 * np.concatenate(sink.frames[40:]).astype(np.float64).std()


def test_fec_of_the_next_packet_restores_the_lost_one() -> None:
    """Speech with in-band FEC, one packet missing: closer to what was sent than concealment alone."""
    assert _error_of_lost_packet(with_fec=True) < 0.7 * _error_of_lost_packet(with_fec=False)


def _error_of_lost_packet(*, with_fec: bool) -> float:
    speech = speech_pcm("Tell me about the places where you have been.")
    blocks = speech[: len(speech) // 960 * 960].reshape(-1, 960)
    encoder, whole = OpusEncoder(), OpusDecoder()
    packets = [encoder.encode(block) for block in blocks]
    truth = [whole.decode(packet) for packet in packets]
    errors = []
    for lost in range(20, len(packets) - 1, 5):
        decoder = OpusDecoder()
        for packet in packets[:lost]:
            decoder.decode(packet)
        guess = decoder.recover(packets[lost + 1], 320) if with_fec else decoder.conceal(320)
        errors.append(float(np.mean(np.square(guess.astype(float) - truth[lost].astype(float)))))
    return sum(errors)


def test_malformed_packets_are_concealed_and_never_raise() -> None:
    dice = random.Random(1)
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    garbage = [a_packet(i, payload=dice.randbytes(dice.randrange(1, 400))) for i in range(300)]
    _play(decoder, garbage)
    assert {len(frame) for frame in sink.frames} <= {INPUT_FRAME}


def test_ten_times_the_packets_give_no_more_audio_than_time_passes() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    for i in range(3000):
        decoder.receive(a_packet(i, payload=TONE[i % 50].payload), i * 0.002)
    assert len(sink.frames) <= 300 + 101


def test_dtx_pauses_are_not_decoded_and_speech_after_them_is() -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    end = _play(decoder, TONE)
    number, now = len(TONE), end
    for _ in range(10):  # comfort noise, each 400 ms
        now += 0.4
        packet = a_packet(number, level=127, payload=b"\x78")
        decoder.tick(now - 0.2)
        decoder.receive(packet._replace(timestamp=int(now * 48_000)), now)
        number += 1
    heard = len(sink.frames)
    assert len(sink.quiets) == 1
    spoken = [
        p._replace(timestamp=int((now + 0.4) * 48_000) + i * 960)
        for i, p in enumerate(_numbered(TONE, number))
    ]
    _play(decoder, spoken, now + 0.4)
    assert len(sink.frames) - heard == len(TONE)


def test_a_track_without_levels_is_decoded_too() -> None:
    sink = RecordingSink()
    _play(TrackDecoder(sink), [p._replace(level=None) for p in TONE])
    assert len(sink.frames) == len(TONE)


@pytest.mark.parametrize(
    ("rate", "layout", "duration"), [(8_000, "mono", 20), (48_000, "stereo", 20), (16_000, "mono", 60)]
)
def test_any_opus_packet_duration_gives_full_frames(rate: int, layout: str, duration: int) -> None:
    sink = RecordingSink()
    decoder = TrackDecoder(sink)
    packets = _encode(rate, layout, duration)
    for i, payload in enumerate(packets):
        decoder.receive(a_packet(i, payload=payload), i * duration / 1000)
    assert {len(frame) for frame in sink.frames} == {INPUT_FRAME}
    assert len(sink.frames) == len(packets) * duration // 20
    heard = np.concatenate(sink.frames[10:]).astype(np.float64)
    crossings = np.count_nonzero(np.diff(np.signbit(heard))) / (len(heard) / INPUT_HZ) / 2
    assert crossings == pytest.approx(440, rel=0.05)


def _encode(rate: int, layout: str, duration: int) -> list[bytes]:
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = rate, layout, "s16", 32_000
    encoder.options = {"frame_duration": str(duration), "application": "voip"}
    tone = (np.sin(2 * np.pi * 440 * np.arange(rate * 2) / rate) * 9_000).astype(np.int16)
    samples = rate * duration // 1000
    packets: list[bytes] = []
    for at in range(0, len(tone) - samples, samples):
        block = np.repeat(tone[at : at + samples], 2 if layout == "stereo" else 1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, format="s16", layout=layout)
        frame.sample_rate, frame.pts = rate, at
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    return packets
