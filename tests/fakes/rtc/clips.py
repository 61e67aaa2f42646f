"""Audio that is encoded once and sent many times: Opus frames of 20 ms with their levels."""

from __future__ import annotations

import shutil
import subprocess
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import av
import numpy as np
import numpy.typing as npt

RATE = 48_000
FRAME_SAMPLES = 960
SILENT_LEVEL = 127
SPEECH_LEVEL = 50
"""Frames louder than this (−dBov) count as speech in tests that need its start."""

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Clip:
    """`levels[i]` is the level of `frames[i]` as in RFC 6464: −dBov, 0 (loudest) to 127 (silence)."""

    frames: tuple[bytes, ...]
    levels: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.frames)

    def __add__(self, other: Clip) -> Clip:
        return Clip(self.frames + other.frames, self.levels + other.levels)


def tone_clip(hz: float, seconds: float = 1.0, amplitude: float = 0.3) -> Clip:
    return encode(tone_pcm(hz, seconds, amplitude))


def silence_clip(seconds: float = 1.0) -> Clip:
    """Opus silence frames, sent without a pause (no DTX)."""
    count = round(seconds * RATE / FRAME_SAMPLES)
    return Clip((b"\xf8\xff\xfe",) * count, (SILENT_LEVEL,) * count)


def speech_clip(text: str, voice: str = "en") -> Clip:
    """Spoken by espeak-ng, a system package. Raises FileNotFoundError with the package to install."""
    return encode(speech_pcm(text, voice))


def tone_pcm(hz: float, seconds: float, amplitude: float = 0.3) -> Pcm:
    t = np.arange(round(seconds * RATE)) / RATE
    samples: Pcm = (np.sin(2 * np.pi * hz * t) * amplitude * 32767).astype(np.int16)
    return samples


def speech_pcm(text: str, voice: str = "en") -> Pcm:
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        raise FileNotFoundError("espeak-ng is missing: apt install espeak-ng")
    spoken = subprocess.run([espeak, "-v", voice, "--stdout", text], capture_output=True, check=True).stdout
    with wave.open(BytesIO(spoken)) as reader:
        rate = reader.getframerate()
        samples = np.frombuffer(reader.readframes(reader.getnframes()), dtype=np.int16)
    at = np.arange(round(len(samples) * RATE / rate)) * rate / RATE
    resampled: Pcm = np.interp(at, np.arange(len(samples)), samples).astype(np.int16)
    return resampled


def encode(pcm: Pcm, bit_rate: int = 32_000) -> Clip:
    """Encodes mono samples at 48 kHz as frames of 20 ms; the last one is padded with silence."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = RATE, "mono", "s16", bit_rate
    encoder.options = {"frame_duration": "20", "application": "voip"}
    blocks = _blocks(pcm)
    frames: list[bytes] = []
    for index, block in enumerate(blocks):
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, index * FRAME_SAMPLES
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    frames += [bytes(packet) for packet in encoder.encode(None)]
    return Clip(tuple(frames[: len(blocks)]), tuple(level_of(block) for block in blocks))


def level_of(block: Pcm) -> int:
    """RFC 6464 section 3: −dBov of the root mean square."""
    rms = float(np.sqrt(np.mean(np.square(block.astype(np.float64)))))
    return SILENT_LEVEL if rms < 1 else min(SILENT_LEVEL, round(-20 * np.log10(rms / 32768)))


def _blocks(pcm: Pcm) -> Sequence[Pcm]:
    padded = np.pad(pcm, (0, -len(pcm) % FRAME_SAMPLES))
    return list(padded.reshape(-1, FRAME_SAMPLES))


def stamped(frame: bytes, stamp_ns: int) -> bytes:
    """The same audio with eight bytes of Opus padding, which decoders skip (RFC 6716 section 3.2.5).

    `frame` must hold one frame (code 0). The stamp is the end of the result: `read_stamp`.
    """
    return bytes((frame[0] | 0x03, 0x41, 8)) + frame[1:] + stamp_ns.to_bytes(8, "big")


def read_stamp(payload: bytes) -> int:
    return int.from_bytes(payload[-8:], "big")
