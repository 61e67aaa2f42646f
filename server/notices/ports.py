"""Interfaces that notices need from the outside: their store, the ways to people, and people's open pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from server.notices.model import Channel, Delivery, Reach, ReachChange, ReachSettings, StoredNotice
from server.protocol.notices import NoticesPart


class NoticeStore(Protocol):
    """All methods raise Unavailable."""

    async def add(
        self, notices: Sequence[StoredNotice], channels: Collection[Channel], until: float
    ) -> Sequence[StoredNotice]:
        """Store them, to be sent by each of the channels until `until`. Returns those that are stored: not
        those with a key that their person has already, nor those of people who do not exist."""
        ...

    async def list_for(
        self, user_id: str, limit: int, before: tuple[float, str] | None = None
    ) -> Sequence[StoredNotice]:
        """Newest first. `before`: time and id of the last one of the page before."""
        ...

    async def count_unread(self, user_ids: Collection[str]) -> Mapping[str, int]:
        """People without unread notices are not among the keys."""
        ...

    async def mark_read(self, user_id: str, ids: Collection[str] | None, now: float) -> None:
        """`ids` None: all."""
        ...

    async def delete_all(self, user_id: str) -> None: ...

    async def take_due(self, channels: Collection[Channel], now: float, limit: int) -> Sequence[Delivery]:
        """Take what is to be sent now: of several calls at once each gets others, and nothing is taken twice.
        What is too late is dropped."""
        ...

    async def delete_old(self, before: float) -> None: ...

    async def reach_of(self, user_id: str) -> Reach: ...

    async def settings_of(self, user_id: str) -> ReachSettings: ...

    async def set_reach(self, user_id: str, change: ReachChange) -> None:
        """Raises UserNotFound."""
        ...


class Carrier(Protocol):
    """A way to a person who has no page open: by e-mail, or to their devices."""

    @property
    def channel(self) -> Channel: ...

    def carries(self, kind: str) -> bool:
        """Whether notices of this kind are sent this way."""
        ...


class DeliveryChannel(Carrier, Protocol):
    """A way that takes one notice and one person, such as e-mail."""

    async def send(self, notice: StoredNotice, reach: Reach) -> None:
        """Does nothing for a person who cannot be reached this way. Raises ParlorError: the notice is not
        sent again, because a part of it may have arrived."""
        ...


class Pages(Protocol):
    """The open pages of people at this server."""

    def show(self, user_id: str, notices: NoticesPart) -> None:
        """Never blocks or raises; nobody may be there."""
        ...
