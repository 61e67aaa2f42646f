"""Knows what holds for a person now: warnings to acknowledge, a mute, a ban to object to."""

from __future__ import annotations

from collections.abc import Callable

from server.errors import Conflict, MutedByModerator
from server.moderation.ports import ModeratorStore, SanctionStore
from server.moderation.views import standing_view
from server.protocol import moderation as wire
from server.protocol.moderation import SanctionKind
from server.rooms.ports import Standing
from server.rooms.views import timestamp_text


class Standings:
    """`clock` is seconds since the epoch."""

    def __init__(self, store: SanctionStore, moderators: ModeratorStore, clock: Callable[[], float]) -> None:
        self._store = store
        self._moderators = moderators
        self._clock = clock

    async def view(self, user_id: str) -> wire.Standing:
        """Raises Unavailable."""
        holding = await self._store.holding(user_id, self._clock())
        return standing_view(holding, is_moderator=await self._moderators.is_moderator(user_id))

    async def for_rooms(self, user_id: str) -> Standing:
        """Raises Unavailable."""
        holding = await self._store.holding(user_id, self._clock())
        mutes = [s.until for s in holding if s.kind is SanctionKind.MUTE and s.until is not None]
        return Standing(
            muted_until=max(mutes, default=None),
            has_warning=any(s.kind is SanctionKind.WARN for s in holding),
        )

    async def require_words(self, user_id: str) -> None:
        """Before strangers see a text of the person: their name, that of a room. Raises MutedByModerator,
        Unavailable."""
        until = (await self.for_rooms(user_id)).muted_until
        if until is not None:
            raise MutedByModerator(until=timestamp_text(until))

    async def acknowledge(self, user_id: str, sanction_id: str) -> None:
        """Raises SanctionNotFound, Unavailable."""
        await self._store.acknowledge(user_id, sanction_id, self._clock())

    async def object(self, user_id: str, words: str) -> None:
        """To one's ban, once. Raises Conflict, Unavailable."""
        if not await self._store.object(user_id, words, self._clock()):
            raise Conflict("There is no ban to object to, or you have objected already.")
