"""Asking a chain for a stream of parts: chat and speech alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TypeVar

import structlog

from ai_agent.errors import EngineTimeout, InvalidResponse, NoCapableEngine, ProviderError
from ai_agent.providers.chain.members import Candidate, E, FallbackChain, Timeouts

_log = structlog.get_logger(__name__)
P = TypeVar("P")
Ask = Callable[[E], AsyncGenerator[P, None]]


def _any(_: object) -> bool:
    return True


async def stream_with_fallback(
    members: FallbackChain[E],
    ask: Ask[E, P],
    timeouts: Timeouts,
    spoken_s: Callable[[P], float],
    *,
    can: Callable[[E], bool] = _any,
    may_be_empty: bool = False,
) -> AsyncGenerator[P, None]:
    """Stream the parts of the first engine that `can` and delivers any. Once one was delivered a failure is
    not hidden, since another engine would begin anew. `spoken_s`: duration of a part when spoken.

    Raises the last ProviderError, or NoCapableEngine if none was asked.
    """
    last: ProviderError = NoCapableEngine("chain")
    for member in filter(lambda member: can(member.engine), members.in_order()):
        while True:
            delivered = False
            try:
                async with aclosing(with_timeouts(member, ask, timeouts, spoken_s)) as parts:
                    async for part in parts:
                        if not delivered:
                            members.answers(member)
                            member.circuit.succeeded()
                            delivered = True
                        yield part
                if not delivered and not may_be_empty:
                    raise InvalidResponse(member.engine.card.name, "an empty answer")
            except ProviderError as error:
                last = error
                _log.warning(
                    "engine failed", engine=member.engine.card.name, code=error.code, error=str(error)
                )
            else:
                return
            pause = None if delivered else members.pause_before_retry(member, last)
            if pause is None:
                break
            await asyncio.sleep(pause)
        members.failed(member, last)
        if delivered:
            break
    raise last


async def with_timeouts(
    member: Candidate[E], ask: Ask[E, P], timeouts: Timeouts, spoken_s: Callable[[P], float]
) -> AsyncGenerator[P, None]:
    """Raises EngineTimeout when a part takes too long, or all of them together; InvalidResponse for what an
    engine may not raise.
    """
    name = member.engine.card.name
    clock = asyncio.get_running_loop().time
    limit = timeouts.first_s
    behind: float | None = None
    async with aclosing(ask(member.engine)) as parts:
        while True:
            asked = clock()
            try:
                async with asyncio.timeout(limit):
                    part = await anext(parts)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise EngineTimeout(name, f"nothing more within {limit:.3g} s") from error
            except ProviderError:
                raise
            except Exception as error:  # an SDK's surprise must not end the learner's turn
                raise InvalidResponse(name, type(error).__name__) from error
            waited = 0.0 if behind is None else clock() - asked
            behind = (behind or 0.0) + waited - spoken_s(part)
            limit = max(0.0, min(timeouts.gap_s, timeouts.behind_s - behind))
            yield part
