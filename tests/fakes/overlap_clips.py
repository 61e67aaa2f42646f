"""What people do while the tutor speaks: words that want the floor, and all that does not. Made by rule.

Voices come from espeak-ng, coughs, knocks, noise and music from formulas with fixed seeds.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.dialogue.resample import Resampler

VOICES = ("en-us", "en-us+f3", "en-gb+m3", "en-us+f5", "en-gb-x-rp", "en-us+m7")
SPEEDS = (135, 160, 185)

INTERRUPTIONS = (
    "wait a moment please",
    "stop",
    "sorry, can you repeat that",
    "no, I mean the other one",
    "I have a question",
    "but I don't like fish",
    "what does that mean",
    "excuse me",
    "hold on",
    "actually I went there by bus",
    "can I say something",
    "wait",
    "no no no",
    "I don't understand",
    "please speak more slowly",
    "let me answer first",
    "my brother lives in Hanoi",
    "that is not what I said",
    "can we talk about music",
    "one second please",
    "why do you ask me that",
    "I think it is too expensive",
    "yes, but my mother cooks better",
    "okay, let me try again",
    "how do you spell that word",
    "what",
    "sorry, what was the question",
    "I want to change the topic",
    "because I was very tired",
    "yesterday I bought a new phone",
)
BACKCHANNELS = (
    "[[mm'hm]]",
    "[[m'm]]",
    "[[@h'V]]",
    "[[mh'm]]",
    "uh huh",
    "yeah",
    "yes",
    "okay",
    "oh",
    "right",
    "I see",
    "[[m:]]",
    "wow",
    "sure",
    "ah",
    "yeah, okay",
)

UNSEEN_VOICES = ("en-gb", "en-us+f2", "en-us+m3", "en-gb+f4", "en-029", "en-us+m1")
UNSEEN_SPEEDS = (145, 170, 190)
UNSEEN_INTERRUPTIONS = (
    "hang on a second",
    "no, that is wrong",
    "wait wait",
    "can you explain that again",
    "sorry, I did not hear you",
    "I would like to ask something",
    "please stop talking",
    "what is a suitcase",
    "my sister is a nurse",
    "we went to the beach on Sunday",
    "could you say it slowly",
    "I don't agree with you",
    "actually I prefer tea",
    "stop please",
    "but I was at home",
    "it depends on the weather",
    "let us talk about football",
    "I forgot the word",
    "how long does it take",
    "is that the right answer",
    "give me a minute",
    "not really, I hate cooking",
    "because it costs too much",
    "yes, and my father is a driver",
    "oh no, I meant last week",
    "okay but why",
    "never mind, go to the next question",
    "I was born in a small village",
    "excuse me, one question",
    "no thank you",
)
UNSEEN_BACKCHANNELS = (
    "[[mh@m]]",
    "[[m'Vm]]",
    "[[V'h@]]",
    "[[h'm]]",
    "yep",
    "ok",
    "oh yeah",
    "cool",
    "great",
    "aha",
    "hmm",
    "oh okay",
    "oh I see",
    "nice",
)


@dataclass(frozen=True, slots=True)
class Clip:
    """At INPUT_HZ, without silence around it. `is_interruption`: it wants the floor."""

    name: str
    kind: str
    is_interruption: bool
    pcm: Pcm


def clips() -> Iterator[Clip]:
    """Those that the rules were made with: 60 interruptions; 48 backchannels and 40 sounds."""
    yield from _voices(INTERRUPTIONS * 2, VOICES, SPEEDS, is_interruption=True)
    yield from _voices(BACKCHANNELS * 3, VOICES, SPEEDS, is_interruption=False)
    yield from _sounds(0)


def unseen_clips() -> Iterator[Clip]:
    """Other words, voices and sounds, for the figure: 60 interruptions; 42 backchannels and 40 sounds."""
    yield from _voices(UNSEEN_INTERRUPTIONS * 2, UNSEEN_VOICES, UNSEEN_SPEEDS, is_interruption=True)
    yield from _voices(UNSEEN_BACKCHANNELS * 3, UNSEEN_VOICES, UNSEEN_SPEEDS, is_interruption=False)
    yield from _sounds(1000)


def _voices(
    texts: Sequence[str], voices: Sequence[str], speeds: Sequence[int], *, is_interruption: bool
) -> Iterator[Clip]:
    kind = "words" if is_interruption else "backchannel"
    for i, text in enumerate(texts):
        again = texts[:i].count(text)
        voice, speed = voices[(i * 5 + again) % len(voices)], speeds[(i + again) % len(speeds)]
        yield Clip(f"{text} ({voice}, {speed})", kind, is_interruption, spoken(text, voice, speed))


def _sounds(first: int) -> Iterator[Clip]:
    for seed in range(10):
        yield Clip(f"cough {seed}", "cough", False, cough(first + seed))
    for seed in range(8):
        yield Clip(f"throat {seed}", "throat", False, throat(first + seed))
    for seed in range(8):
        yield Clip(f"noise {seed}", "noise", False, noise(first + seed))
    for seed in range(6):
        yield Clip(f"knocks {seed}", "knocks", False, knocks(first + seed))
    for seed in range(8):
        yield Clip(f"music {seed}", "music", False, music(first + seed))


def spoken(text: str, voice: str = "en-us", speed: int = 160) -> Pcm:
    """`speed`: words a minute."""
    done = subprocess.run(
        ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", text], check=True, capture_output=True
    )
    raw = np.frombuffer(done.stdout[44:], np.int16)
    resampler = Resampler(22_050, INPUT_HZ)
    pcm = np.concatenate([resampler.feed(raw), resampler.finish()])
    loud = np.flatnonzero(np.abs(pcm) > 200)
    return pcm[loud[0] : loud[-1] + 1] if len(loud) else pcm


Wave = npt.NDArray[np.float64]


def _shaped(rng: np.random.Generator, seconds: float, low: float, high: float) -> Wave:
    """Noise between two frequencies (Hz), peak 1."""
    size = round(seconds * INPUT_HZ)
    spectrum = np.fft.rfft(rng.normal(size=size))
    hz = np.fft.rfftfreq(size, 1 / INPUT_HZ)
    spectrum *= 1 / (1 + (low / np.maximum(hz, 1)) ** 4) / (1 + (hz / high) ** 4)
    wave: Wave = np.fft.irfft(spectrum, size)
    wave /= np.abs(wave).max()
    return wave


def _pcm(wave: Wave, dbfs: float) -> Pcm:
    pcm: Pcm = (wave / np.abs(wave).max() * 32767 * 10 ** (dbfs / 20)).astype(np.int16)
    return pcm


def cough(seed: int) -> Pcm:
    """One to three bursts, each with a sharp onset and a voiced, falling tail."""
    rng = np.random.default_rng(seed)
    parts: list[Wave] = []
    for _ in range(1 + seed % 3):
        length = rng.uniform(0.18, 0.35)
        time = np.arange(round(length * INPUT_HZ)) / INPUT_HZ
        burst = _shaped(rng, length, 300, rng.uniform(1500, 3500))[: len(time)] * np.exp(
            -time / rng.uniform(0.04, 0.08)
        )
        pitch = rng.uniform(130, 260) * np.exp(-time * 2)
        voiced = np.sign(np.sin(2 * np.pi * np.cumsum(pitch) / INPUT_HZ)) * np.exp(
            -((time - 0.12) ** 2) / 0.004
        )
        parts += [burst + 0.25 * voiced, np.zeros(round(rng.uniform(0.05, 0.15) * INPUT_HZ))]
    return _pcm(np.concatenate(parts), -8)


def throat(seed: int) -> Pcm:
    """A rough low sound: noise in pulses of 30 to 60 Hz."""
    rng = np.random.default_rng(100 + seed)
    length = rng.uniform(0.3, 0.6)
    time = np.arange(round(length * INPUT_HZ)) / INPUT_HZ
    pulses = np.maximum(0, np.sin(2 * np.pi * rng.uniform(30, 60) * time)) ** 2
    rough = _shaped(rng, length, 150, 1200)[: len(time)]
    return _pcm(rough * pulses * np.sin(np.pi * time / length), -10)


def noise(seed: int) -> Pcm:
    """A fan, a street, a breath, typing: broad and without pitch."""
    rng = np.random.default_rng(200 + seed)
    length = rng.uniform(0.6, 2.5)
    wave = _shaped(rng, length, rng.uniform(50, 400), rng.uniform(800, 7000))
    time = np.arange(len(wave)) / INPUT_HZ
    return _pcm(wave * np.sin(np.pi * time / length) ** 0.5, -15)


def knocks(seed: int) -> Pcm:
    rng = np.random.default_rng(300 + seed)
    wave = np.zeros(round(1.2 * INPUT_HZ))
    for at in np.arange(0.0, 1.0, rng.uniform(0.12, 0.3)):
        start = round(at * INPUT_HZ)
        time = np.arange(round(0.1 * INPUT_HZ)) / INPUT_HZ
        ring = np.sin(2 * np.pi * rng.uniform(90, 900) * time) * np.exp(-time / 0.012)
        wave[start : start + len(time)] += ring
    return _pcm(wave, -6)


def music(seed: int) -> Pcm:
    """Two seconds of plucked chords with a tune above."""
    rng = np.random.default_rng(400 + seed)
    wave = np.zeros(2 * INPUT_HZ)
    time = np.arange(round(0.5 * INPUT_HZ)) / INPUT_HZ
    for beat in range(4):
        for step in (*rng.choice(12, 3, replace=False), 12 + rng.integers(12)):
            hz = 130.8 * 2 ** (float(step) / 12)
            overtones = np.arange(1, 6)[:, None]
            note = (np.sin(2 * np.pi * hz * overtones * time) / overtones**1.5).sum(axis=0)
            wave[beat * len(time) : (beat + 1) * len(time)] += note * np.exp(-time * 4)
    return _pcm(wave, -10)
