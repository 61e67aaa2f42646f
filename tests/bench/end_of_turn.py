"""How often a learner is cut off in a pause, and how long turns take to end.

`python -m tests.bench.end_of_turn [--rounds N] [--clips DIR [--pauses S [S ...] --level B1]]`: of synthetic
speech, or of the recordings in a folder (described in `tests/fakes/paused_speech.py`), each once at every
level. With --pauses, one pause of that length is put into each recording at a natural place. The VAD and the
judge of finished speech are the real ones (--no-judge: without the judge); words come from the script, at the
moment they are spoken.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_FRAME, Pcm
from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.ports import EngineCard, SttEvent
from ai_agent.turns.endpointing import DELAY_S
from ai_agent.vad.finished import FinishedJudge, FinishedModel, OnJudgement, SmartTurn
from ai_agent.vad.model import VadModel, load_model
from tests.bench.figures import Row
from tests.fakes.direct_vad import DirectVad
from tests.fakes.paused_speech import (
    PAUSES,
    SENTENCES,
    Spoken,
    hesitantly,
    paused_once,
    perform,
    recordings,
)
from tests.fakes.speech import Room, ScriptedLlm

MOST_CUT = 5.0
"""Percent of pauses and of turns, at each level."""


class ScriptReader:
    """A recogniser that returns each word of a script at the moment it was spoken."""

    def __init__(self) -> None:
        self.card = EngineCard("script", "test", is_cloud=False)
        self.detects_turns = False
        self.words: list[tuple[str, float]] = []
        self.now = 0.0
        self._events: asyncio.Queue[SttEvent] = asyncio.Queue()

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> ScriptReader:
        return self

    def push(self, pcm: Pcm) -> None:
        pass

    def flush(self) -> None:
        said = [word for word, at in self.words if at <= self.now + 0.1]
        self.words = self.words[len(said) :]
        if said:
            self._events.put_nowait(SttEvent("final", " ".join(said)))
        self._events.put_nowait(SttEvent("flushed"))

    def __aiter__(self) -> ScriptReader:
        return self

    async def __anext__(self) -> SttEvent:
        return await self._events.get()

    async def aclose(self) -> None:
        pass


class DirectJudge:
    """Judges at once; in the product that takes 30 to 60 ms of a pause of 250 ms or more."""

    def __init__(self, model: FinishedModel) -> None:
        self._model = model

    def judge(self, speech: Pcm, on_judgement: OnJudgement) -> None:
        on_judgement(self._model.probability(speech))


async def listen(
    speech: Spoken, level: str, model: VadModel, judge: FinishedJudge | None = None
) -> tuple[int, float]:
    """How often the turn was ended early, and the time from the end of speech to its last end."""
    reader = ScriptReader()
    reader.words = list(speech.words)
    room = Room(
        stt=reader,
        vad=DirectVad(model),
        llm=ScriptedLlm([""]),
        voiceless=True,
        lesson=Lesson("Emma", "en", level, "life"),
        people=(Learner("ann", "Ann", level=level),),
        judge=judge,
    )
    async with room:
        started = room.now
        for at in range(0, len(speech.pcm) - INPUT_FRAME, INPUT_FRAME):
            reader.now = room.now - started
            await room.run(FRAME_S, ann=speech.pcm[at : at + INPUT_FRAME])
            finals = [text for text in room.sink.finals if text]
            if sum(len(text.split()) for text in finals) == len(speech.words):
                return len(finals) - 1, room.now - started - speech.ends
    raise TimeoutError("the turn did not end")


@dataclass(frozen=True, slots=True)
class Heard:
    """One turn. `late_s`: from the end of speech to the end of the turn."""

    pauses: int
    cuts: int
    late_s: float


Say = Callable[[str, np.random.Generator], Iterator[Spoken]]
"""Every sentence or recording once at a level."""


def synthetic(level: str, rng: np.random.Generator) -> Iterator[Spoken]:
    for sentence in SENTENCES[level[0]]:
        yield perform(sentence, level, rng)


def recorded(folder: Path) -> Say:
    clips = list(recordings(folder))

    def say(level: str, rng: np.random.Generator) -> Iterator[Spoken]:
        for clip in clips:
            yield hesitantly(clip, level, rng)

    return say


async def measure(level: str, rounds: int, say: Say, judge: FinishedJudge | None = None) -> list[Heard]:
    model = load_model("onnx")
    rng = np.random.default_rng(list(PAUSES).index(level))
    heard: list[Heard] = []
    for _ in range(rounds):
        for speech in say(level, rng):
            cuts, late_s = await listen(speech, level, model, judge)
            heard.append(Heard(speech.pauses, cuts, late_s))
    return heard


def rows(level: str, turns: Sequence[Heard]) -> list[Row]:
    pauses = sum(turn.pauses for turn in turns)
    cuts = sum(turn.cuts for turn in turns)
    cut = sum(turn.cuts > 0 for turn in turns)
    p50, p95 = (1000 * float(late) for late in np.percentile([turn.late_s for turn in turns], [50, 95]))
    name = f"{level} ({DELAY_S[level] * 1000:.0f} ms)"
    found = [
        Row(f"{name}: turns cut off in a pause, of {len(turns)}", 100 * cut / len(turns), "%", MOST_CUT),
        Row(f"{name}: end of speech to end of turn, p50", p50, "ms"),
        Row(f"{name}: end of speech to end of turn, p95", p95, "ms"),
    ]
    if pauses:
        found.insert(0, Row(f"{name}: pauses cut off, of {pauses}", 100 * cuts / pauses, "%", MOST_CUT))
    return found


async def end_of_turn(rounds: int, say: Say = synthetic, judge: FinishedJudge | None = None) -> list[Row]:
    """A round plays the twelve sentences of a level, or each recording."""
    return [row for level in PAUSES for row in rows(level, await measure(level, rounds, say, judge))]


async def with_pauses(
    folder: Path, level: str, pauses: Sequence[float], judge: FinishedJudge | None
) -> list[Row]:
    """Each recording with one pause of each length, and how long its turn takes to end."""
    model, clips, found = load_model("onnx"), list(recordings(folder)), []
    late: list[float] = []
    for seconds in pauses:
        split = heard = 0
        for clip in clips:
            try:
                cuts, late_s = await listen(paused_once(clip, seconds), level, model, judge)
            except TimeoutError:
                continue  # the VAD does not hear its last words
            split, heard = split + (cuts > 0), heard + 1
            late.append(late_s)
        found.append(Row(f"{level}: turns split by a pause of {seconds:.1f} s, of {heard}", split, ""))
    p50 = 1000 * float(np.median(late))
    return [*found, Row(f"{level}: end of speech to end of turn, p50", p50, "ms", 900)]


def load_judge() -> FinishedJudge | None:
    """None if its package is not installed."""
    try:
        return DirectJudge(SmartTurn())
    except ImportError:
        return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.end_of_turn")
    parser.add_argument("--rounds", type=int, default=4, help="number of rounds")
    parser.add_argument("--clips", type=Path, metavar="DIR", help="recordings: NAME.wav and NAME.txt")
    parser.add_argument(
        "--pauses", type=float, nargs="+", metavar="S", help="put one pause into each recording"
    )
    parser.add_argument("--level", default="B1", choices=list(DELAY_S), help="with --pauses")
    parser.add_argument("--no-judge", action="store_true", help="words and silence alone")
    arguments = parser.parse_args()
    judge = None if arguments.no_judge else load_judge()
    if arguments.pauses:
        if arguments.clips is None:
            parser.error("--pauses needs --clips")
        found = asyncio.run(with_pauses(arguments.clips, arguments.level, arguments.pauses, judge))
    else:
        say = recorded(arguments.clips) if arguments.clips else synthetic
        found = asyncio.run(end_of_turn(arguments.rounds, say, judge))
    for row in found:
        print(row.line)
    return 0 if all(row.is_met for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
