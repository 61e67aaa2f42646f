"""The corrector in the calling process: for tools and tests. The worker has it in a process of its own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ai_agent.tutor.corrector.judgement import Judgement, Outcome

if TYPE_CHECKING:
    from ai_agent.tutor.corrector.correct import Corrector


@cache
def corrector() -> Corrector:
    """Takes about 1 s and 200 MB. Raises ModuleNotFoundError if the parser is not installed."""
    # imported here because the worker needs only the results, not the parser
    from ai_agent.tutor.corrector.correct import Corrector  # noqa: PLC0415 - loads a parser of 100 MB
    from ai_agent.tutor.corrector.parser import Parser  # noqa: PLC0415 - the same

    return Corrector(Parser())


def judge(
    text: str,
    *,
    spoken: bool = False,
    confidence: float = 1.0,
    native: str | None = None,
    tutor: str = "Emma",
) -> Judgement:
    """See `Corrector.judge`. UNSURE where no parser is installed."""
    try:
        ready = corrector()
    except ModuleNotFoundError:
        return Judgement(Outcome.UNSURE)
    return ready.judge(text, spoken=spoken, confidence=confidence, native=native, tutor=tutor)
