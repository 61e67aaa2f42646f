"""Seats that are held, lost and given up; rooms that empty; servers that restart."""

from __future__ import annotations

import pytest

from server.errors import MediaError, NotJoined, RoomNotFound, Unavailable
from server.protocol.entities import Connection, ParticipantKind
from server.protocol.rooms import (
    DominantSpeaker,
    LeftReason,
    MediaOffer,
    ParticipantLeft,
    ParticipantUpdated,
    Removed,
    RemovedReason,
    ServerDraining,
    Speaking,
)
from server.rooms.model import Origin, SeatRecord
from tests.fakes.rooms_world import World, a_user


async def test_a_held_seat_expires_after_thirty_seconds() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.lose("c2")
        await world.pass_time(29.9)
        assert len(world.view(room).participants) == 2
        await world.pass_time(0.2)
        left = world.sink.of("c1", ParticipantLeft)
        assert [(e.participant_id, e.reason) for e in left] == [(ben, LeftReason.TIMED_OUT)]
        assert ben not in world.media.peers


async def test_a_seat_without_media_expires_after_thirty_seconds_and_its_client_is_notified() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        world.rooms.media_events.media_state(ann, "disconnected")
        await world.pass_time(25)
        assert world.member(room, "ann").connection is Connection.DISCONNECTED
        world.rooms.media_events.media_lost(ann)
        await world.settle()
        await world.pass_time(29)
        assert world.sink.of("c1", Removed) == []
        await world.pass_time(2)
        assert world.sink.of("c1", Removed) == [Removed(reason=RemovedReason.TIMED_OUT)]
        with pytest.raises(NotJoined):
            await world.act("c1", "sync")


async def test_a_client_that_never_answers_loses_its_seat() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = (await world.join("c1", "ann", room)).participant_id
        for _ in range(3):
            await world.pass_time(10.1)
            world.rooms.media_events.media_failed(ann)
            await world.settle()
        assert world.view(room).participants == []
        assert world.media.peers == {}


async def test_failed_media_leads_to_a_new_offer_with_the_slots() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        world.rooms.media_events.media_failed(ann)
        await world.settle()
        (offered,) = world.sink.of("c1", MediaOffer)
        assert offered.slots[0].participant_id == ben
        assert world.media.slots[ann] == tuple(s.participant_id for s in offered.slots)
        assert world.sink.of("c2", MediaOffer) == []
        await world.act("c1", "answer", offer_id=offered.offer.id, sdp="v=0")


async def test_a_failed_replacement_leaves_the_seat_connected_and_leads_to_another_offer() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.act("c1", "reconnect_media", mode="full")
        world.sink.forget()
        world.rooms.media_events.media_failed(ann, is_carried=True)
        await world.pass_time(31)
        assert len(world.sink.of("c1", MediaOffer)) == 1
        assert world.sink.of("c2", ParticipantUpdated) == []
        assert world.member(room, "ann").connection is Connection.CONNECTED


async def test_a_rejoin_whose_media_fails_keeps_the_old_media_connection() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.join("c2", "ann", room)
        assert world.member(room, "ann").connection is Connection.CONNECTING
        joins = list(world.joins)
        world.rooms.media_events.media_failed(ann, is_carried=True)
        await world.pass_time(31)
        assert world.member(room, "ann").connection is Connection.CONNECTED
        assert world.joins == joins, "an old connection does not count for the time of a join"


async def test_a_replacement_that_cannot_be_offered_again_keeps_the_old_connection() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        world.media.is_down = True
        world.rooms.media_events.media_failed(ann, is_carried=True)
        await world.pass_time(31)
        assert world.member(room, "ann").connection is Connection.CONNECTED


async def test_failed_media_of_a_held_seat_offers_nothing() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.lose("c1")
        world.rooms.media_events.media_failed(ann)
        await world.settle()
        assert [c for c in world.media.calls if c == ("open", ann)] == [("open", ann)]


async def test_media_that_cannot_be_offered_again_counts_as_lost() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        world.media.is_down = True
        world.rooms.media_events.media_failed(ann)
        await world.settle()
        assert world.member(room, "ann").connection is Connection.DISCONNECTED


