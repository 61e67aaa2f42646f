"""A server whose beats do not land asks what became of its rooms, and lets clients look if nobody answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

ASK_WITHIN_S = 1.0
CUT_OFF_AFTER_S = 1.0
"""Without Redis, PostgreSQL and every other server: they may have taken the rooms. Beats have failed for
1.6 s before, so that it is about 3 s in all."""
LOOK_AGAIN_S = 5.0
_IN_A_ROW_S = 4.0
"""Between two looks of one time of doubt."""
_log = logging.getLogger(__name__)

Ask = Callable[[], Awaitable[bool]]


class Doubt:
    """`ask_store` closes rooms that another server has taken, `ask_peers` reaches for the other servers; each
    returns whether there was an answer. `let_clients_look` is called while nobody answers."""

    def __init__(
        self, ask_store: Ask, ask_peers: Ask, let_clients_look: Callable[[], None], clock: Callable[[], float]
    ) -> None:
        self._ask_store = ask_store
        self._ask_peers = ask_peers
        self._let_clients_look = let_clients_look
        self._clock = clock
        self._since: float | None = None
        self._looked_at = float("-inf")
        self._let_look_at = float("-inf")

    async def look(self) -> None:
        """Call it every second or so while beats do not land."""
        started = self._clock()
        if started - self._looked_at > _IN_A_ROW_S:
            self._since = None
        is_answered = await _is_answered(self._ask_store) or await _is_answered(self._ask_peers)
        now = self._looked_at = self._clock()
        if is_answered:
            self._since = None
            return
        self._since = started if self._since is None else self._since
        if now - self._since >= CUT_OFF_AFTER_S and now - self._let_look_at >= LOOK_AGAIN_S:
            self._let_look_at = now
            _log.warning("cut off from Redis, PostgreSQL and the other servers: clients look for their rooms")
            self._let_clients_look()


async def _is_answered(ask: Ask) -> bool:
    try:
        async with asyncio.timeout(ASK_WITHIN_S):
            return await ask()
    except TimeoutError:
        return False
