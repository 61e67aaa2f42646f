"""Nobody enters a room with others before they have accepted the house rules."""

from __future__ import annotations

import pytest

from server.errors import RulesNotAccepted
from server.protocol.entities import RoomType
from tests.fakes.rooms_world import World, a_user


async def test_a_room_with_others_opens_to_people_who_accepted_the_rules() -> None:
    async with World(house_rules=True) as world:
        room = await world.room("ann")
        knocked = await world.room("ann", knock_to_enter=True)
        with pytest.raises(RulesNotAccepted):
            await world.join("c1", "ann", room)
        with pytest.raises(RulesNotAccepted):
            await world.knock("c2", "ben", knocked)
        for name in ("ann", "ben"):
            world.users.users[name] = a_user(name, rules_accepted_at=1.0)
        await world.join("c1", "ann", room)
        await world.knock("c2", "ben", knocked)


async def test_a_seat_is_taken_back_without_asking() -> None:
    async with World(house_rules=True) as world:
        world.users.users["ann"] = a_user("ann", rules_accepted_at=1.0)
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room)
        world.users.users["ann"] = a_user("ann")  # another server stored an older profile
        assert (await world.join("c2", "ann", room)).participant_id == joined.participant_id


async def test_practice_alone_and_the_tutor_need_no_rules() -> None:
    async with World(house_rules=True) as world:
        alone = await world.room("ann", type=RoomType.AI)
        await world.join("c1", "ann", alone)
        await world.tutor("t1", alone)
