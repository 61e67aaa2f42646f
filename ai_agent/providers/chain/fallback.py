"""Decides which engine of a chain is asked next: health of each engine, retries, and which one answers now.
Pure."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from ai_agent.errors import (
    AuthRefused,
    EngineTimeout,
    EngineUnavailable,
    ProviderError,
    RateLimited,
    RequestRefused,
)
from ai_agent.providers.ports import EngineCard

COOL_DOWN_S = 20.0
MAX_COOL_DOWN_S = 300.0
RETRY_TOKENS = 3.0
RETRY_REFILL_S = 10.0
"""One more retry each RETRY_REFILL_S, so that an engine that is down is not asked twice for everything."""
RETRY_DELAY_S = 0.2
MAX_RETRY_DELAY_S = 0.5
"""If a vendor asks for a longer delay the next engine is asked instead, because the learner is waiting."""


@dataclass(slots=True)
class CircuitBreaker:
    """Health of one engine, shared by all jobs of a worker. While open, until `open_until`, it is not asked.
    `is_slow`: the last failure was that it took too long.

    `now`: monotonic seconds.
    """

    open_until: float = -math.inf
    is_slow: bool = False
    failures: int = 0
    tokens: float = RETRY_TOKENS
    refilled_at: float = 0.0

    def is_open(self, now: float) -> bool:
        return now < self.open_until

    @property
    def is_out(self) -> bool:
        """Whether the engine is not asked again in this process."""
        return self.open_until == math.inf

    def record_success(self) -> None:
        if not self.is_out:
            self.failures = 0
            self.is_slow = False
            self.open_until = -math.inf

    def record_failure(self, error: ProviderError, now: float) -> None:
        """A refused key opens the circuit for good; a refused request says nothing about the engine."""
        if isinstance(error, RequestRefused):
            return
        self.is_slow = isinstance(error, EngineTimeout)
        if isinstance(error, AuthRefused):
            self.open_until = math.inf
            return
        pause = min(COOL_DOWN_S * 2**self.failures, MAX_COOL_DOWN_S)
        if isinstance(error, RateLimited) and error.retry_after_s is not None:
            pause = error.retry_after_s
        self.failures = min(self.failures + 1, 8)
        self.open_until = max(self.open_until, now + pause)

    def take_retry(self, now: float) -> bool:
        """Take one retry from the budget. False if it is used up."""
        self.tokens = min(RETRY_TOKENS, self.tokens + (now - self.refilled_at) / RETRY_REFILL_S)
        self.refilled_at = now
        if self.tokens < 1.0:
            return False
        self.tokens -= 1.0
        return True


class HasCard(Protocol):
    @property
    def card(self) -> EngineCard: ...


E = TypeVar("E", bound=HasCard)


@dataclass(slots=True)
class EngineCandidate(Generic[E]):
    """An engine and its health."""

    engine: E
    circuit: CircuitBreaker = field(default_factory=CircuitBreaker)


def _ignore(_: str) -> None:
    pass


class FallbackChain(Generic[E]):
    """The engines of one job for one task, best first.

    `keeps`: an engine that has answered stays the first while it is only slow, because a tutor that talks
    like another one in the middle of a talk is worse than a pause. `changed` is called whenever the answering
    engine changes. `fell_back` gets the name of an engine that failed, each time another engine answers for
    it.
    """

    def __init__(
        self,
        candidates: Sequence[EngineCandidate[E]],
        changed: Callable[[], None],
        *,
        fell_back: Callable[[str], None] = _ignore,
        keeps: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not candidates:
            raise ValueError("a chain needs at least one engine")
        self._candidates = tuple(candidates)
        self._changed = changed
        self._fell_back = fell_back
        self._keeps = keeps
        self._slow_before: set[str] = set()
        self._clock = clock
        self._answering: EngineCandidate[E] | None = None
        self._failed_here: set[str] = set()
        self._failed_since_answer: set[str] = set()

    @property
    def current(self) -> E:
        """The engine that answered last, or the one that would be asked first."""
        return (self._answering or self.in_order()[0]).engine

    @property
    def replaced(self) -> tuple[str, ...]:
        """Names of the engines before the current one that failed in this chain."""
        names = [candidate.engine.card.name for candidate in self._candidates]
        before = names[: names.index(self.current.card.name)]
        return tuple(name for name in before if name in self._failed_here)

    def in_order(self, prefers: Callable[[E], bool] = lambda _: False) -> list[EngineCandidate[E]]:
        """Candidates to ask: the healthy ones in their order, then those that may recover, soonest first.
        Healthy ones that `prefers` accepts come before all others.

        Never empty: if all are out for good it is the last of the chain.
        """
        now = self._clock()
        healthy = [c for c in self._candidates if not c.circuit.is_open(now)]
        healthy.sort(key=lambda candidate: not prefers(candidate.engine))
        resting = [c for c in self._candidates if c.circuit.is_open(now) and not c.circuit.is_out]
        resting.sort(key=lambda candidate: candidate.circuit.open_until)
        ordered = healthy + resting or [self._candidates[-1]]
        kept = self._answering
        if not self._keeps or kept is None or kept.circuit.is_out:
            return ordered
        if kept.circuit.is_open(now) and not kept.circuit.is_slow:
            return ordered
        # not back to one that was too slow at the beginning of the talk, either
        passed = [c for c in ordered if c.engine.card.name in self._slow_before]
        best = kept if kept.circuit.is_slow else next((c for c in ordered if c not in passed), kept)
        return [
            best,
            *(c for c in ordered if c is not best and c not in passed),
            *(c for c in passed if c is not best),
        ]

    def is_kept(self, candidate: EngineCandidate[E], error: ProviderError) -> bool:
        """Whether no other engine is to answer for this one, which is the talk's and was only slow."""
        return self._keeps and self._answering is candidate and isinstance(error, EngineTimeout)

    def has_better(self, than: EngineCandidate[E]) -> bool:
        """Whether another engine would be asked first now."""
        return self.in_order()[0] is not than

    def set_answering(self, candidate: EngineCandidate[E]) -> None:
        """Its first part has come, or its stream is open. Recording the success is up to the caller."""
        before, self._answering = self._answering, candidate
        if before is not candidate and (before is not None or candidate is not self._candidates[0]):
            self._changed()
        failed, self._failed_since_answer = self._failed_since_answer, set()
        for name in failed - {candidate.engine.card.name}:
            self._fell_back(name)

    def record_failure(self, candidate: EngineCandidate[E], error: ProviderError) -> None:
        candidate.circuit.record_failure(error, self._clock())
        name = candidate.engine.card.name
        if self._answering is None and isinstance(error, EngineTimeout):
            self._slow_before.add(name)
        self._failed_since_answer.add(name)
        if not isinstance(error, RequestRefused):
            self._failed_here.add(name)

    def retry_delay(self, candidate: EngineCandidate[E], error: ProviderError) -> float | None:
        """Seconds until the same engine may be asked again; None: ask the next one.

        Timeouts are not retried, because the learner has already waited.
        """
        if not isinstance(error, EngineUnavailable | RateLimited):
            return None
        delay = error.retry_after_s if error.retry_after_s is not None else RETRY_DELAY_S
        if delay > MAX_RETRY_DELAY_S or not candidate.circuit.take_retry(self._clock()):
            return None
        return delay