async def test_reconnecting_media_keeps_seat_and_slots() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        ice = await world.act("c1", "reconnect_media", mode="ice")
        full = await world.act("c1", "reconnect_media", mode="full")
        assert ice.offer.id != full.offer.id
        assert full.slots[0].participant_id == ben
        assert world.media.slots[ann][0] == ben
        world.media.close(ann)
        with pytest.raises(MediaError):
            await world.act("c1", "reconnect_media", mode="ice")


async def test_offers_know_the_address_by_which_the_newest_socket_has_reached_the_server() -> None:
    async with World() as world:
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room, origin=Origin(reached="192.0.2.5"))
        assert world.media.reached[joined.participant_id] == "192.0.2.5"
        token = joined.resume_token
        await world.join("c2", "ann", room, resume_token=token, origin=Origin(reached="10.1.1.5"))
        world.media.reached.clear()
        await world.act("c2", "reconnect_media", mode="ice")
        assert world.media.reached == {joined.participant_id: "10.1.1.5"}


async def test_an_empty_room_closes_after_a_while() -> None:
    async with World(empty_room_ttl_s=300) as world:
        used, unused = await world.room("ann"), await world.room("ann")
        await world.seat("c1", "ann", used)
        await world.pass_time(299)
        await world.act("c1", "leave")
        await world.pass_time(2)
        assert unused not in world.store.rooms
        assert used in world.store.rooms
        await world.pass_time(300)
        assert world.store.rooms == {}
        with pytest.raises(RoomNotFound):
            await world.join("c2", "ben", used)


async def test_rooms_of_somebody_who_deleted_their_profile_get_a_host_or_close() -> None:
    async with World() as world:
        with_ben, _empty, of_ben = [await world.room(host) for host in ("ann", "ann", "ben")]
        await world.seat("c2", "ben", with_ben)
        world.rooms.user_deleted("ann")
        await world.pass_time(0.5)
        assert world.view(with_ben).host_id == "ben"
        assert "ann" not in str(world.store.rooms[with_ben])
        assert set(world.store.rooms) == {with_ben, of_ben}
        await world.act("c2", "leave")
        await world.pass_time(1)
        assert with_ben in world.store.rooms  # an empty room with a host stays open for a while


async def test_a_room_with_a_held_seat_is_not_empty() -> None:
    async with World(empty_room_ttl_s=10, seat_grace_s=30) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.lose("c1")
        await world.pass_time(29)
        assert world.view(room).participant_count == 1


async def test_after_a_restart_everyone_returns_to_their_seat() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=3)
        ann, ben = await world.join("c1", "ann", room), await world.join("c2", "ben", room)
        await world.act("c1", "set_locked", locked=True)
        await world.act("c2", "leave")
        await world.restart()
        view = world.view(room)
        assert view.is_locked
        assert view.host_id == "ann"
        assert [p.connection for p in view.participants] == [Connection.DISCONNECTED]
        again = await world.join("d1", "ann", room, resume_token=ann.resume_token)
        assert again.room.participants[0].user_id == "ann"
        assert ben.participant_id != again.participant_id


async def test_a_restart_restores_seats_raised_hands_order_and_numbers() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.pass_time(1)
        ben = await world.join("c2", "ben", room)
        await world.act("c2", "set_hand", raised=True)
        numbers = {s.id: s.number for s in world.store.seats.values()}
        await world.restart()
        assert [p.user_id for p in world.view(room).participants] == ["ann", "ben"]
        assert world.member(room, "ben").hand_raised
        again = await world.join("d2", "ben", room, resume_token=ben.resume_token)
        me = again.participant_id
        assert me == ben.participant_id
        assert world.media.peers[me].number == numbers[me]
        assert again.slots[0].participant_id is not None
        third = await world.join("d3", "cat", room)
        assert world.media.peers[third.participant_id].number not in numbers.values()


async def test_after_a_restart_a_seat_has_exactly_thirty_more_seconds() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.lose("c1")
        await world.pass_time(20)
        await world.restart()
        await world.pass_time(29)
        assert world.view(room).participant_count == 1
        await world.pass_time(2)
        assert world.view(room).participant_count == 0
        assert world.store.seats == {}


async def test_the_time_of_an_unused_room_starts_again_after_a_restart() -> None:
    async with World(empty_room_ttl_s=300) as world:
        room = await world.room("ann")
        await world.pass_time(200)
        await world.restart()
        await world.pass_time(200)
        assert world.view(room).id == room
        await world.pass_time(101)
        assert world.store.rooms == {}


