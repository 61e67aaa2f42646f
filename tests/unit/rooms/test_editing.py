"""A room that is edited while it runs."""

from __future__ import annotations

import pytest

from server.errors import Conflict, InvalidRequest, TutorNotAllowed
from server.protocol.entities import RoomType
from server.protocol.rooms import MediaOffer, RoomUpdated
from server.protocol.tutor import InviteTutor
from tests.fakes.rooms_world import World


async def test_an_edit_reaches_the_room_the_list_and_the_store() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.pass_time(1)
        await world.act("c1", "edit_room", name="Tea", topic="Weather", level="A2", language="vi")
        await world.act("c1", "edit_room", max_participants=4, links_allowed=True)
        await world.pass_time(1)
        shown = world.sink.of("c2", RoomUpdated)[-1].room
        assert (shown.name, shown.topic, shown.level, shown.language) == ("Tea", "Weather", "A2", "vi")
        assert (shown.max_participants, shown.links_allowed, shown.chat_open) == (4, True, True)
        (listed,) = [each.room for each in world.rooms.directory._lobby.rooms]
        assert (listed.name, listed.level, listed.language, listed.max_participants) == ("Tea", "A2", "vi", 4)
        assert world.lobby.names()[-1] == "room_updated"
        await world.crash()
        assert world.view(room).name == "Tea"
        assert world.view(room).links_allowed


async def test_there_are_never_fewer_chairs_than_people_with_a_seat() -> None:
    async with World() as world:
        room = await world.room("ann")
        for number, name in enumerate(("ann", "ben", "cem")):
            await world.seat(f"c{number}", name, room)
        await world.lose("c2")
        with pytest.raises(InvalidRequest) as refusal:
            await world.act("c0", "edit_room", name="Tea", max_participants=2)
        assert refusal.value.extra["errors"][0]["path"] == "maxParticipants"
        assert world.view(room).name == "Coffee"
        await world.act("c0", "edit_room", max_participants=3)
        assert world.view(room).max_participants == 3


async def test_more_chairs_give_everybody_a_connection_that_carries_more_voices() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=2)
        ann = await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.lose("c2")
        await world.act("c1", "edit_room", max_participants=4)
        await world.settle()
        (offer,) = world.sink.of("c1", MediaOffer)
        assert len(offer.slots) == world.media.peers[ann].slots == 4
        assert world.media.slots[ann] == (ben, None, None, None)
        back = await world.join("c3", "ben", room)
        assert len(back.slots) == world.media.peers[ben].slots == 4
        for number, name in enumerate(("cem", "dan")):
            await world.seat(f"d{number}", name, room)
        assert None not in world.media.slots[ann][:3]


async def test_fewer_chairs_take_no_voice_away() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=4)
        people = [
            await world.seat(f"c{n}", name, room) for n, name in enumerate(("ann", "ben", "cem", "dan"))
        ]
        await world.act("c1", "leave")
        await world.act("c2", "leave")
        before = world.media.slots[people[0]]
        await world.act("c0", "edit_room", max_participants=2)
        await world.settle()
        assert world.sink.of("c0", MediaOffer) == []
        assert world.media.slots[people[0]] == before
        again = await world.act("c0", "reconnect_media", mode="full")
        assert len(again.slots) == world.media.peers[people[0]].slots == 4
        assert world.media.slots[people[0]] == before


async def test_a_tutor_follows_in_what_it_had_of_the_room() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.act("c1", "set_topic", topic="Hotels")
        await world.act("c1", "edit_room", topic="Weather", level="C1", language="vi")
        tutor = world.view(room).tutor
        assert tutor is not None
        assert (tutor.topic, tutor.level, tutor.language) == ("Hotels", "C1", "vi")


async def test_a_room_without_a_tutor_sends_it_away_and_lets_none_in() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        tutor = await world.tutor("c9", room)
        await world.act("c1", "edit_room", tutor_allowed=False)
        assert world.view(room).tutor is None
        assert tutor not in world.media.peers
        with pytest.raises(TutorNotAllowed):
            await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.act("c1", "edit_room", tutor_allowed=True)
        await world.rooms.tutor.invite("ann", room, InviteTutor())


async def test_a_room_to_practise_alone_keeps_its_size_and_its_tutor() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.AI)
        await world.seat("c1", "ann", room)
        for change in ({"max_participants": 4}, {"tutor_allowed": False}):
            with pytest.raises(Conflict):
                await world.act("c1", "edit_room", **change)
        await world.act("c1", "edit_room", topic="Weather")
        assert world.view(room).topic == "Weather"
