"""Notices of people: others of the server call `notify`; REST lists them and marks them as read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence

from pydantic import ValidationError

from server.common.cursors import cursor_of, position_in
from server.errors import InvalidRequest
from server.notices.model import Channel, StoredNotice, new_notice
from server.notices.ports import Carrier, NoticeStore, Pages
from server.notices.views import notice_view
from server.protocol.notices import Notice, NoticeBody, NoticePage, NoticeQuery, NoticesPart
from server.rooms.ports import Bus

NOTICES_TOPIC = "notices"
"""On the bus: `items`, each with `user_id` and a `NoticesPart`, for that person's open pages anywhere."""
KEPT = 200
"""Notices of one person; older ones go."""
USEFUL_S = 86_400.0
"""For how long a notice is sent on to devices and by e-mail, unless the caller says otherwise."""
_ON_A_MESSAGE = 50
_log = logging.getLogger(__name__)


class Notices:
    """`clock` is seconds since the epoch."""

    def __init__(
        self,
        store: NoticeStore,
        bus: Bus,
        pages: Pages,
        channels: Sequence[Carrier],
        clock: Callable[[], float],
    ) -> None:
        self.store = store
        self._bus = bus
        self._pages = pages
        self._channels = channels
        self._clock = clock
        self._unsubscribe = bus.subscribe(NOTICES_TOPIC, self._receive)

    def close(self) -> None:
        self._unsubscribe()

    async def notify(
        self, user_id: str, body: NoticeBody, *, key: str | None = None, useful_s: float = USEFUL_S
    ) -> bool:
        """Store a notice, show it in the person's open pages, and send it on by the channels that carry its
        kind, within `useful_s`. False if the person has one with this `key`, or does not exist. Raises
        Unavailable."""
        return bool(await self.notify_all([user_id], body, key=key, useful_s=useful_s))

    async def notify_all(
        self,
        user_ids: Collection[str],
        body: NoticeBody,
        *,
        key: str | None = None,
        useful_s: float = USEFUL_S,
    ) -> int:
        """As `notify`, for several people at once. Returns how many notices are new."""
        now = self._clock()
        made = [new_notice(user_id, body, now, key) for user_id in dict.fromkeys(user_ids)]
        if not made:
            return 0
        stored = await self.store.add(made, self.channels_of(body.kind), now + useful_s)
        await self.publish(stored)
        return len(stored)

    def channels_of(self, kind: str) -> frozenset[Channel]:
        """For stores that write notices in a transaction of their own; `publish` follows it."""
        return frozenset(way.channel for way in self._channels if way.carries(kind))

    async def publish(self, notices: Sequence[StoredNotice]) -> None:
        """Show stored notices in their people's open pages. Raises Unavailable."""
        if not notices:
            return
        unread = await self.store.count_unread({notice.user_id for notice in notices})
        items = [_item(n.user_id, unread.get(n.user_id, 0), notice_view(n)) for n in notices]
        for at in range(0, len(items), _ON_A_MESSAGE):
            self._bus.publish(NOTICES_TOPIC, {"items": items[at : at + _ON_A_MESSAGE]})

    async def page(self, user_id: str, query: NoticeQuery) -> NoticePage:
        """Raises InvalidRequest for a cursor of another list, Unavailable."""
        before = _before(query.cursor) if query.cursor else None
        found = await self.store.list_for(user_id, query.limit + 1, before)
        shown = found[: query.limit]
        unread = await self.store.count_unread([user_id])
        return NoticePage(
            items=[notice_view(notice) for notice in shown],
            unread=unread.get(user_id, 0),
            next_cursor=cursor_of(shown[-1].at, shown[-1].id) if len(found) > len(shown) else None,
        )

    async def mark_read(self, user_id: str, ids: Collection[str] | None) -> None:
        """Raises Unavailable."""
        await self.store.mark_read(user_id, ids, self._clock())
        await self._changed(user_id)

    async def delete_all(self, user_id: str) -> None:
        """Raises Unavailable."""
        await self.store.delete_all(user_id)
        await self._changed(user_id)

    async def _changed(self, user_id: str) -> None:
        unread = (await self.store.count_unread([user_id])).get(user_id, 0)
        self._bus.publish(NOTICES_TOPIC, {"items": [_item(user_id, unread)]})

    def _receive(self, payload: Mapping[str, object]) -> None:
        items = payload.get("items")
        try:
            for item in items if isinstance(items, list) else []:
                shown = NoticesPart.model_validate(item["notices"], strict=False)
                self._pages.show(str(item["user_id"]), shown)
        except (KeyError, TypeError, ValidationError) as error:
            _log.warning("ignored notices of another version: %s", type(error).__name__)


def _item(user_id: str, unread: int, notice: Notice | None = None) -> dict[str, object]:
    shown = NoticesPart(unread=unread, notice=notice)
    return {"user_id": user_id, "notices": shown.model_dump(mode="json", by_alias=True)}


def _before(cursor: str) -> tuple[float, str]:
    """Raises InvalidRequest."""
    try:
        return position_in(cursor)
    except ValueError:
        raise InvalidRequest("This cursor is not of this list.", errors=[]) from None
