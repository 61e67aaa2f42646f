"""Notices of nobody, and people's open pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from server.notices.model import Channel, Delivery, Reach, ReachChange, ReachSettings, StoredNotice
from server.protocol.notices import NoticesPart


class NoNotices:
    """A NoticeStore that keeps nothing."""

    async def add(
        self, notices: Sequence[StoredNotice], channels: Collection[Channel], until: float
    ) -> Sequence[StoredNotice]:
        return []

    async def list_for(
        self, user_id: str, limit: int, before: tuple[float, str] | None = None
    ) -> Sequence[StoredNotice]:
        return []

    async def count_unread(self, user_ids: Collection[str]) -> Mapping[str, int]:
        return {}

    async def mark_read(self, user_id: str, ids: Collection[str] | None, now: float) -> None:
        pass

    async def delete_all(self, user_id: str) -> None:
        pass

    async def take_due(self, channels: Collection[Channel], now: float, limit: int) -> Sequence[Delivery]:
        return []

    async def delete_old(self, before: float) -> None:
        pass

    async def reach_of(self, user_id: str) -> Reach:
        return Reach()

    async def settings_of(self, user_id: str) -> ReachSettings:
        return ReachSettings()

    async def set_reach(self, user_id: str, change: ReachChange) -> None:
        pass


class FakePages:
    """Implements `notices.ports.Pages`. `shown`: what each person's pages got."""

    def __init__(self) -> None:
        self.shown: defaultdict[str, list[NoticesPart]] = defaultdict(list)

    def show(self, user_id: str, notices: NoticesPart) -> None:
        self.shown[user_id].append(notices)
