"""Pages that close or reload: the beacon, then a short wait for the page to join again."""

from __future__ import annotations

import pytest

from server.errors import NotJoined, RoomNotFound
from server.protocol.entities import Connection
from server.protocol.rooms import LeftReason, ParticipantLeft, ParticipantUpdated
from tests.fakes.rooms_world import World


async def test_a_closed_page_leaves_after_five_seconds_and_is_announced_once() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room)
        await world.connect(ben.participant_id)
        world.sink.forget()
        world.rooms.membership.page_closed(room, ben.resume_token)
        await world.settle()
        await world.lose("c2")
        await world.pass_time(4.8)
        updates = world.sink.of("c1", ParticipantUpdated)
        assert [e.participant.connection for e in updates] == [Connection.LEAVING]
        assert world.sink.of("c1", ParticipantLeft) == []
        await world.pass_time(0.4)
        left = world.sink.of("c1", ParticipantLeft)
        assert [(e.participant_id, e.reason) for e in left] == [(ben.participant_id, LeftReason.LEFT)]


async def test_the_socket_may_close_before_the_beacon_arrives() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room)
        await world.lose("c2")
        await world.pass_time(1)
        world.rooms.membership.page_closed(room, ben.resume_token)
        await world.pass_time(4)
        assert world.member(room, "ben").connection is Connection.LEAVING
        await world.pass_time(2)
        assert [p.user_id for p in world.view(room).participants] == ["ann"]


async def test_a_reloaded_page_takes_its_seat_back() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room)
        world.rooms.membership.page_closed(room, ben.resume_token)
        await world.pass_time(4)
        again = await world.join("c3", "ben", room, resume_token=ben.resume_token)
        assert again.participant_id == ben.participant_id
        await world.lose("c2")
        await world.pass_time(6)
        assert world.member(room, "ben").id == ben.participant_id
        assert world.sink.of("c1", ParticipantLeft) == []


async def test_a_beacon_that_arrives_after_the_page_has_joined_again_does_nothing() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.join("c1", "ann", room)
        await world.join("c2", "ann", room, resume_token=ann.resume_token)
        world.rooms.membership.page_closed(room, ann.resume_token)
        await world.pass_time(6)
        assert world.member(room, "ann").connection is Connection.CONNECTING


async def test_the_connection_of_a_closed_page_can_do_nothing_more() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.join("c1", "ann", room)
        world.rooms.membership.page_closed(room, ann.resume_token)
        await world.settle()
        with pytest.raises(NotJoined):
            await world.act("c1", "set_muted", muted=False)


async def test_nobody_leaves_by_a_token_of_someone_else_or_of_another_room() -> None:
    async with World() as world:
        room, other = await world.room("ann"), await world.room("ann")
        ann = await world.join("c1", "ann", room)
        world.rooms.membership.page_closed(room, "a-token-that-was-guessed")
        world.rooms.membership.page_closed(other, ann.resume_token)
        await world.settle()
        assert world.member(room, "ann").connection is Connection.CONNECTING
        with pytest.raises(RoomNotFound):
            world.rooms.membership.page_closed("nowhere", ann.resume_token)


async def test_a_crash_while_a_page_reloads_costs_nobody_the_seat() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.join("c1", "ann", room)
        world.rooms.membership.page_closed(room, ann.resume_token)
        await world.settle()
        await world.crash()
        await world.pass_time(20)
        again = await world.join("c2", "ann", room, resume_token=ann.resume_token)
        assert again.participant_id == ann.participant_id