async def test_orphaned_seats_are_deleted_at_start() -> None:
    async with World() as world:
        room = await world.room("ann")
        for seat_id, user_id, kind in (
            ("ghost", "gone", ParticipantKind.PERSON),
            ("robot", "ann", ParticipantKind.TUTOR),
        ):
            world.store.seats[room, seat_id] = SeatRecord(seat_id, room, user_id, kind, 9, "", True, 0.0)
        await world.restart()
        assert world.view(room).participants == []
        assert world.store.seats == {}


async def test_a_seat_left_while_the_store_was_down_is_not_restored() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        world.store.is_down = True
        await world.act("c2", "leave")
        await world.pass_time(60)
        assert len(world.store.seats) == 2
        world.store.is_down = False
        await world.pass_time(11)
        assert [seat.user_id for seat in world.store.seats.values()] == ["ann"]
        await world.crash()
        assert [p.user_id for p in world.view(room).participants] == ["ann"]


async def test_a_seat_left_while_the_store_was_down_is_deleted_when_the_server_stops() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.store.is_down = True
        await world.act("c1", "leave")
        world.store.is_down = False
        await world.restart()
        assert world.view(room).participants == []


async def test_a_failing_store_is_not_tried_for_every_seat_at_every_tick() -> None:
    async with World() as world:
        room = await world.room("ann")
        for name in ("ann", "ben", "cat"):
            await world.seat(f"c-{name}", name, room)
        world.store.is_down = True
        for name in ("ann", "ben", "cat"):
            await world.act(f"c-{name}", "leave")
        before = world.store.asked
        await world.pass_time(11)
        await world.pass_time(1)
        assert world.store.asked == before + 1


async def test_draining_notifies_everyone_refuses_joins_and_keeps_the_seats() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.rooms.drain()
        assert world.sink.of("c1", ServerDraining) == [ServerDraining()]
        assert world.lobby.names().count("server_draining") == 1
        with pytest.raises(Unavailable):
            await world.join("c2", "ben", room)
        with pytest.raises(Unavailable):
            await world.room("ben")
        await world.lose("c1")
        await world.pass_time(3600)
        assert len(world.store.seats) == 1


async def test_a_profile_change_shows_in_the_room() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        world.rooms.user_changed(a_user("ben", name="Benjamin"))
        assert world.sink.of("c1", ParticipantUpdated)[-1].participant.name == "Benjamin"


async def test_speaking_and_the_dominant_speaker_are_sent_to_the_room_alone() -> None:
    async with World() as world:
        room, other = await world.room("ann"), await world.room("cat")
        ann = await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.seat("c3", "cat", other)
        await world.act("c1", "set_muted", muted=False)
        world.rooms.media_events.speaking(ann, True, -33)
        world.rooms.media_events.dominant_speaker(room, ann)
        world.rooms.media_events.dominant_speaker(room, ann)
        assert world.sink.of("c2", Speaking) == [Speaking(participant_id=ann, speaking=True, level=-33)]
        assert world.sink.of("c2", DominantSpeaker) == [DominantSpeaker(participant_id=ann)]
        assert world.sink.of("c3", Speaking) == []


async def test_events_of_media_that_has_ended_are_ignored() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.act("c1", "leave")
        events = world.rooms.media_events
        events.media_state(ann, "connected")
        events.media_lost(ann)
        events.media_failed(ann)
        events.speaking(ann, True, -10)
        events.dominant_speaker(room, ann)
        events.dominant_speaker("nowhere", None)
        await world.settle()
        assert world.media.peers == {}


async def test_a_thousand_joins_and_leaves_leave_nothing_behind() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c0", "ann", room)
        for i in range(1_000):
            await world.seat("c1", f"u{i % 7}", room)
            if i % 3:
                await world.act("c1", "leave")
            else:
                await world.lose("c1")
                await world.pass_time(31)
                await world.seat("c0", "ann", room)
        rooms = world.open_rooms
        assert (len(rooms._by_seat), len(rooms._by_connection), len(world.store.seats)) == (1, 1, 1)
        assert len(world.media.peers) == 1
