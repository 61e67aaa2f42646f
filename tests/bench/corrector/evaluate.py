"""Evaluates the corrector on the sentences in the files of this folder.

`dev_*` were used to develop the rules; `test_*` were written independently, and no rule was made for them.
A correction is right if it equals one of the accepted sentences, apart from contractions; any other change is
wrong. A change of a correct sentence is a false alarm and lowers the precision.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from ai_agent.tutor.corrector import judge

_HERE = Path(__file__).parent
_SHORT = {
    "i'm": "i am", "it's": "it is", "i've": "i have", "i'd": "i would", "we've": "we have", "he's": "he is",
    "she's": "she is", "they're": "they are", "we're": "we are", "you're": "you are", "that's": "that is",
    "don't": "do not", "doesn't": "does not", "didn't": "did not", "isn't": "is not", "can't": "cannot",
}  # fmt: skip


@dataclass(slots=True)
class Score:
    """`by_category`: counts of outcomes. `wrong` and `false_alarms`: (sentence, its correction)."""

    right: int = 0
    missed: int = 0
    right_sentences: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)
    false_alarms: list[tuple[str, str]] = field(default_factory=list)
    by_category: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def mistakes(self) -> int:
        return self.right + self.missed + len(self.wrong)

    @property
    def precision(self) -> float:
        made = self.right + len(self.wrong) + len(self.false_alarms)
        return self.right / made if made else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.mistakes

    @property
    def false_alarm_rate(self) -> float:
        return len(self.false_alarms) / self.right_sentences


def evaluate(name: str) -> Score:
    """`name`: "dev", "test" or "heldout"."""
    score = Score()
    for line in (_HERE / f"{name}_mistakes.tsv").read_text("utf-8").splitlines():
        original, accepted, category = line.split("\t")
        made = judge(original).corrections
        outcome = _judge(made[0].corrected, accepted) if made else "missed"
        score.by_category.setdefault(category, Counter())[outcome] += 1
        if outcome == "right":
            score.right += 1
        elif outcome == "wrong":
            score.wrong.append((original, made[0].corrected))
        else:
            score.missed += 1
    for line in (_HERE / f"{name}_right.txt").read_text("utf-8").splitlines():
        score.right_sentences += 1
        if made := judge(line).corrections:
            score.false_alarms.append((line, made[0].corrected))
    return score


def _judge(corrected: str, accepted: str) -> str:
    return "right" if _plain(corrected) in {_plain(a) for a in accepted.split("|")} else "wrong"


def _plain(sentence: str) -> str:
    words = re.sub(r"[.,!?;]", "", sentence.lower().replace("’", "'")).split()
    return " ".join(_SHORT.get(word, word) for word in words)
