"""Is an overlap an interruption? `python -m tests.bench.overlaps [--seen | --record] [--engine pocketsphinx]`

Labelled clips (tests/fakes/overlap_clips.py) are played over the tutor's reply, with the real VAD and
Moonshine, or pocketsphinx. Time is virtual and excludes the recogniser's own. `--record` stores what the
recogniser returns for each clip, for the unit test; run it after any change of it or of its language model
(local/data/talk.txt). `--doubt`: its words are believed as little as pocketsphinx's.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_FRAME, INPUT_HZ, Pcm
from ai_agent.providers.local.decode_queue import Decoded
from ai_agent.providers.local.moonshine import MoonshineStt
from ai_agent.providers.local.moonshine_model import Moonshine, weights
from ai_agent.providers.local.moonshine_stream import is_noise
from ai_agent.providers.local.sphinx import SphinxStt
from ai_agent.providers.local.sphinx_child import Recogniser, open_decoders
from ai_agent.providers.ports import Stt, SttEvent, SttStream
from ai_agent.vad.onnx_model import OnnxVad
from server.protocol.tutor import TutorState
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import Clip, clips, unseen_clips
from tests.fakes.speech import Room, ScriptedLlm

ANSWER = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen."
HISS = np.random.default_rng(1).normal(0, 12, 50 * INPUT_FRAME).astype(np.int16)
"""A room that is not digitally silent, -69 dBFS."""
RECORDED = Path(__file__).parents[1] / "unit/ai_agent/turns"
ENGINES = MOONSHINE, SPHINX = ("moonshine", "pocketsphinx")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds from the clip's start; `paused_s` None: the VAD detected no speech in it.
    `heard`: the recogniser's words.
    """

    clip: Clip
    taken_for_interruption: bool
    heard: str
    paused_s: float | None
    decided_s: float | None

    @property
    def is_right(self) -> bool:
        return self.taken_for_interruption == self.clip.is_interruption


class PatientStt:
    """Makes a room wait until its flushes are answered."""

    def __init__(self, stt: Stt, *, doubt: bool) -> None:
        self.card = replace(stt.card, hears_noise=doubt or stt.card.hears_noise)
        self.detects_turns = False
        self._stt = stt
        self.stream: PatientStream | None = None

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> PatientStream:
        self.stream = PatientStream(await self._stt.open(language, hints=hints))
        return self.stream

    async def aclose(self) -> None:
        pass


class PatientStream:
    def __init__(self, stream: SttStream) -> None:
        self._stream = stream
        self._flushing = 0
        self.is_calm = asyncio.Event()
        self.is_calm.set()

    def push(self, pcm: Pcm) -> None:
        self._stream.push(pcm)

    def flush(self) -> None:
        self._flushing += 1
        self.is_calm.clear()
        self._stream.flush()

    def __aiter__(self) -> PatientStream:
        return self

    async def __anext__(self) -> SttEvent:
        event = await anext(self._stream)
        if event.kind == "flushed":
            self._flushing -= 1
            if not self._flushing:
                self.is_calm.set()
        return event

    async def aclose(self) -> None:
        await self._stream.aclose()


async def overlap(clip: Clip, engine: Stt, model: OnnxVad, *, doubt: bool) -> Outcome:
    stt = PatientStt(engine, doubt=doubt)
    async with Room(stt=stt, vad=DirectVad(model), llm=ScriptedLlm([ANSWER])) as room:
        room.dialogue.say("ann", "Count, please.")
        await room.run(1.0)
        assert room.state() is TutorState.SPEAKING
        still = np.zeros((-len(clip.pcm)) % INPUT_FRAME, np.int16)
        sound = np.concatenate([clip.pcm, still, HISS, HISS])
        started, paused, decided, heard = room.now, None, None, ""
        for at in range(0, len(sound), INPUT_FRAME):
            await room.run(FRAME_S, ann=sound[at : at + INPUT_FRAME])
            if stt.stream is not None:
                with contextlib.suppress(TimeoutError):  # a decoder died: the run continues without it
                    await asyncio.wait_for(stt.stream.is_calm.wait(), 10)
            heard = max(heard, *(text for _, text, _ in room.sink.transcripts[1:]), "", key=len)
            if paused is None and room.state() is TutorState.INTERRUPTED:
                paused = room.now - started
            if paused is not None and decided is None and room.state() is not TutorState.INTERRUPTED:
                decided = room.now - started
                break
        cut = bool(room.sink.spoken)
    return Outcome(clip, cut, heard, paused, decided)


