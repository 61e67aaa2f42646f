"""The local engines of English: wrong words, times, memory, CPU, of the default ones and their reserves.

Without a folder the speech is synthetic: sentences like those of a lesson and free ones, spoken by hibari and
by espeak-ng. A folder of recordings has `texts.tsv` with the columns `file` and `text`, or beside each
recording a `.txt` of its name.
"""

from __future__ import annotations

import asyncio
import csv
import itertools
import math
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import av
import numpy as np
import psutil

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import ProviderError
from ai_agent.providers.local.espeak import EspeakTts
from ai_agent.providers.local.hibari import HibariTts
from ai_agent.providers.local.moonshine import MoonshineStt
from ai_agent.providers.local.sphinx import SphinxStt
from ai_agent.providers.ports import SpeechRequest, Stt, SttEvent, SttStream, Tts
from ai_agent.resampler import Resampler
from tests.bench.figures import Row
from tests.bench.stats import percentiles
from tests.bench.tutor.sentences import FREE, LESSON

FRAME = 320
FRAME_S = 0.02
FLUSH_AFTER_S = 0.25
"""The dialogue asks for the last words after this much of a pause."""
QUIET = np.zeros(INPUT_HZ // 4, np.int16)
ESPEAK_VOICES = ("en-us", "en-gb-x-rp", "en-us+f3")
AUDIO = frozenset({".wav", ".flac", ".ogg", ".mp3"})


@dataclass(frozen=True, slots=True)
class Clip:
    pcm: Pcm
    text: str


@dataclass
class Tally:
    """`by_grade`: wrong words and words of the finals of each grade of confidence. `failed`: clips that the
    engine gave up, for example because its process hung; all their words count as wrong.
    """

    wrong: int = 0
    words: int = 0
    audio_s: float = 0.0
    failed: int = 0
    final_ms: list[float] = field(default_factory=list)
    by_grade: dict[str, list[int]] = field(default_factory=dict)


class WarmStt(Stt, Protocol):
    async def warm_up(self) -> None: ...


async def engines(count: int, folder: Path | None) -> list[Row]:
    """`count`: clips that are pushed in real time, for the times; words are counted in all."""
    rows: list[Row] = []
    sets = await synthetic(rows)
    if folder is not None:
        sets = {folder.name: list(recordings(folder)), **sets}
    for name, make in (("Moonshine", MoonshineStt), ("pocketsphinx", lambda: SphinxStt(processes=1))):
        stt: WarmStt = make()
        began = time.monotonic()
        await stt.warm_up()
        rows.append(Row(f"{name}: start", (time.monotonic() - began) * 1000, "ms"))
        for set_name, clips in sets.items():
            rows += await figures(f"{name}, {set_name}", stt, clips, count)
        await stt.aclose()
    return rows


async def figures(name: str, stt: WarmStt, clips: Sequence[Clip], in_real_time: int) -> list[Row]:
    tally = Tally()
    for clip in clips:
        await transcribe(stt, clip, tally)
    timed = Tally()
    await stt.warm_up()  # a process that failed is replaced
    child, memory_mb, share = children()[0], math.nan, math.nan
    cpu = cpu_s(child)
    for clip in clips[:in_real_time]:
        await transcribe(stt, clip, timed, in_real_time=True)
    with suppress(psutil.NoSuchProcess):  # it failed just now
        share = (cpu_s(child) - cpu) / timed.audio_s
        memory_mb = child.memory_full_info().pss / 1e6
    rows = [
        Row(f"{name}: words wrong", 100 * tally.wrong / tally.words, f"% of {tally.words}"),
        Row(f"{name}: pause to final words, p50", percentiles(timed.final_ms)["p50"], "ms"),
        Row(f"{name}: pause to final words, p95", percentiles(timed.final_ms)["p95"], "ms"),
        Row(f"{name}: CPU of speech, with partials", 100 * share, "%"),
        Row(f"{name}: memory of its process", memory_mb, "MB"),
        Row(f"{name}: clips that failed", tally.failed, f"of {len(clips)}"),
    ]
    for grade in ("low", "middle", "high"):
        if grade in tally.by_grade:
            wrong, words = tally.by_grade[grade]
            rows.append(Row(f"{name}: wrong at {grade} confidence", 100 * wrong / words, f"% of {words}"))
    return rows


async def synthetic(rows: list[Row]) -> dict[str, list[Clip]]:
    """Adds the times of the voices to `rows`."""
    sets: dict[str, list[Clip]] = {}
    for name, tts, voices in (
        ("hibari", HibariTts(), ("heart",)),
        ("espeak-ng", EspeakTts(), ESPEAK_VOICES),
    ):
        began = time.monotonic()
        await tts.warm_up()
        rows.append(Row(f"{name}: start", (time.monotonic() - began) * 1000, "ms"))
        first_ms: list[float] = []
        for kind, sentences in (("lesson", LESSON), ("free", FREE)):
            sets[f"{kind} by {name}"] = [
                Clip(await speak(tts, sentence, voice, first_ms), sentence)
                for sentence, voice in zip(sentences, itertools.cycle(voices), strict=False)
            ]
        found = percentiles(first_ms)
        rows += [Row(f"{name}: first audio of a sentence, {p}", found[p], "ms") for p in ("p50", "p95")]
        rows.append(Row(f"{name}: memory", children()[0].memory_full_info().pss / 1e6, "MB"))
        await tts.aclose()
    return sets


async def speak(tts: Tts, sentence: str, voice: str, first_ms: list[float]) -> Pcm:
    requested = time.perf_counter()
    parts: list[Pcm] = []
    async with aclosing(tts.speak(SpeechRequest(sentence, "en", voice=voice, rate=0.9))) as chunks:
        async for chunk in chunks:
            if not parts:
                first_ms.append((time.perf_counter() - requested) * 1000)
            parts.append(chunk.pcm)
    resampler = Resampler(tts.sample_rate, INPUT_HZ)
    return np.concatenate([resampler.feed(np.concatenate(parts)), resampler.finish()])


def recordings(folder: Path) -> Iterator[Clip]:
    """Yield the recordings that have a text. Raises FileNotFoundError if there are none."""
    table = folder / "texts.tsv"
    texts: dict[str, str] = {}
    if table.exists():
        with table.open(encoding="utf-8") as lines:
            texts = {row["file"]: row["text"] for row in csv.DictReader(lines, delimiter="\t")}
    found = False
    for path in sorted(folder.iterdir()):
        beside = path.with_suffix(".txt")
        text = texts.get(path.name) or (beside.read_text(encoding="utf-8") if beside.exists() else "")
        if path.suffix in AUDIO and text:
            found = True
            yield Clip(read_audio(path), text)
    if not found:
        raise FileNotFoundError(f"no recording with a text in {folder}")


def read_audio(path: Path) -> Pcm:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=INPUT_HZ)
    with av.open(str(path)) as container:
        frames = itertools.chain(container.decode(audio=0), (None,))
        parts = [part.to_ndarray().reshape(-1) for frame in frames for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.int16)


