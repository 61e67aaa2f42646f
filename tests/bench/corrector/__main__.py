"""`python -m tests.bench.corrector [-v]`: precision and recall of the corrector."""

from __future__ import annotations

import sys
import time

from tests.bench.corrector.evaluate import Score, evaluate


def main() -> None:
    for name in ("test", "dev"):
        started = time.perf_counter()
        score = evaluate(name)
        per_sentence = (time.perf_counter() - started) / (score.mistakes + score.right_sentences)
        _show(name, score, per_sentence * 1e3)


def _show(name: str, score: Score, ms: float) -> None:
    print(f"{name}: {score.mistakes} mistakes, {score.right_sentences} correct sentences, {ms:.1f} ms each")
    print(f"  corrections right  {score.precision:6.1%}")
    print(f"  mistakes found     {score.recall:6.1%}")
    print(f"  false alarms       {score.false_alarm_rate:6.1%} of the correct sentences")
    for category, outcomes in sorted(score.by_category.items()):
        print(f"    {category:14} {outcomes['right']:3} of {outcomes.total():3}, wrong {outcomes['wrong']}")
    if "-v" in sys.argv:
        for kind, pairs in (("wrong", score.wrong), ("false alarm", score.false_alarms)):
            for given, made in pairs:
                print(f"  {kind}: {given} -> {made}")


main()