async def measure(given: Iterable[Clip], engine: str, *, doubt: bool, at_once: int = 2) -> list[Outcome]:
    stt: SphinxStt | MoonshineStt
    stt, model = SphinxStt(processes=at_once) if engine == SPHINX else MoonshineStt(), OnnxVad()
    await stt.warm_up()
    turn = asyncio.Semaphore(at_once)

    async def one(clip: Clip) -> Outcome:
        async with turn:
            return await overlap(clip, stt, model, doubt=doubt)

    try:
        return await asyncio.gather(*(one(clip) for clip in given))
    finally:
        await stt.aclose()


def record(engine: str) -> None:
    """JSON by set, one line for each clip: its name, its words and their confidence."""
    hear = partial(heard_by_sphinx, Recogniser(open_decoders()))
    if engine == MOONSHINE:
        folder = weights()
        assert folder is not None, "Moonshine is not installed"
        hear = partial(heard_by_moonshine, Moonshine(folder))
    sets = {}
    for name, given in (("clips", clips()), ("unseen_clips", unseen_clips())):
        lines = [json.dumps([clip.name, *hear(clip)], ensure_ascii=False) for clip in given]
        sets[name] = f' "{name}": [\n  ' + ",\n  ".join(lines) + "\n ]"
    (RECORDED / f"overlap_words_{engine}.json").write_text(
        "{\n" + ",\n".join(sets.values()) + "\n}\n", "utf-8"
    )


def heard_by_moonshine(model: Moonshine, clip: Clip) -> tuple[str, float]:
    around = HISS[: INPUT_HZ // 5]
    tokens = model.decode(np.concatenate([around, clip.pcm, around]))
    confidence = float(np.mean([token.probability for token in tokens])) if tokens else 0.0
    decoded = Decoded((), tuple(model.words(tokens)), confidence)
    return ("", 0.0) if is_noise(decoded) else (decoded.text, round(confidence, 3))


def heard_by_sphinx(recogniser: Recogniser, clip: Clip) -> tuple[str, float]:
    """A decoder in the state in which pocketsphinx's process starts a speaker."""
    around = HISS[: INPUT_HZ // 5]
    recogniser.start(0, None)
    sound = np.concatenate([around, clip.pcm, around])
    for at in range(0, len(sound), INPUT_FRAME):
        recogniser.push(sound[at : at + INPUT_FRAME].astype("<i2").tobytes())
    told = recogniser.finish()
    sure = [word[3] for word in told["words"]]
    return told["text"], round(sum(sure) / max(1, len(sure)), 3)


def report(outcomes: Sequence[Outcome]) -> None:
    for kind in dict.fromkeys(o.clip.kind for o in outcomes):
        of_kind = [o for o in outcomes if o.clip.kind == kind]
        wrong = [f"{o.clip.name}: {o.heard}" for o in of_kind if not o.is_right]
        silent = sum(o.paused_s is None for o in of_kind)
        print(f"{kind:12} {len(of_kind):4} clips, {len(wrong):2} wrong, {silent:2} never paused  {wrong}")
    for wanted, name in ((True, "interruptions missed"), (False, "false interruptions that cut the tutor")):
        group = [o for o in outcomes if o.clip.is_interruption is wanted]
        wrong_share = sum(not o.is_right for o in group) / len(group)
        print(f"{name}: {wrong_share:.1%} of {len(group)}")
    for wanted, name in (
        (True, "speech to pause"),
        (True, "speech to cut"),
        (False, "pause of a false interruption"),
    ):
        group = [o for o in outcomes if o.clip.is_interruption is wanted and o.is_right and o.decided_s]
        if name == "speech to pause":
            times = [o.paused_s for o in group if o.paused_s is not None]
        elif name == "speech to cut":
            times = [o.decided_s for o in group if o.decided_s is not None]
        else:
            times = [o.decided_s - o.paused_s for o in group if o.decided_s and o.paused_s]
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{name}: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seen", action="store_true", help="the clips that the rules were tuned with")
    parser.add_argument("--record", action="store_true", help="write what it hears, for the unit test")
    parser.add_argument("--engine", choices=ENGINES, default=MOONSHINE)
    parser.add_argument("--doubt", action="store_true", help="as if it found words in noise")
    given = parser.parse_args()
    if given.record:
        record(given.engine)
    else:
        chosen = clips() if given.seen else unseen_clips()
        report(asyncio.run(measure(chosen, given.engine, doubt=given.doubt)))


if __name__ == "__main__":
    main()
