"""The engines of one chain, in order, and which of them answers now."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from ai_agent.errors import EngineUnavailable, ProviderError, RateLimited, RequestRefused
from ai_agent.providers.chain.circuit import Circuit
from ai_agent.providers.ports import EngineCard

RETRY_PAUSE_S = 0.2
LONGEST_RETRY_PAUSE_S = 0.5
"""A vendor that asks for a longer pause is not waited for: the learner is."""


class Engine(Protocol):
    @property
    def card(self) -> EngineCard: ...


E = TypeVar("E", bound=Engine)


@dataclass(slots=True)
class Candidate(Generic[E]):
    """An engine and what is known of its health, by whichever job learnt it."""

    engine: E
    circuit: Circuit = field(default_factory=Circuit)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: until the first part, between parts, and how far all that came after the first may fall behind
    its own length, spoken. The last is for an engine that drips, which no limit between parts ends.
    """

    first_s: float
    gap_s: float
    behind_s: float


def _nobody(_: str) -> None:
    pass


class FallbackChain(Generic[E]):
    """`changed` is called whenever another engine than the last one answers. `fell_back`: another answers for
    one that failed, whose name it gets; each time, for it is counted.
    """

    def __init__(
        self,
        members: Sequence[Candidate[E]],
        changed: Callable[[], None],
        *,
        fell_back: Callable[[str], None] = _nobody,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not members:
            raise ValueError("a chain of nothing")
        self._members = tuple(members)
        self._changed = changed
        self._fell_back = fell_back
        self._clock = clock
        self._answering: Candidate[E] | None = None
        self._replaced: list[str] = []
        self._unanswered: set[str] = set()
        """Names of those that failed since anybody answered."""

    @property
    def current(self) -> E:
        """Who answered last, or is asked first."""
        return (self._answering or self.in_order()[0]).engine

    @property
    def replaced(self) -> tuple[str, ...]:
        """Names of those that failed here and come before the current one."""
        names = [member.engine.card.name for member in self._members]
        before = names[: names.index(self.current.card.name)]
        return tuple(name for name in before if name in self._replaced)

    def in_order(self) -> list[Candidate[E]]:
        """Whom to ask: the healthy in their order; if nobody is, those that may recover, soonest first.

        Raises nothing: with all out for good it is the last of the chain.
        """
        now = self._clock()
        healthy = [member for member in self._members if not member.circuit.is_open(now)]
        resting = [m for m in self._members if m.circuit.is_open(now) and not m.circuit.is_out]
        resting.sort(key=lambda member: member.circuit.open_until)
        return healthy + resting or [self._members[-1]]

    def has_better(self, than: Candidate[E]) -> bool:
        """Another would be asked first, if one were asked now."""
        return self.in_order()[0] is not than

    def answers(self, member: Candidate[E]) -> None:
        """It is heard, or its stream is there. That it works is for its circuit to be told."""
        before, self._answering = self._answering, member
        if before is not member and (before is not None or member is not self._members[0]):
            self._changed()
        left, self._unanswered = self._unanswered - {member.engine.card.name}, set()
        for name in left:
            self._fell_back(name)

    def failed(self, member: Candidate[E], error: ProviderError) -> None:
        member.circuit.failed(error, self._clock())
        name = member.engine.card.name
        self._unanswered.add(name)
        if not isinstance(error, RequestRefused) and name not in self._replaced:
            self._replaced.append(name)

    def pause_before_retry(self, member: Candidate[E], error: ProviderError) -> float | None:
        """Seconds; None: ask the next one. Time-outs are not repeated: they have cost enough."""
        if not isinstance(error, EngineUnavailable | RateLimited):
            return None
        pause = error.retry_after_s if error.retry_after_s is not None else RETRY_PAUSE_S
        if pause > LONGEST_RETRY_PAUSE_S or not member.circuit.may_retry(self._clock()):
            return None
        return pause
