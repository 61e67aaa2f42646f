"""How often a learner is cut off in a pause, and what waiting costs. `python -m tests.bench.end_of_turn`

Sentences are spoken with pauses as learners make them: where they search for a word, of lengths drawn for the
level (lognormal; second-language speakers pause about half a second, longer and oftener the less they know).
The real VAD hears them; words come from the script, at the moment they are spoken.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai_agent.audio import EAR_FRAME, EAR_HZ, FRAME_S, Pcm
from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.ports import EngineCard, SttEvent
from ai_agent.turns.endpointing import DELAY_S
from ai_agent.vad.onnx_model import OnnxVad
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import spoken
from tests.fakes.speech import Room, ScriptedLlm

PAUSES = {
    "A1": (0.55, 0.45),
    "A2": (0.50, 0.42),
    "B1": (0.42, 0.40),
    "B2": (0.38, 0.38),
    "C1": (0.33, 0.36),
    "C2": (0.28, 0.34),
}
"""Median seconds, and sigma of the logarithm."""
SPEEDS = {"A1": 110, "A2": 120, "B1": 135, "B2": 150, "C1": 165, "C2": 175}

# A bar is where a learner stops to think.
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
    """`words`: text and the second at which it was said whole. `ends`: second of the last speech."""

    pcm: Pcm
    words: tuple[tuple[str, float], ...]
    pauses: int
    ends: float


def perform(sentence: str, level: str, rng: np.random.Generator) -> Spoken:
    median, sigma = PAUSES[level]
    voice = ("en-us", "en-us+f3", "en-gb", "en-us+m3")[int(rng.integers(4))]
    parts: list[Pcm] = []
    words: list[tuple[str, float]] = []
    at = 0.0
    chunks = [chunk.strip() for chunk in sentence.split("|")]
    for i, chunk in enumerate(chunks):
        pcm = spoken(chunk, voice, SPEEDS[level])
        for n, word in enumerate(chunk.split(), start=1):
            words.append((word, at + len(pcm) / EAR_HZ * n / len(chunk.split())))
        parts.append(pcm)
        at += len(pcm) / EAR_HZ
        if i < len(chunks) - 1:
            pause = float(np.clip(rng.lognormal(np.log(median), sigma), 0.1, 4.0))
            parts.append(np.zeros(round(pause * EAR_HZ), np.int16))
            at += pause
    return Spoken(np.concatenate(parts), tuple(words), len(chunks) - 1, at)


class ScriptReader:
    """A recogniser that knows what is said, and has heard it by the time it was said."""

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


async def listen(speech: Spoken, level: str, model: OnnxVad) -> tuple[int, float]:
    """How often the turn was ended too early, and how long after the speech it ended at last."""
    reader = ScriptReader()
    reader.words = list(speech.words)
    room = Room(
        stt=reader,
        vad=DirectVad(model),
        llm=ScriptedLlm([""]),
        voiceless=True,
        lesson=Lesson("Emma", "en", level, "life"),
        people=(Learner("ann", "Ann", level=level),),
    )
    async with room:
        hiss = np.random.default_rng(0).normal(0, 12, len(speech.pcm) + 5 * EAR_HZ)
        hiss[: len(speech.pcm)] += speech.pcm
        sound = np.clip(hiss, -32768, 32767).astype(np.int16)
        started = room.now
        for at in range(0, len(sound) - EAR_FRAME, EAR_FRAME):
            reader.now = room.now - started
            await room.run(FRAME_S, ann=sound[at : at + EAR_FRAME])
            finals = [text for text in room.stage.finals if text]
            if sum(len(text.split()) for text in finals) == len(speech.words):
                return len(finals) - 1, room.now - started - speech.ends
    raise AssertionError("the turn did not end")


async def measure(levels: Sequence[str], rounds: int) -> dict[str, list[tuple[int, int, float]]]:
    """For each level a list of (pauses, cut-offs, seconds from the end of speech to the end of turn)."""
    model = OnnxVad()
    results: dict[str, list[tuple[int, int, float]]] = {}
    for level in levels:
        rng = np.random.default_rng(list(PAUSES).index(level))
        results[level] = []
        for _ in range(rounds):
            for sentence in SENTENCES[level[0]]:
                speech = perform(sentence, level, rng)
                cuts, delay = await listen(speech, level, model)
                results[level].append((speech.pauses, cuts, delay))
    return results


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=4, help="each says the twelve sentences of a level")
    rounds = parser.parse_args().rounds
    print("level  setting  pauses  cut off   turns cut  end of speech to end of turn p50 / p95")
    for level, turns in asyncio.run(measure(list(PAUSES), rounds)).items():
        pauses = sum(turn[0] for turn in turns)
        cuts = sum(turn[1] for turn in turns)
        cut_turns = sum(turn[1] > 0 for turn in turns)
        p50, p95 = np.percentile([turn[2] for turn in turns], [50, 95])
        print(
            f"{level:5} {DELAY_S[level] * 1000:6.0f} ms {pauses:6} {cuts / pauses:8.1%}"
            f" {cut_turns / len(turns):10.1%} {p50 * 1000:10.0f} / {p95 * 1000:.0f} ms"
        )


if __name__ == "__main__":
    main()
