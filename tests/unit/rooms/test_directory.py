from __future__ import annotations

import asyncio

import pytest

from server.errors import InviteInvalid, RoomNotFound, TooManyRequests, Unavailable
from server.protocol.entities import RoomType
from server.protocol.rest import RoomQuery
from tests.fakes.rooms_world import World


async def test_a_new_room_is_listed_at_once_and_only_if_it_is_public() -> None:
    async with World() as world:
        public = await world.room("ann")
        await world.room("ann", type=RoomType.PRIVATE)
        await world.room("ann", type=RoomType.AI)
        assert [r.id for r in world.rooms.directory.list_rooms(RoomQuery()).items] == [public]


async def test_only_private_rooms_have_an_invite() -> None:
    async with World() as world:
        assert (await world.create("ann")).invite is None
        private = await world.create("ann", type=RoomType.PRIVATE)
        assert private.invite is not None
        assert len(private.invite) >= 24


async def test_getting_a_private_room_requires_its_invite() -> None:
    async with World() as world:
        created = await world.create("ann", type=RoomType.PRIVATE)
        room, directory = created.id, world.rooms.directory
        with pytest.raises(InviteInvalid):
            directory.get_room(room, "ben")
        assert directory.get_room(room, "ben", created.invite).id == room
        assert directory.get_room(room, "ann").id == room
        await world.seat("c2", "ben", room, invite=created.invite)
        assert directory.get_room(room, "ben").id == room
        with pytest.raises(RoomNotFound):
            directory.get_room("nowhere", "ben")


async def test_concurrent_requests_do_not_exceed_the_rooms_per_host() -> None:
    async with World(max_rooms_per_user=3) as world:
        outcomes = await asyncio.gather(*(world.room("ann") for _ in range(6)), return_exceptions=True)
        assert sum(isinstance(o, TooManyRequests) for o in outcomes) == 3
        await world.room("ben")


async def test_rooms_of_the_server_are_limited() -> None:
    async with World(max_rooms=2) as world:
        await world.room("ann")
        await world.room("ben")
        with pytest.raises(TooManyRequests, match="2 rooms, the maximum"):
            await world.room("cat")


async def test_a_room_that_cannot_be_stored_is_not_opened() -> None:
    async with World(max_rooms_per_user=1) as world:
        world.user("ann")
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.room("ann")
        world.store.is_down = False
        assert world.rooms.room_count == 0
        await world.room("ann")


async def test_duplicate_tags_are_removed_and_an_ai_room_is_for_one_person() -> None:
    async with World() as world:
        view = await world.create("ann", tags=["a", "b", "a"], type=RoomType.AI)
        assert view.tags == ["a", "b"]
        assert view.max_participants == 1
