"""The local engines: word error rate of pocketsphinx, and latency of pocketsphinx and espeak-ng.

    python -m tests.bench.local_engines [sentences]

The speech is espeak-ng's in three voices, so a run needs no recordings. `lesson`: sentences like those that
the small language model was made for, but not drawn from it. `free`: other sentences.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.providers.local.espeak import EspeakTts
from ai_agent.providers.local.sphinx import SphinxStt
from ai_agent.providers.ports import SpeechRequest
from ai_agent.resampler import Resampler

VOICES = ("en-us", "en-gb-x-rp", "en-us+f3")
FREE = (
    "the committee decided to postpone the election until november",
    "scientists have discovered a planet that is larger than jupiter",
    "my landlord refuses to repair the heating although it broke in january",
    "the train was delayed because of a signal failure outside the station",
    "nobody could explain why the prices had risen so quickly",
    "she stared out of the window and said nothing for a while",
    "he apologised for having forgotten the appointment",
    "the bridge was built by engineers in the nineteenth century",
    "whatever you decide please let us know before friday",
    "most of the passengers were asleep when the storm began",
    "the minister promised to reduce taxes for small businesses",
    "we ought to have brought an umbrella and some sandwiches",
)
LESSON = (
    "my brother works in a hospital because he likes helping people",
    "last weekend i visited my grandmother and we cooked dinner together",
    "i don't like cold weather because i am always tired",
    "can you explain the difference please",
    "on saturday i usually play tennis with my cousin",
    "i want to travel to japan next summer with my friends",
    "there are two parks near my house",
    "my favourite season is spring because it is warm",
    "we had a very good time at the beach",
    "she has worked in a bank for three years",
    "i think that reading books is better than watching films",
    "how often do you go to the cinema",
    "i am learning english because i need it for my work",
    "yesterday it was raining so we stayed at home",
    "my hometown is small but very beautiful",
    "if i had a lot of money i would buy a big house",
    "he doesn't eat meat but he likes fish",
    "i have never been to london",
)


@dataclass
class Tally:
    wrong: int = 0
    words: int = 0
    flush_ms: list[float] = field(default_factory=list)
    first_ms: list[float] = field(default_factory=list)


async def main(count: int) -> None:
    tts, stt = EspeakTts(), SphinxStt(processes=1)
    await asyncio.gather(tts.warm_up(), stt.warm_up())
    for name, sentences in (("lesson", LESSON[:count]), ("free", FREE[:count])):
        tally = Tally()
        for sentence, voice in zip(sentences, itertools.cycle(VOICES), strict=False):
            await transcribe(stt, sentence, await speak(tts, sentence, voice, tally), tally)
        print(f"{name}: {100 * tally.wrong / tally.words:.0f} % of {tally.words} words wrong")
        print(f"  finals after the flush: {spread(tally.flush_ms)}; first audio: {spread(tally.first_ms)}")
    await stt.aclose()
    await tts.aclose()


def spread(times: Sequence[float]) -> str:
    return f"p50 {np.percentile(times, 50):.1f} ms, p95 {np.percentile(times, 95):.1f} ms"


async def speak(tts: EspeakTts, sentence: str, voice: str, tally: Tally) -> Pcm:
    requested = time.perf_counter()
    parts: list[Pcm] = []
    async with aclosing(tts.speak(SpeechRequest(sentence, "en", voice=voice, rate=0.9))) as chunks:
        async for chunk in chunks:
            if not parts:
                tally.first_ms.append((time.perf_counter() - requested) * 1000)
            parts.append(chunk.pcm)
    resampler = Resampler(tts.sample_rate, INPUT_HZ)
    quiet = np.zeros(INPUT_HZ // 5, np.int16)
    return np.concatenate([quiet, resampler.feed(np.concatenate(parts)), resampler.finish(), quiet])


async def transcribe(stt: SphinxStt, sentence: str, speech: Pcm, tally: Tally) -> None:
    """Push the speech in real time."""
    stream = await stt.open("en")
    frames = np.array_split(speech, len(speech) // 320)
    began = time.perf_counter()
    for index, frame in enumerate(frames):
        await asyncio.sleep(max(0.0, began + index * 0.02 - time.perf_counter()))
        stream.push(frame)
    stream.flush()
    flushed = time.perf_counter()
    heard = []
    async for event in stream:
        if event.kind == "final":
            heard += event.text.split()
        elif event.kind == "flushed":
            break
    tally.flush_ms.append((time.perf_counter() - flushed) * 1000)
    await stream.aclose()
    tally.wrong += distance(sentence.split(), heard)
    tally.words += len(sentence.split())


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Number of words to insert, delete or replace."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(said, start=1):
        before, row[0] = row[:], index
        for at, other in enumerate(heard, start=1):
            row[at] = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (word != other))
    return row[-1]


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 18))
