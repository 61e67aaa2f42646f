"""Whether an engine is worth asking now, from how it failed before. Shared by all jobs of a worker. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ai_agent.errors import AuthRefused, ProviderError, RateLimited, RequestRefused

COOL_DOWN_S = 20.0
LONGEST_S = 300.0
RETRY_TOKENS = 3.0
RETRY_REFILL_S = 10.0
"""One more retry each RETRY_REFILL_S: an engine that is down is not asked twice for everything."""


@dataclass(slots=True)
class Circuit:
    """`now`: monotonic seconds. Open means: do not ask before `open_until`."""

    open_until: float = -math.inf
    failures: int = 0
    tokens: float = RETRY_TOKENS
    refilled_at: float = 0.0

    def is_open(self, now: float) -> bool:
        return now < self.open_until

    @property
    def is_out(self) -> bool:
        """For good, as far as this process goes."""
        return self.open_until == math.inf

    def succeeded(self) -> None:
        if not self.is_out:
            self.failures = 0
            self.open_until = -math.inf

    def failed(self, error: ProviderError, now: float) -> None:
        """A refused key is refused for good; a refused request says nothing about the engine."""
        if isinstance(error, RequestRefused):
            return
        if isinstance(error, AuthRefused):
            self.open_until = math.inf
            return
        pause = min(COOL_DOWN_S * 2**self.failures, LONGEST_S)
        if isinstance(error, RateLimited) and error.retry_after_s is not None:
            pause = error.retry_after_s
        self.failures = min(self.failures + 1, 8)
        self.open_until = max(self.open_until, now + pause)

    def may_retry(self, now: float) -> bool:
        """Takes one retry from the budget, if there is one."""
        self.tokens = min(RETRY_TOKENS, self.tokens + (now - self.refilled_at) / RETRY_REFILL_S)
        self.refilled_at = now
        if self.tokens < 1.0:
            return False
        self.tokens -= 1.0
        return True
