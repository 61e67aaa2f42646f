"""Speech with the pauses of learners, with room noise: synthetic, or from recordings.

Pauses are where learners search for a word; their lengths are drawn by level (lognormal; second-language
speakers pause about half a second, longer and more often at lower levels).

A folder of recordings has for each a NAME.wav (16 bits, any rate, mono or stereo, one sentence) and a
NAME.txt (the words, without times). Pauses are found by energy, and those that are shorter than a learner's
of the level are lengthened with the sound of the room. Word times are estimated by the number of letters.
"""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ai_agent.audio import FRAME_S, INPUT_FRAME, INPUT_HZ, Pcm
from ai_agent.resampler import Resampler
from ai_agent.vad.gate import level as dbfs
from tests.fakes.overlap_clips import spoken

PAUSES = {
    "A1": (0.55, 0.45),
    "A2": (0.50, 0.42),
    "B1": (0.42, 0.40),
    "B2": (0.38, 0.38),
    "C1": (0.33, 0.36),
    "C2": (0.28, 0.34),
}
"""Median in seconds, and sigma of the logarithm."""
SPEEDS = {"A1": 110, "A2": 120, "B1": 135, "B2": 150, "C1": 165, "C2": 175}

# A bar marks where a learner pauses.
SENTENCES = {
    "A": (
        "I like | coffee in the morning",
        "my brother | is a | doctor",
        "I live in | a small house",
        "yesterday I | go to the market",
        "she has | two cats and | a dog",
        "we eat rice | every day",
        "I want to | buy a new phone",
        "my father works | in a bank",
        "it is very | hot in summer",
        "I don't like | fish because | it smells",
        "on Sunday we | play football",
        "the teacher is | nice and funny",
    ),
    "B": (
        "I have been learning English | for three years now",
        "when I was a child | we lived near the sea",
        "I think that | public transport should be cheaper",
        "if I had more time | I would travel | to Japan",
        "the film was interesting but | the ending was disappointing",
        "my sister who lives in Hanoi | is getting married next month",
        "I usually cook at home because | restaurants are expensive",
        "it depends on | how much money you have",
        "we were walking home when | it started to rain",
        "I would rather | stay at home tonight",
        "last year I decided | to change my job",
        "people say that | money isn't everything",
    ),
    "C": (
        "what strikes me about this city is | how quickly it has changed",
        "I wouldn't go so far as to say | that it was a failure",
        "had I known about the delay | I would have taken the train",
        "there is a fine line between | confidence and arrogance",
        "the thing is | nobody really expected them to win",
        "on the whole I agree although | I have certain reservations",
        "it boils down to | a question of priorities",
        "not only did they refuse | but they also complained about it",
        "I was under the impression that | the matter had been settled",
        "by the time we arrived | most of the guests had left",
        "what I find fascinating is | the way languages influence thought",
        "it goes without saying that | trust takes years to build",
    ),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """At INPUT_HZ, with TAIL_S of the room after it. `words`: text and the second at which it ends.
    `ends`: second at which the speech ends.
    """

    pcm: Pcm
    words: tuple[tuple[str, float], ...]
    pauses: int
    ends: float


TAIL_S = 5.0
ROOM_DBFS = -50.0
"""Of a quiet room with a fan. Above the energy gate, so that the model decides what is a pause."""


def room_tone(samples: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Low-frequency noise and a hum."""
    noise = np.convolve(rng.normal(size=samples + 15), np.ones(16) / 4, "valid")
    hum = 0.3 * np.sin(2 * np.pi * 100 * np.arange(samples) / INPUT_HZ)
    tone: npt.NDArray[np.float64] = noise + hum
    tone *= 32768 * 10 ** (ROOM_DBFS / 20) / np.sqrt(np.mean(tone**2))
    return tone


def pause_s(level: str, rng: np.random.Generator) -> float:
    median, sigma = PAUSES[level]
    return float(np.clip(rng.lognormal(np.log(median), sigma), 0.1, 4.0))


def perform(sentence: str, level: str, rng: np.random.Generator, *, every_s: float | None = None) -> Spoken:
    """One of SENTENCES, by espeak-ng. `every_s`: length of each pause, if it is not drawn."""
    voice = ("en-us", "en-us+f3", "en-gb", "en-us+m3")[int(rng.integers(4))]
    parts: list[Pcm] = []
    words: list[tuple[str, float]] = []
    at = 0.0
    chunks = [chunk.strip() for chunk in sentence.split("|")]
    for i, chunk in enumerate(chunks):
        pcm = spoken(chunk, voice, SPEEDS[level])
        for n, word in enumerate(chunk.split(), start=1):
            words.append((word, at + len(pcm) / INPUT_HZ * n / len(chunk.split())))
        parts.append(pcm)
        at += len(pcm) / INPUT_HZ
        if i < len(chunks) - 1:
            pause = every_s or pause_s(level, rng)
            parts.append(np.zeros(round(pause * INPUT_HZ), np.int16))
            at += pause
    speech = np.concatenate([*parts, np.zeros(round(TAIL_S * INPUT_HZ), np.int16)])
    in_room = np.clip(speech + room_tone(len(speech), rng), -32768, 32767).astype(np.int16)
    return Spoken(in_room, tuple(words), len(chunks) - 1, at)


@dataclass(frozen=True, slots=True)
class Recording:
    """At INPUT_HZ, without lengthened pauses."""

    name: str
    pcm: Pcm
    words: tuple[str, ...]


def recordings(folder: Path) -> Iterator[Recording]:
    """Raises FileNotFoundError if a transcript is missing, ValueError if the folder is empty."""
    paths = sorted(folder.glob("*.wav"))
    if not paths:
        raise ValueError(f"no NAME.wav in {folder}")
    for path in paths:
        words = re.findall(r"[\w'’-]+", path.with_suffix(".txt").read_text("utf-8"))
        yield Recording(path.stem, _read(path), tuple(words))


def _read(path: Path) -> Pcm:
    with wave.open(str(path), "rb") as reader:
        if reader.getsampwidth() != 2:
            raise ValueError(f"{path} has no 16 bits a sample")
        raw = np.frombuffer(reader.readframes(reader.getnframes()), np.int16)
        rate, channels = reader.getframerate(), reader.getnchannels()
    mono: Pcm = raw.reshape(-1, channels).mean(axis=1).astype(np.int16)
    resampler = Resampler(rate, INPUT_HZ)
    return np.concatenate([resampler.feed(mono), resampler.finish()])


SHORTEST_PAUSE_S = 0.15
"""Shorter gaps are the closures of consonants."""


def hesitantly(recording: Recording, level: str, rng: np.random.Generator) -> Spoken:
    """The recording from its first to its last word, with pauses at least as long as a learner's."""
    frames = recording.pcm[: len(recording.pcm) // INPUT_FRAME * INPUT_FRAME].reshape(-1, INPUT_FRAME)
    levels = np.array([dbfs(frame) for frame in frames])
    room = _room_of(frames, levels)
    parts: list[Pcm] = []
    voiced: list[tuple[float, float]] = []
    at, pauses = 0.0, 0
    for is_voiced, first, last in _runs(levels):
        length = (last - first) * FRAME_S
        parts.append(frames[first:last].reshape(-1))
        if is_voiced:
            voiced.append((at, at + length))
        else:
            pauses += 1
            missing_s = max(0.0, pause_s(level, rng) - length)
            parts.append(_lasting(room, missing_s))
            length += len(parts[-1]) / INPUT_HZ
        at += length
    parts.append(_lasting(room, TAIL_S))
    return Spoken(np.concatenate(parts), _spread(recording.words, voiced), pauses, at)


def paused_once(recording: Recording, seconds: float) -> Spoken:
    """The recording from its first to its last word, with one pause where its middle part is quietest: mostly
    between phrases.
    """
    frames = recording.pcm[: len(recording.pcm) // INPUT_FRAME * INPUT_FRAME].reshape(-1, INPUT_FRAME)
    levels = np.array([dbfs(frame) for frame in frames])
    room, runs = _room_of(frames, levels), _runs(levels)
    first, last = runs[0][1], runs[-1][2]
    smooth = np.convolve(levels, np.ones(3) / 3, "same")
    begin, end = first + round((last - first) * 0.3), first + round((last - first) * 0.75)
    cut = begin + int(smooth[begin:end].argmin())
    before, after = frames[first:cut].reshape(-1), frames[cut:last].reshape(-1)
    pause = _lasting(room, seconds)
    pcm = np.concatenate([before, pause, after, _lasting(room, TAIL_S)])
    resumes = (len(before) + len(pause)) / INPUT_HZ
    ends = resumes + len(after) / INPUT_HZ
    voiced = [(0.0, len(before) / INPUT_HZ), (resumes, ends)]
    return Spoken(pcm, _spread(recording.words, voiced), 1, ends)


def _runs(levels: npt.NDArray[np.float64]) -> Sequence[tuple[bool, int, int]]:
    """(is speech, first frame, frame after the last), alternating, beginning and ending with speech."""
    floor, loud = np.percentile(levels, [5, 95])
    if loud - floor < 15:
        raise ValueError("no speech above the noise of the room")
    voiced = np.flatnonzero(levels > floor + (loud - floor) * 0.35)
    gaps = np.flatnonzero(np.diff(voiced) > SHORTEST_PAUSE_S / FRAME_S)
    starts = [int(voiced[0]), *(int(voiced[gap + 1]) for gap in gaps)]
    ends = [*(int(voiced[gap]) + 1 for gap in gaps), int(voiced[-1]) + 1]
    runs: list[tuple[bool, int, int]] = []
    for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if i:
            runs.append((False, ends[i - 1], start))
        runs.append((True, start, end))
    return runs


def _room_of(frames: npt.NDArray[np.int16], levels: npt.NDArray[np.float64]) -> Pcm:
    """The quietest 0.2 s."""
    count = 10
    sums = np.convolve(levels, np.ones(count), "valid")
    first = int(sums.argmin())
    return frames[first : first + count].reshape(-1)


def _lasting(room: Pcm, seconds: float) -> Pcm:
    """Played forwards and backwards, so that there is no discontinuity."""
    both = np.concatenate([room, room[::-1]])
    samples = round(seconds * INPUT_HZ)
    return np.tile(both, samples // len(both) + 1)[:samples]


def _spread(words: Sequence[str], voiced: Sequence[tuple[float, float]]) -> tuple[tuple[str, float], ...]:
    """Second at which each word ends, if all letters have the same duration."""
    letters = np.cumsum([len(word) + 1 for word in words])
    speech = np.cumsum([end - start for start, end in voiced])
    found: list[tuple[str, float]] = []
    for word, share in zip(words, letters / letters[-1] * speech[-1], strict=True):
        run = min(int(np.searchsorted(speech, share - 1e-9)), len(voiced) - 1)
        found.append((word, voiced[run][1] - float(speech[run] - share)))
    return tuple(found)
