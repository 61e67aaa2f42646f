"""`python -m tests.bench.corrector [-v] [FILE ...]`: precision and recall, or every change of a file."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

from ai_agent.tutor.corrector import judge
from tests.bench.corrector.evaluate import Score, evaluate

SETS = ("test", "heldout", "dev")


def main() -> None:
    files = [Path(name) for name in sys.argv[1:] if name != "-v"]
    for file in files:
        show_changes(file)
    if not files:
        for name in SETS:
            started = time.process_time()
            score = evaluate(name)
            per_sentence = (time.process_time() - started) / (score.mistakes + score.right_sentences)
            _show(name, score, per_sentence * 1e3)


def show_changes(file: Path) -> None:
    """Prints each changed line with its correction and reasons, then the counts of outcomes."""
    outcomes = Counter[str]()
    started = time.process_time()
    lines = file.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        judgement = judge(line)
        outcomes[judgement.outcome.value] += 1
        for correction in judgement.corrections:
            print(f"{file.name}:{number}: {correction.original}")
            print(f"    -> {correction.corrected}")
            print(f"       {' '.join(correction.reasons)}")
    ms = (time.process_time() - started) / max(len(lines), 1) * 1e3
    found = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
    print(f"{file.name}: {len(lines)} lines: {found}; {ms:.1f} ms each")


def _show(name: str, score: Score, ms: float) -> None:
    print(f"{name}: {score.mistakes} mistakes, {score.right_sentences} correct sentences, {ms:.1f} ms each")
    print(f"  corrections right  {score.precision:6.1%}")
    print(f"  mistakes mended    {score.recall:6.1%}")
    print(f"  false alarms       {score.false_alarm_rate:6.1%} of the correct sentences")
    for category, outcomes in sorted(score.by_category.items()):
        print(f"    {category:14} {outcomes['right']:3} of {outcomes.total():3}, wrong {outcomes['wrong']}")
    if "-v" in sys.argv:
        for kind, pairs in (("wrong", score.wrong), ("false alarm", score.false_alarms)):
            for given, made in pairs:
                print(f"  {kind}: {given} -> {made}")


main()
