"""People for servers on which nobody has blocked or followed anybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from server.cluster import MemoryBus
from server.errors import UserNotFound
from server.people.blocks import Blocks
from server.people.changes import PeopleChanges
from server.people.follows import Follows
from server.people.hidden import HiddenPeople
from server.people.invitations import Invitations
from server.people.lists import Lists
from server.people.meetings import Meetings
from server.people.model import Card, Followed, Meeting, PeopleList, Person, Position, Ties
from server.people.ports import BlockStore
from server.people.presence import FriendPresence
from server.people.service import People
from server.people.views import PeopleViews
from server.rooms.inviting import Inviting
from server.rooms.ports import UserStore
from tests.fakes.rooms_world import RoomsCore


class NoBlocks:
    async def block(self, user_id: str, other_id: str, now: float, limit: int) -> None:
        raise UserNotFound

    async def unblock(self, user_id: str, other_id: str) -> None:
        pass

    async def blocks_among(self, user_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        return frozenset()

    async def ties(self, user_ids: Collection[str]) -> Mapping[str, Ties]:
        return {}


class NoFollows:
    async def follow(self, user_id: str, other_id: str, now: float, limit: int) -> Followed:
        raise UserNotFound

    async def unfollow(self, user_id: str, other_id: str) -> bool:
        return False

    async def are_friends(self, user_id: str, other_id: str) -> bool:
        return False

    async def friends_of(self, user_ids: Collection[str]) -> frozenset[str]:
        return frozenset()

    async def friend_positions(self, user_id: str, after: Position | None, limit: int) -> Sequence[Position]:
        return ()


class Nobody:
    async def page(
        self, which: PeopleList, user_id: str, after: Position | None, limit: int
    ) -> Sequence[Person]:
        return ()

    async def friends_among(
        self, user_id: str, other_ids: Collection[str], after: Position | None, limit: int
    ) -> Sequence[Person]:
        return ()

    async def card(self, user_id: str, other_id: str) -> Card | None:
        return None

    async def set_note(self, user_id: str, other_id: str, text: str, now: float, limit: int) -> None:
        raise UserNotFound

    async def record(self, meetings: Sequence[Meeting], limit: int) -> None:
        pass

    async def forget(self, user_id: str, other_id: str | None = None) -> None:
        pass

    async def delete_old(self, before: float) -> int:
        return 0


async def _run(_name: str, _every_s: float, _work: Callable[[], Awaitable[None]]) -> None:
    pass


def no_people(users: UserStore, core: RoomsCore, blocks: BlockStore | None = None) -> People:
    blocks, follows, bus = blocks or NoBlocks(), NoFollows(), MemoryBus()
    changes = PeopleChanges(bus, lambda _user_id: None)

    async def notify(user_id: str, body: Any, *, key: str | None = None, useful_s: float = 0.0) -> bool:
        return True

    presence = FriendPresence(bus, "one", dict, follows, changes, lambda: 0.0)
    return People(
        blocks=Blocks(blocks, bus, lambda: 0.0),
        hidden=HiddenPeople(blocks, bus),
        follows=Follows(follows, users, notify, changes, lambda: 0.0),
        lists=Lists(Nobody(), follows, presence.all, lambda: 0.0),
        meetings=Meetings(Nobody(), tuple, changes, _run, lambda: 0.0, lambda: 0.0),
        invitations=Invitations(
            follows, users, Inviting(core.rooms, core.effects, lambda: 0.0), notify, lambda: 0.0
        ),
        presence=presence,
        changes=changes,
        views=PeopleViews(presence.all, dict),
    )
