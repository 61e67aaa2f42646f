"""The diagrams in the README match the tables. Run this file to print them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import pytest

import ai_agent.dialogue
from ai_agent.dialogue import states, turn
from server.protocol.tutor import TutorState

README = Path(ai_agent.dialogue.__file__).with_name("README.md")
S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


def diagram(table: Mapping[tuple[S, E], S], initial: S) -> str:
    """Mermaid; events that keep the state are left out."""
    arrows: dict[tuple[S, S], list[str]] = {}
    for (state, event), following in table.items():
        if state is not following:
            arrows.setdefault((state, following), []).append(event.value)
    lines = [f"    {a.value} --> {b.value}: {', '.join(sorted(events))}" for (a, b), events in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {initial.value}", *sorted(lines), "```"])


DIAGRAMS = {
    "states.py": diagram(states.TABLE, TutorState.IDLE),
    "turn.py, speech": diagram(turn.SPEECH_TABLE, turn.SpeechState.PAUSED),
    "turn.py, words": diagram(turn.WORDS_TABLE, turn.WordsState.OPEN),
}


@pytest.mark.parametrize("name", DIAGRAMS)
def test_the_readme_shows_the_table(name: str) -> None:
    assert DIAGRAMS[name] in README.read_text("utf-8"), f"{name}: put this into the README\n{DIAGRAMS[name]}"


if __name__ == "__main__":
    for name, text in DIAGRAMS.items():
        print(f"{name}\n{text}\n")
