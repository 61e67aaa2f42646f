"""People invite others into a room: who may do so, and which doors an invitation opens."""

from __future__ import annotations

import pytest

from server.errors import (
    KnockRequired,
    NotHost,
    NotInvitable,
    NotJoined,
    ParlorError,
    RoomFull,
    RoomLocked,
)
from server.protocol.door import KnockAnswer
from server.protocol.entities import RoomType
from server.protocol.rooms import KnockAnswered
from server.rooms.inviting import Inviting
from tests.fakes.rooms_world import World


def inviting(world: World) -> Inviting:
    return Inviting(world.open_rooms, world.effects, lambda: world.now)


async def invite(world: World, room: str, inviter: str, guest: str) -> str:
    """The invite of the link."""
    made = await inviting(world).invite(room, inviter, guest)
    assert made.room_name == world.view(room).name
    return made.invite


async def refusal(world: World, room: str, inviter: str, guest: str) -> type[ParlorError]:
    with pytest.raises(ParlorError) as refused:
        await invite(world, room, inviter, guest)
    return type(refused.value)


async def test_anybody_in_a_public_room_invites_and_nobody_outside() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        assert await invite(world, room, "ben", "dao") == ""
        assert await refusal(world, room, "cem", "dao") is NotJoined
        assert await refusal(world, room, "ann", "ben") is NotInvitable, "is in the room"


async def test_the_host_of_a_private_room_alone_gives_its_link_away() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.PRIVATE)
        link = world.store.rooms[room].invite
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room, invite=link)
        assert await refusal(world, room, "ben", "dao") is NotHost
        await world.act("c1", "set_cohost", participant_id=ben, cohost=True)
        assert await refusal(world, room, "ben", "dao") is NotHost
        assert await invite(world, room, "ann", "dao") == link


async def test_whom_the_host_or_a_co_host_invites_need_not_knock() -> None:
    async with World() as world:
        room = await world.room("ann", knock_to_enter=True)
        await world.seat("c1", "ann", room)
        await world.knock("c2", "ben", room)
        await world.knock("c3", "cem", room)
        await invite(world, room, "ann", "ben")  # who knocks already
        answered = world.sink.of("c2", KnockAnswered)
        assert [e.answer for e in answered] == [KnockAnswer.ADMITTED]
        ben = await world.seat("c2", "ben", room)
        await invite(world, room, "ben", "dao")
        with pytest.raises(KnockRequired):
            await world.join("c4", "dao", room)
        await world.act("c1", "set_cohost", participant_id=ben, cohost=True)
        await invite(world, room, "ben", "dao")
        await world.restart()
        await world.join("c4", "dao", room)


async def test_a_lock_and_a_full_room_hold_for_invited_people_too() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=2)
        await world.seat("c1", "ann", room)
        await world.act("c1", "set_locked", locked=True)
        assert await refusal(world, room, "ann", "ben") is RoomLocked
        await world.act("c1", "set_locked", locked=False)
        await world.seat("c2", "ben", room)
        assert await refusal(world, room, "ann", "dao") is RoomFull


async def test_removed_people_and_rooms_to_practise_alone_are_out_of_reach() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.act("c1", "remove_participant", participant_id=ben)
        assert await refusal(world, room, "ann", "ben") is NotInvitable
        alone = await world.room("cem", type=RoomType.AI)
        await world.seat("c3", "cem", alone)
        assert await refusal(world, alone, "cem", "dao") is NotInvitable
