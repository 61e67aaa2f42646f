"""WAV files that Chromium plays in a loop as a fake microphone."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from tests.fakes.rtc.clips import RATE, Pcm, speech_pcm, tone_pcm


def write_wav(path: Path, pcm: Pcm) -> Path:
    """Mono, 16 bits, 48 kHz."""
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(pcm.tobytes())
    return path


def tone_wav(path: Path, hz: int, amplitude: float = 0.3) -> Path:
    """One second of whole cycles, so that the loop has no discontinuity."""
    return write_wav(path, tone_pcm(hz, 1.0, amplitude))


def beeps_wav(path: Path, hz: int = 1000, on_s: float = 0.2, off_s: float = 0.8) -> Path:
    """A beep and a pause, to measure onsets."""
    pause = np.zeros(round(off_s * RATE), dtype=np.int16)
    return write_wav(path, np.concatenate([tone_pcm(hz, on_s, 0.5), pause]))


def speech_wav(path: Path, text: str) -> Path:
    """Speech and 0.5 s of silence."""
    return write_wav(path, np.concatenate([speech_pcm(text), np.zeros(RATE // 2, dtype=np.int16)]))
