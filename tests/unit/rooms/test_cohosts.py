"""Co-hosts: what they may do and what not, and how long they are co-hosts."""

from __future__ import annotations

import pytest

from server.errors import Conflict, Forbidden, NotCohost, NotHost, ParticipantNotFound, RemovedFromRoom
from server.protocol.door import KnockAnswer
from server.protocol.entities import RoomType
from server.protocol.rooms import KnockAnswered, Knocks, KnockUpdated, RoomUpdated
from tests.fakes.rooms_world import World


async def club(world: World, *, knocks: bool = False, **draft: object) -> tuple[str, dict[str, str]]:
    """Ann hosts; Ben is co-host, Cem is not. Their connections are c1, c2 and c3. Returns the room and the
    participants' ids."""
    room = (await world.create("ann", **draft)).id
    invite = world.store.rooms[room].invite or None
    seats = {
        name: await world.seat(connection, name, room, invite=invite)
        for connection, name in (("c1", "ann"), ("c2", "ben"), ("c3", "cem"))
    }
    await world.act("c1", "set_cohost", participant_id=seats["ben"], cohost=True)
    if knocks:
        await world.act("c1", "set_knock", knock_to_enter=True)
    return room, seats


async def test_a_co_host_mutes_lowers_hands_removes_and_deletes() -> None:
    async with World() as world:
        room, seats = await club(world)
        assert world.view(room).cohost_ids == ["ben"]
        await world.act("c3", "set_muted", muted=False)
        await world.act("c2", "mute_participant", participant_id=seats["cem"])
        assert world.member(room, "cem").is_muted
        await world.act("c1", "set_muted", muted=False)
        await world.act("c2", "mute_participant", participant_id=seats["ann"])
        assert world.member(room, "ann").is_muted
        await world.act("c3", "set_hand", raised=True)
        await world.act("c2", "lower_hand", participant_id=seats["cem"])
        assert not world.member(room, "cem").hand_raised
        await world.act("c3", "send_chat", text="hello")
        line = (await world.act("c2", "sync")).chat[0]
        await world.act("c2", "delete_chat", line_id=line.id)
        await world.act("c2", "remove_participant", participant_id=seats["cem"])
        with pytest.raises(RemovedFromRoom):
            await world.join("c9", "cem", room)


async def test_a_co_host_does_not_remove_the_host_or_another_co_host() -> None:
    async with World() as world:
        room, seats = await club(world)
        await world.act("c1", "set_cohost", participant_id=seats["cem"], cohost=True)
        for name in ("ann", "cem", "ben"):
            with pytest.raises(Forbidden):
                await world.act("c2", "remove_participant", participant_id=seats[name])
        await world.act("c1", "remove_participant", participant_id=seats["cem"])
        assert world.view(room).cohost_ids == ["ben"]
        with pytest.raises(Conflict):
            await world.act("c1", "remove_participant", participant_id=seats["ann"])


async def test_what_the_host_alone_may_do_a_co_host_may_not() -> None:
    async with World() as world:
        room, seats = await club(world)
        for event, payload in (
            ("set_cohost", {"participant_id": seats["cem"], "cohost": True}),
            ("set_cohost", {"participant_id": seats["ben"], "cohost": False}),
            ("transfer_host", {"participant_id": seats["ben"]}),
            ("set_locked", {"locked": True}),
            ("set_knock", {"knock_to_enter": True}),
            ("close_room", {}),
            ("get_invite", {}),
            ("renew_invite", {}),
            ("get_bans", {}),
            ("lift_ban", {"ban_id": "b1"}),
            ("edit_room", {"chat_open": False}),
        ):
            with pytest.raises(NotHost):
                await world.act("c2", event, **payload)
        assert world.view(room).chat_open


async def test_others_may_nothing_of_what_a_co_host_may() -> None:
    async with World() as world:
        room, seats = await club(world)
        await world.act("c1", "send_chat", text="hello")
        line = (await world.act("c3", "sync")).chat[0]
        for event, payload in (
            ("mute_participant", {"participant_id": seats["ben"]}),
            ("lower_hand", {"participant_id": seats["ben"]}),
            ("remove_participant", {"participant_id": seats["ben"]}),
            ("answer_knock", {"knock_id": "k1", "admitted": True}),
            ("delete_chat", {"line_id": line.id}),
            ("edit_room", {"name": "Mine"}),
        ):
            with pytest.raises(NotCohost):
                await world.act("c3", event, **payload)
        await world.act("c1", "set_cohost", participant_id=seats["ben"], cohost=False)
        with pytest.raises(NotCohost):
            await world.act("c2", "edit_room", name="Mine")
        with pytest.raises(ParticipantNotFound):
            await world.act("c1", "set_cohost", participant_id="nobody", cohost=True)
        assert world.view(room).name == "Coffee"


