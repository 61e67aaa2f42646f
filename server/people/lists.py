"""A person's lists of people, cards of others, and private notes on them."""

from __future__ import annotations

from collections.abc import Callable

from server.errors import UserNotFound
from server.people.model import MAX_NOTES, Card, Page, PeopleList, Person
from server.people.pages import decode, page_of
from server.people.ports import FollowStore, Online, PeopleStore

_FEW = 1_000
"""Up to so many people online, the store looks for friends among them; beyond, they are looked up among the
friends."""
_AT_ONCE = 2_500
"""Friends read in one transaction, whose own cost is that of some hundred of them."""


class Lists:
    """`online`: the people who let friends see that they are online. `clock` is seconds since the epoch. All
    methods raise Unavailable."""

    def __init__(
        self,
        store: PeopleStore,
        follows: FollowStore,
        online: Callable[[], Online],
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._follows = follows
        self._online = online
        self._clock = clock

    async def page(self, which: PeopleList, user_id: str, limit: int, cursor: str | None) -> Page[Person]:
        """Newest first. Raises InvalidRequest for a cursor of another list."""
        found = await self._store.page(which, user_id, decode(cursor), limit + 1)
        return page_of(found, limit, lambda person: person.position)

    async def online_friends(self, user_id: str, limit: int, cursor: str | None) -> Page[Person]:
        """Friends who let friends see that they are online, and are. Raises InvalidRequest as `page`."""
        after, online = decode(cursor), self._online()
        if len(online) <= _FEW:
            found = await self._store.friends_among(user_id, online, after, limit + 1)
            return page_of(found, limit, lambda person: person.position)
        shown: list[Person] = []
        while len(shown) <= limit:
            positions = await self._follows.friend_positions(user_id, after, _AT_ONCE)
            here = [other_id for _, other_id in positions if other_id in online]
            shown += await self._store.friends_among(user_id, here, None, limit + 1 - len(shown))
            if len(positions) < _AT_ONCE:
                break
            after = positions[-1]
        return page_of(shown, limit, lambda person: person.position)

    async def card(self, user_id: str, other_id: str) -> Card:
        """Raises UserNotFound, also for people who must not be shown to the user."""
        card = await self._store.card(user_id, other_id)
        if card is None:
            raise UserNotFound
        return card

    async def set_note(self, user_id: str, other_id: str, text: str) -> None:
        """Nobody else reads it. Also on people who are blocked, so that nobody finds out by it. Raises
        UserNotFound, TooManyNotes."""
        await self._store.set_note(user_id, other_id, text, self._clock(), MAX_NOTES)
