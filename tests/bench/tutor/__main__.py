"""`python -m tests.bench.tutor [--quick] [--speech FOLDER] [FIGURE ...]`: measures the tutor."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench.end_of_turn import end_of_turn
from tests.bench.figures import Row
from tests.bench.tutor.added_delay import added_delay
from tests.bench.tutor.barge_in import barge_in
from tests.bench.tutor.crowd import silent_people
from tests.bench.tutor.engines import engines
from tests.bench.tutor.local_set import local_set
from tests.bench.tutor.sessions import sessions
from tests.bench.tutor.speakable import speakable
from tests.bench.tutor.start import start
from tests.bench.tutor.voice_to_voice import voice_to_voice
from tests.bench.tutor.worker_memory import worker_memory

Figure = Callable[[bool], Awaitable[list[Row]]]


def figures(speech: Path | None) -> dict[str, Figure]:
    return {**FIGURES, "engines": lambda quick: engines(3 if quick else 12, speech)}


FIGURES: dict[str, Figure] = {
    "voice-to-voice": lambda quick: voice_to_voice(5 if quick else 40),
    "barge-in": lambda quick: barge_in(4 if quick else 50),
    "local-set": lambda quick: local_set(3 if quick else 20),
    "silent-people": lambda quick: silent_people(3 if quick else 15),
    "added-delay": lambda quick: added_delay(4 if quick else 12),
    "sessions": lambda quick: sessions(8 if quick else 20),
    "speakable": lambda quick: speakable(20 if quick else 300),
    "start": lambda quick: start(1 if quick else 3),
    "worker-memory": lambda _: worker_memory(),
    "end-of-turn": lambda quick: end_of_turn(1 if quick else 4),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.tutor")
    parser.add_argument("figures", nargs="*", help=f"any of: {', '.join(figures(None))}; all if none")
    parser.add_argument("--quick", action="store_true", help="short runs, to check that the benchmark works")
    parser.add_argument("--speech", type=Path, metavar="FOLDER", help="recordings with texts, for `engines`")
    arguments = parser.parse_args()
    known = figures(arguments.speech)
    if unknown := set(arguments.figures) - set(known):
        parser.error(f"unknown figure: {', '.join(sorted(unknown))}")
    is_met = True
    for name in arguments.figures or list(known):
        for row in asyncio.run(_measure(known[name], quick=arguments.quick)):
            print(row.line, flush=True)
            is_met = is_met and row.is_met
    return 0 if is_met else 1


async def _measure(figure: Figure, *, quick: bool) -> list[Row]:
    return await figure(quick)


if __name__ == "__main__":
    sys.exit(main())
