"""A ban keeps people out, and others must knock because of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.errors import KnockRequired, NotHost, RemovedFromRoom
from server.protocol.door import Bans, KnockAnswer
from server.protocol.rooms import KnockAnswered, Knocks
from server.rooms.bans import ADDRESS_HOLDS_S, MAX_BANS, with_ban
from server.rooms.model import Ban, Origin
from tests.fakes.rooms_world import World, a_user

BENS = Origin(device="d-ben", address="a-class")
OTHER_BROWSER = Origin(device="d-other", address="a-class")
ELSEWHERE = Origin(device="d-else", address="a-else")


async def _room_without_ben(world: World) -> str:
    """Ann hosts; Ben was removed."""
    room = await world.room("ann")
    await world.seat("c1", "ann", room)
    ben = await world.join("c2", "ben", room, origin=BENS)
    await world.act("c1", "remove_participant", participant_id=ben.participant_id)
    return room


def _new_account(world: World, user_id: str) -> None:
    world.users.users[user_id] = a_user(user_id, created_at=world.now + world.wall_step)


async def test_a_ban_holds_for_the_browser_whatever_the_name_and_after_a_crash() -> None:
    async with World() as world:
        room = await _room_without_ben(world)
        _new_account(world, "ben2")
        with pytest.raises(RemovedFromRoom):
            await world.join("c3", "ben2", room, origin=replace(BENS, address="a-elsewhere"))
        with pytest.raises(RemovedFromRoom):
            world.rooms.directory.get_room(room, "ben2", origin=BENS)
        with pytest.raises(RemovedFromRoom):
            world.rooms.directory.get_room(room, "", origin=BENS)
        with pytest.raises(RemovedFromRoom):
            await world.knock("c3", "ben2", room, origin=BENS)
        await world.crash()
        with pytest.raises(RemovedFromRoom):
            await world.join("c3", "ben2", room, origin=BENS)


async def test_a_new_account_from_the_address_must_knock_for_an_hour_and_others_need_not() -> None:
    async with World() as world:
        room = await _room_without_ben(world)
        world.now += 1
        _new_account(world, "ben2")
        with pytest.raises(KnockRequired):
            await world.join("c3", "ben2", room, origin=OTHER_BROWSER)
        await world.join("c4", "classmate", room, origin=OTHER_BROWSER)  # whose account is older
        _new_account(world, "stranger")
        await world.join("c5", "stranger", room, origin=ELSEWHERE)
        await world.pass_time(ADDRESS_HOLDS_S)
        assert [ban.address for ban in world.store.rooms[room].bans] == [""]
        await world.join("c3", "ben2", room, origin=OTHER_BROWSER)


async def test_a_ban_of_somebody_whose_browser_was_not_known_learns_it_when_they_come_back() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room, origin=BENS)
        await world.crash()  # seats are restored without their browsers
        await world.seat("c1", "ann", room)
        await world.act("c1", "remove_participant", participant_id=ben.participant_id)
        with pytest.raises(RemovedFromRoom):
            await world.join("c2", "ben", room, origin=BENS)
        _new_account(world, "ben2")
        with pytest.raises(RemovedFromRoom):
            await world.join("c3", "ben2", room, origin=BENS)
        assert world.store.rooms[room].bans[0].device == BENS.device


async def test_the_host_and_people_in_the_room_are_not_locked_out_by_a_ban_of_their_browser() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room, origin=BENS)
        await world.seat("c4", "dan", room, origin=BENS)
        ben = await world.join("c2", "ben", room, origin=BENS)
        await world.act("c1", "remove_participant", participant_id=ben.participant_id)
        await world.join("c1", "ann", room, origin=BENS)
        await world.join("c4", "dan", room, origin=BENS)


async def test_who_waits_at_the_door_in_the_browser_of_a_removed_person_is_declined() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room, origin=BENS)
        await world.act("c1", "set_knock", knock_to_enter=True)
        await world.knock("c3", "ben2", room, origin=BENS)
        await world.knock("c4", "cem", room, origin=OTHER_BROWSER)
        await world.act("c1", "remove_participant", participant_id=ben.participant_id)
        assert [event.answer for event in world.sink.of("c3", KnockAnswered)] == [KnockAnswer.DECLINED]
        assert [k.name for k in world.sink.of("c1", Knocks)[-1].knocks] == ["Cem"]


async def test_unknown_browsers_are_not_the_same_browser() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room)
        await world.act("c1", "remove_participant", participant_id=ben.participant_id)
        _new_account(world, "cem")
        await world.join("c3", "cem", room)


async def test_the_host_lists_bans_newest_first_and_lifts_one() -> None:
    async with World() as world:
        room = await _room_without_ben(world)
        cem = await world.join("c3", "cem", room)
        world.now += 5
        await world.act("c1", "remove_participant", participant_id=cem.participant_id)
        bans: Bans = await world.act("c1", "get_bans")
        assert [ban.name for ban in bans.bans] == ["Cem", "Ben"]
        assert set(bans.wire()["bans"][0]) == {"id", "name", "at"}  # type: ignore[index]
        bans = await world.act("c1", "lift_ban", ban_id=bans.bans[1].id)
        assert [ban.name for ban in bans.bans] == ["Cem"]
        dan = await world.join("c4", "dan", room)
        assert dan.room.host_id == "ann"
        for event, payload in (("get_bans", {}), ("lift_ban", {"ban_id": bans.bans[0].id})):
            with pytest.raises(NotHost):
                await world.act("c4", event, **payload)
        await world.crash()
        await world.join("c2", "ben", room, origin=BENS)


def test_the_number_of_bans_is_bounded() -> None:
    bans: tuple[Ban, ...] = ()
    for number in range(MAX_BANS + 3):
        bans = with_ban(bans, Ban(str(number), "u", "U", 0.0))
    assert (len(bans), bans[-1].id) == (MAX_BANS, str(MAX_BANS + 2))
