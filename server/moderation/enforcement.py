"""Carries decisions out on every server: over the bus at once, and from the store for what the bus lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from typing import Any

from server.common.tasks import TaskSet, Ticker
from server.errors import ParlorError, Unavailable
from server.moderation.model import BanMark, Sanction, marks_of
from server.moderation.ports import Decided, SanctionStore, ServerEffects
from server.protocol.moderation import ReportReason, SanctionKind, SanctionState
from server.rooms.model import Origin
from server.rooms.ports import Bus

DECIDED_TOPIC = "moderation.decided"
LOOK_EVERY_S = 5.0
LOOK_BACK_S = 30.0
"""Longer than a handshake or a join that began before the decision and ended after it."""
_SHOWN_KEPT = 1_000
_log = logging.getLogger(__name__)


class Enforcement:
    """`clock` is seconds since the epoch. A decision is applied again every 5 s for half a minute, so that no
    connection which was about to open stays, and none is lost with a message."""

    def __init__(
        self, store: SanctionStore, bus: Bus, effects: ServerEffects, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._bus = bus
        self._effects = effects
        self._clock = clock
        self._tasks = TaskSet()
        self._shown: dict[tuple[str, bool], None] = {}
        self._ticker = Ticker("moderation", LOOK_EVERY_S, self.look)
        self._unsubscribe = bus.subscribe(DECIDED_TOPIC, self._receive)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        self._unsubscribe()
        await self._ticker.aclose()
        await self._tasks.aclose()

    def publish(self, sanction: Sanction, decided: Decided | None = None) -> None:
        """Let every server, this one too, apply the decision."""
        decided = decided or Decided()
        sessions, devices = [list(session) for session in decided.sessions], list(decided.devices)
        message = {"sanction": asdict(sanction), "sessions": sessions, "devices": devices}
        self._bus.publish(DECIDED_TOPIC, message)

    async def look(self) -> None:
        """Apply what was decided lately, by any server."""
        try:
            for sanction, decided in await self._store.changed_since(self._clock() - LOOK_BACK_S):
                self._apply(sanction, decided)
        except Unavailable:
            _log.warning("decisions of moderators not read, trying again in %.0f s", LOOK_EVERY_S)

    async def settled(self) -> None:
        """Wait for what was begun: for tests."""
        await self._tasks.wait()

    def _receive(self, payload: Mapping[str, object]) -> None:
        try:
            given: Any = payload["sanction"]
            sessions: Any = payload["sessions"]
            devices: Any = payload["devices"]
            sanction = _sanction(given)
            found = [(str(user_id), str(digest)) for user_id, digest in sessions]
            decided = Decided(found, [str(device) for device in devices])
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("ignored a decision of another version: %r", error)
            return
        self._apply(sanction, decided)

    def _apply(self, sanction: Sanction, decided: Decided) -> None:
        target_id = sanction.target_id
        if target_id is None:
            return
        is_active = sanction.state_at(self._clock()) is SanctionState.ACTIVE
        if sanction.kind is SanctionKind.BAN and is_active:
            sessions = [digest for _user_id, digest in decided.sessions]
            origins = self._effects.cut(target_id, sessions, decided.devices)
            if origins:
                self._tasks.spawn(self._mark(sanction, origins), "marks of a ban")
        elif sanction.kind is SanctionKind.MUTE:
            self._tasks.spawn(self._silence(target_id), "mute of a moderator")
        shown = sanction.id, is_active
        if shown not in self._shown:
            self._shown[shown] = None
            while len(self._shown) > _SHOWN_KEPT:
                del self._shown[next(iter(self._shown))]
            self._effects.show_standing(target_id)
            if sanction.kind is SanctionKind.BAN:
                self._effects.events_changed()

    async def _silence(self, target_id: str) -> None:
        """By what the store has: of two mutes the longer one holds, also when the other is undone."""
        with suppress(ParlorError):  # `look` tries again
            holding = await self._store.holding(target_id, self._clock())
            mutes = [s.until for s in holding if s.kind is SanctionKind.MUTE and s.until is not None]
            self._effects.silence(target_id, max(mutes, default=None))

    async def _mark(self, sanction: Sanction, origins: Sequence[Origin]) -> None:
        now = self._clock()
        marks: dict[BanMark, None] = {m: None for origin in origins for m in marks_of(sanction, origin, now)}
        with suppress(ParlorError):  # the account leaves them where it tries to come back
            await self._store.add_marks(sanction.id, list(marks))


def _sanction(given: Mapping[str, Any]) -> Sanction:
    known = {field.name: given[field.name] for field in fields(Sanction)}
    return Sanction(**{**known, "kind": SanctionKind(known["kind"]), "reason": ReportReason(known["reason"])})
