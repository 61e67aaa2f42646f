"""The labelled turns of groups, each with its context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ai_agent.turns.addressed import TurnContext
from ai_agent.turns.names import calls_by_name, last_sentence, talk_of
from ai_agent.turns.phrases import phrases

TUTOR = "Emma"
_LINE = re.compile(r"^(?:\(\+(?P<gap>\d+)\) )?(?P<who>\w+):(?P<star>\*?) (?P<text>.+)$")


@dataclass(frozen=True, slots=True)
class Utterance:
    who: str
    text: str
    context: TurnContext
    is_for_tutor: bool


def utterances(file: str = "group_talk.txt") -> Iterator[Utterance]:
    text = Path(__file__).with_name(file).read_text("utf-8")
    for dialogue in text.split("\n== ")[1:]:
        yield from _dialogue([m for line in dialogue.splitlines() if (m := _LINE.match(line))])


def _dialogue(lines: list[re.Match[str]]) -> Iterator[Utterance]:
    people = {m["who"] for m in lines} - {TUTOR}
    before: str | None = None
    spoken_to: str | None = None
    asked = False
    for line in lines:
        who = line["who"]
        if who == TUTOR:
            spoken_to, asked = _called(line["text"], people) or before, line["text"].endswith("?")
        else:
            relation = {None: None, TUTOR: "tutor", who: "speaker"}.get(before, "other")
            context = TurnContext(
                tutor_name=TUTOR,
                others=sorted(people - {who}),
                speaker=who,
                people=len(people),
                last_speaker=relation,
                tutor_asked=asked,
                tutor_spoke_to=spoken_to in {None, who},
                gap_s=float(line["gap"] or 2),
            )
            yield Utterance(who, line["text"], context, bool(line["star"]))
        before = who


def _called(text: str, people: set[str]) -> str | None:
    last = talk_of(last_sentence(text))
    return next((name for name in people if calls_by_name(last, name, phrases("en"))), None)