async def transcribe(stt: Stt, clip: Clip, tally: Tally, *, in_real_time: bool = False) -> None:
    """The clip, then the pause after which the dialogue flushes."""
    stream = await stt.open("en")
    speech = np.concatenate([QUIET, clip.pcm, QUIET])
    began = time.perf_counter()
    for index, start in enumerate(range(0, len(speech), FRAME)):
        if in_real_time:
            await asyncio.sleep(max(0.0, began + index * FRAME_S - time.perf_counter()))
        stream.push(speech[start : start + FRAME])
    flushed = time.perf_counter()
    stream.flush()
    finals: list[SttEvent] = []
    try:
        finals = [event async for event in until_flushed(stream) if event.kind == "final"]
        tally.final_ms.append((time.perf_counter() - flushed) * 1000)
    except ProviderError:
        tally.failed += 1
    await stream.aclose()
    count(clip, finals, tally)
    tally.audio_s += len(speech) / INPUT_HZ


async def until_flushed(stream: SttStream) -> AsyncIterator[SttEvent]:
    async for event in stream:
        if event.kind == "flushed":
            return
        yield event


def count(clip: Clip, finals: Sequence[SttEvent], tally: Tally) -> None:
    said, heard = words_of(clip.text), words_of(" ".join(event.text for event in finals))
    wrong = distance(said, heard)
    tally.wrong += wrong
    tally.words += len(said)
    sure = [event for event in finals if event.confidence is not None]
    if sure:
        worst = min(sure, key=lambda event: event.confidence or 0.0)
        grade = tally.by_grade.setdefault(str(worst.scale.grade(worst.confidence or 0.0)), [0, 0])
        grade[0] += wrong
        grade[1] += len(said)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("-", " "))


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Number of words to insert, delete or replace."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(said, start=1):
        before, row[0] = row[:], index
        for at, other in enumerate(heard, start=1):
            row[at] = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (word != other))
    return row[-1]


def children() -> list[psutil.Process]:
    return psutil.Process().children()


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