async def test_a_co_host_admits_people_also_while_the_host_is_away() -> None:
    async with World() as world:
        room, _seats = await club(world, knocks=True)
        await world.lose("c1")
        waiting = await world.knock("k1", "dan", room)
        assert waiting.can_be_answered
        (dan,) = world.sink.of("c2", Knocks)[-1].knocks
        assert world.sink.of("c3", Knocks) == []
        assert [k.id for k in (await world.act("c2", "sync")).knocks] == [dan.id]
        assert (await world.act("c3", "sync")).knocks == []
        await world.act("c2", "answer_knock", knock_id=dan.id, admitted=True)
        assert world.sink.of("k1", KnockAnswered)[-1].answer is KnockAnswer.ADMITTED
        assert world.sink.of("c2", Knocks)[-1].knocks == []


async def test_whoever_becomes_co_host_sees_the_door_and_whoever_ceases_does_not() -> None:
    async with World() as world:
        room, seats = await club(world, knocks=True)
        await world.knock("k1", "dan", room)
        world.sink.forget()
        await world.act("c1", "set_cohost", participant_id=seats["cem"], cohost=True)
        assert [k.name for k in world.sink.of("c3", Knocks)[-1].knocks] == ["Dan"]
        assert world.sink.of("c1", Knocks) == []
        await world.act("c1", "set_cohost", participant_id=seats["cem"], cohost=False)
        assert world.sink.of("c3", Knocks)[-1].knocks == []
        assert world.sink.of("k1", KnockUpdated) == []
        await world.lose("c1")
        assert world.sink.of("k1", KnockUpdated) == []
        await world.lose("c2")
        assert not world.sink.of("k1", KnockUpdated)[-1].can_be_answered


async def test_a_co_host_stays_one_through_reconnect_restart_and_a_new_host() -> None:
    async with World() as world:
        room, seats = await club(world, type=RoomType.PRIVATE)
        await world.lose("c2")
        await world.seat("c4", "ben", room)
        await world.act("c4", "edit_room", name="Tea")
        await world.act("c1", "transfer_host", participant_id=seats["cem"])
        assert world.view(room).cohost_ids == ["ben"]
        await world.act("c4", "leave")
        await world.crash()
        assert world.view(room).cohost_ids == ["ben"]
        await world.seat("c5", "ben", room)  # without an invite
        await world.act("c5", "edit_room", name="Coffee")


async def test_a_co_host_comes_into_a_locked_room_and_need_not_knock() -> None:
    async with World() as world:
        room, _seats = await club(world, knocks=True)
        await world.act("c2", "leave")
        await world.act("c1", "set_locked", locked=True)
        await world.pass_time(3600)
        await world.seat("c4", "ben", room)
        assert world.view(room).participant_count == 3


async def test_a_co_host_succeeds_a_host_who_left_before_people_who_came_earlier() -> None:
    async with World() as world:
        room, seats = await club(world)
        await world.act("c1", "set_cohost", participant_id=seats["cem"], cohost=True)
        await world.act("c1", "set_cohost", participant_id=seats["ben"], cohost=False)
        await world.act("c1", "leave")
        shown = world.sink.of("c2", RoomUpdated)[-1].room
        assert (shown.host_id, shown.cohost_ids) == ("cem", [])
        assert world.store.rooms[room].cohosts == ()


async def test_naming_the_host_or_a_co_host_again_changes_nothing() -> None:
    async with World() as world:
        room, seats = await club(world)
        world.sink.forget()
        await world.act("c1", "set_cohost", participant_id=seats["ben"], cohost=True)
        await world.act("c1", "set_cohost", participant_id=seats["ann"], cohost=True)
        assert world.sink.events == {}
        assert world.view(room).cohost_ids == ["ben"]


async def test_a_co_host_whose_profile_is_deleted_is_none_any_more() -> None:
    async with World() as world:
        room, _seats = await club(world)
        world.rooms.user_deleted("ben")
        assert world.view(room).cohost_ids == []
        await world.pass_time(10)
        assert world.store.rooms[room].cohosts == ()
