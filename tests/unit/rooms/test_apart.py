"""People who have blocked each other, in one room. Ann blocks Ben; Cem is there too."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from server.errors import Unavailable
from server.protocol.entities import Participant
from server.protocol.rooms import (
    ChatAdded,
    ChatDeleted,
    DominantSpeaker,
    Knocks,
    ParticipantJoined,
    ParticipantUpdated,
    Reacted,
    RoomUpdated,
    Slots,
    Speaking,
    Transcript,
)
from server.protocol.tutor import InviteTutor
from server.rooms.handoff import handoff_of
from server.rooms.keep_apart import BLOCKS_OF_TOPIC
from server.rooms.ports import HELLO_TOPIC
from tests.fakes.rooms_world import World, a_user
from tests.unit.rooms.test_moves import Other, handed_over


def hears(world: World, listener: str, speaker: str) -> bool:
    return speaker in world.media.slots[listener]


def seen_by(world: World, room_id: str, viewer: str, user_id: str) -> Participant:
    room = world.open_rooms.get(room_id).room
    return next(p for p in room.view_for(viewer).participants if p.user_id == user_id)


class Three:
    def __init__(self, world: World) -> None:
        self.world = world
        self.room = self.ann = self.ben = self.cem = ""

    async def sit(self) -> Three:
        self.room = await self.world.room("cem")
        self.cem = await self.world.seat("c3", "cem", self.room)
        self.ann = await self.world.seat("c1", "ann", self.room)
        self.ben = await self.world.seat("c2", "ben", self.room)
        for connection in ("c1", "c2", "c3"):
            await self.world.act(connection, "set_muted", muted=False)
        return self

    def are_apart(self) -> bool:
        """And the third hears both, and both hear the third."""
        world, (ann, ben, cem) = self.world, (self.ann, self.ben, self.cem)
        others = [(cem, ann), (cem, ben), (ann, cem), (ben, cem)]
        assert all(hears(world, one, other) for one, other in others)
        pair = hears(world, ann, ben), hears(world, ben, ann)
        assert len(set(pair)) == 1, "both or neither"
        return not any(pair)


async def test_a_block_parts_two_people_at_once_and_an_unblock_joins_them() -> None:
    async with World() as world:
        three = await Three(world).sit()
        assert not three.are_apart()
        await world.block("ann", "ben")
        assert three.are_apart()
        await world.block("ann", "ben", on=False)
        assert not three.are_apart()


async def test_a_block_of_both_ends_when_both_have_unblocked() -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.block("ann", "ben")
        await world.block("ben", "ann")
        await world.block("ann", "ben", on=False)
        assert three.are_apart()
        await world.block("ben", "ann", on=False)
        assert not three.are_apart()


async def test_a_block_waits_for_no_mailbox() -> None:
    """Nobody is heard for as long as a store is slow."""
    async with World() as world:
        three = await Three(world).sit()
        world.store.gates[three.room] = asyncio.Event()
        slow = asyncio.create_task(world.act("c3", "set_hand", raised=True))
        await asyncio.sleep(0)
        world.blocks.pairs.add(("ann", "ben"))
        world.bus.publish("people.blocks", {"blocker": "ann", "blocked": "ben", "on": True})
        assert three.are_apart()
        world.store.gates[three.room].set()
        await slow


async def test_the_blocker_sees_a_seat_without_a_person_and_the_blocked_a_silent_one() -> None:
    async with World() as world:
        world.users.users["ben"] = replace(a_user("ben"), level="B1", country="VN", native_language="vi")
        three = await Three(world).sit()
        await world.act("c2", "set_hand", raised=True)
        world.rooms.media_events.speaking(three.ben, True, -20)
        world.rooms.media_events.speaking(three.ann, True, -20)
        await world.block("ann", "ben")
        ben = world.sink.of("c1", ParticipantUpdated)[-1].participant
        assert (ben.id, ben.user_id, ben.is_blocked) == (three.ben, "ben", True)
        assert (ben.name, ben.avatar_url) == ("", "/api/avatars/g/blocked.svg")
        assert (ben.learning_level, ben.country, ben.native_language) == (None, None, None)
        assert (ben.is_muted, ben.is_speaking, ben.hand_raised, ben.hand_raised_at) == (
            True,
            False,
            False,
            None,
        )
        ann = world.sink.of("c2", ParticipantUpdated)[-1].participant
        assert (ann.name, ann.is_blocked, ann.is_muted, ann.is_speaking) == ("Ann", False, True, False)
        assert seen_by(world, three.room, "cem", "ben") == world.member(three.room, "ben")
        assert len(world.open_rooms.get(three.room).room.view_for("ann").participants) == 3


async def test_neither_gets_a_sign_of_what_the_other_says_and_others_do() -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.block("ann", "ben")
        world.sink.forget()
        for speaker in (three.ann, three.ben):
            world.rooms.media_events.speaking(speaker, True, -20)
            world.rooms.media_events.dominant_speaker(three.room, speaker)
            said = Transcript(participant_id=speaker, turn_id="t", text="Hello.", is_final=True)
            room = world.open_rooms.get(three.room).room
            for seen in room.as_seen(room.broadcast(said)):
                world.sink.send(seen.connection_ids, seen.event)
        for connection, own in (("c1", three.ann), ("c2", three.ben)):
            assert {e.participant_id for e in world.sink.of(connection, Speaking)} == {own}
            assert {e.participant_id for e in world.sink.of(connection, Transcript)} == {own}
            assert {e.participant_id for e in world.sink.of(connection, DominantSpeaker)} == {own, None}
        assert {e.participant_id for e in world.sink.of("c3", Speaking)} == {three.ann, three.ben}
        assert {e.participant_id for e in world.sink.of("c3", Transcript)} == {three.ann, three.ben}
        assert None not in {e.participant_id for e in world.sink.of("c3", DominantSpeaker)}


async def test_every_later_event_and_snapshot_keeps_them_apart() -> None:
    async with World() as world:
        await Three(world).sit()
        await world.block("ann", "ben")
        world.sink.forget()
        await world.act("c2", "set_muted", muted=True)
        await world.act("c2", "set_muted", muted=False)
        world.rooms.user_changed(replace(world.user("ben"), name="Benjamin"))
        await world.act("c3", "set_locked", locked=True)
        events = world.sink.of("c1", ParticipantUpdated)
        rooms = world.sink.of("c1", RoomUpdated)
        assert events
        assert rooms
        assert not [e for e in events if e.participant.name or not e.participant.is_muted]
        synced = (await world.act("c1", "sync")).room
        for room in (*(e.room for e in rooms), synced):
            assert [p.name for p in room.participants if p.user_id == "ben"] == [""]
        assert [
            p.is_muted for p in (await world.act("c2", "sync")).room.participants if p.user_id == "ann"
        ] == [True]


async def test_a_late_join_is_kept_apart_from_its_first_moment() -> None:
    async with World() as world:
        room = await world.room("cem")
        await world.seat("c3", "cem", room)
        ann = await world.seat("c1", "ann", room)
        world.blocks.pairs.add(("ann", "ben"))  # before Ben comes, on another server
        joined = await world.join("c2", "ben", room)
        ben = joined.participant_id
        assert not hears(world, ann, ben)
        assert ann not in {slot.participant_id for slot in joined.slots}
        assert [p.is_muted for p in joined.room.participants if p.user_id == "ann"] == [True]
        assert world.sink.of("c1", ParticipantJoined)[-1].participant.name == ""
        assert world.sink.of("c3", ParticipantJoined)[-1].participant.name == "Ben"
        assert ben not in {s.participant_id for e in world.sink.of("c1", Slots) for s in e.slots}


async def test_a_block_during_a_join_counts() -> None:
    """Its message came before the seat was taken, and after the read had its answer."""
    async with World() as world:
        room = await world.room("cem")
        await world.seat("c3", "cem", room)
        ann = await world.seat("c1", "ann", room)
        world.blocks.gate = asyncio.Event()
        asked = world.blocks.asked
        joining = asyncio.create_task(world.join("c2", "ben", room))
        while world.blocks.asked == asked:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0)
        world.blocks.pairs.add(("ben", "ann"))
        world.bus.publish("people.blocks", {"blocker": "ben", "blocked": "ann", "on": True})
        world.blocks.gate.set()
        ben = (await joining).participant_id
        assert not hears(world, ann, ben)


async def test_nobody_joins_people_while_it_cannot_be_read_who_is_blocked() -> None:
    async with World() as world:
        room = await world.room("cem")
        await world.seat("c3", "cem", room)
        world.blocks.is_down = True
        with pytest.raises(Unavailable):
            await world.join("c1", "ann", room)
        assert len(world.view(room).participants) == 1


async def test_they_stay_apart_through_a_lost_connection_and_new_media() -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.block("ann", "ben")
        await world.lose("c2")
        await world.seat("c9", "ben", three.room)
        assert three.are_apart()
        await world.act("c9", "reconnect_media", mode="full")
        assert three.are_apart()


@pytest.mark.parametrize("end", ["restart", "crash"])
async def test_they_stay_apart_when_the_server_starts_again(end: str) -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.block("ann", "ben")
        await getattr(world, end)()
        for connection, user in (("d1", "ann"), ("d2", "ben"), ("d3", "cem")):
            await world.seat(connection, user, three.room)
        assert three.are_apart()


async def test_they_stay_apart_on_the_server_that_takes_the_room() -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.block("ann", "ben")
        handoff = handoff_of(world.open_rooms.get(three.room).room, [], world.now)
        world.store.owners[three.room] = "two"
        world.store.others.add("two")
        await world.crash()  # the server that starts is the new one, which has heard of no block
        await world.rooms.upkeep.adopt(three.room, 1, handoff)
        for connection, user in (("d1", "ann"), ("d2", "ben"), ("d3", "cem")):
            await world.seat(connection, user, three.room)
        assert three.are_apart()


async def test_a_block_parts_them_on_the_server_that_has_given_the_room_away_too() -> None:
    async with World() as world:
        three = await Three(world).sit()
        other = Other(world)
        async with handed_over(world, other):
            assert not three.are_apart()
            world.sink.forget()
            world.blocks.pairs.add(("ann", "ben"))
            world.bus.publish("people.blocks", {"blocker": "ann", "blocked": "ben", "on": True})
            assert three.are_apart()
            assert not any(world.sink.events.values()), "what they see is the new server's"


@pytest.mark.parametrize(
    ("topic", "payload"), [(HELLO_TOPIC, {"node": "two"}), (BLOCKS_OF_TOPIC, {"user": "ben"})]
)
async def test_blocks_are_read_again_after_lost_messages_and_after_a_merger(
    topic: str, payload: dict[str, object]
) -> None:
    async with World() as world:
        three = await Three(world).sit()
        world.blocks.pairs.add(("ann", "ben"))
        assert not three.are_apart()
        world.bus.publish(topic, payload)
        await world.settle()
        assert three.are_apart()


async def test_a_host_and_somebody_at_the_door_do_not_see_each_other() -> None:
    async with World() as world:
        room = await world.room("ann", knock_to_enter=True)
        await world.seat("c1", "ann", room)
        world.blocks.pairs.add(("ann", "ben"))
        await world.knock("c2", "ben", room)
        assert [e.knocks for e in world.sink.of("c1", Knocks)] == [[]]
        assert (await world.act("c1", "sync")).knocks == []
        await world.knock("c3", "cem", room)
        assert [k.name for k in world.sink.of("c1", Knocks)[-1].knocks] == ["Cem"]
        await world.block("ann", "cem")
        assert world.sink.of("c1", Knocks)[-1].knocks == []


async def test_cohosts_see_the_knocks_of_those_whom_they_have_not_blocked() -> None:
    async with World() as world:
        room = await world.room("ann", knock_to_enter=True)
        await world.seat("c1", "ann", room)
        await world.act("c1", "set_knock", knock_to_enter=False)
        dao = await world.seat("c4", "dao", room)
        await world.act("c1", "set_knock", knock_to_enter=True)
        await world.act("c1", "set_cohost", participant_id=dao, cohost=True)
        world.blocks.pairs.add(("dao", "ben"))
        await world.knock("c2", "ben", room)
        assert [k.name for k in world.sink.of("c1", Knocks)[-1].knocks] == ["Ben"]
        assert world.sink.of("c4", Knocks)[-1].knocks == []
        await world.block("dao", "ben", on=False)
        assert [k.name for k in world.sink.of("c4", Knocks)[-1].knocks] == ["Ben"]


async def test_neither_reads_what_the_other_writes_or_sees_how_they_react() -> None:
    async with World() as world:
        three = await Three(world).sit()
        for connection in ("c1", "c2", "c3"):
            await world.act(connection, "send_chat", text=f"before {connection}")
        of_ben = [e.line.id for e in world.sink.of("c1", ChatAdded) if e.line.user_id == "ben"]
        await world.block("ann", "ben")
        assert [e.line_ids for e in world.sink.of("c1", ChatDeleted)] == [of_ben]
        assert not world.sink.of("c2", ChatDeleted), "the blocked person must not find out"
        world.sink.forget()
        for connection in ("c1", "c2", "c3"):
            await world.act(connection, "send_chat", text=f"after {connection}")
            await world.act(connection, "react", reaction="like")
        read = {c: [e.line.user_id for e in world.sink.of(c, ChatAdded)] for c in ("c1", "c2", "c3")}
        assert read == {"c1": ["ann", "cem"], "c2": ["ben", "cem"], "c3": ["ann", "ben", "cem"]}
        seen = {c: [e.participant_id for e in world.sink.of(c, Reacted)] for c in ("c1", "c2", "c3")}
        assert seen["c1"] == [three.ann, three.cem]
        assert seen["c2"] == [three.ben, three.cem]
        assert seen["c3"] == [three.ann, three.ben, three.cem]
        for connection, own in (("c1", "ann"), ("c2", "ben")):
            chat = (await world.act(connection, "sync")).chat
            assert {line.user_id for line in chat} == {own, "cem"}


async def test_the_words_of_somebody_who_has_left_stay_hidden_from_whom_they_blocked() -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.act("c1", "send_chat", text="My secret")
        await world.act("c1", "leave")
        await world.act("c2", "leave")
        world.blocks.pairs.add(("ann", "ben"))
        joined = await world.join("c5", "ben", three.room)
        assert joined.chat == []


async def test_a_preview_of_the_room_shows_what_its_viewer_would_see_inside() -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.act("c2", "leave")
        world.blocks.pairs |= {("ben", "ann"), ("cem", "ben")}
        get = world.rooms.directory.get_room_for
        seen = {p.user_id: p for p in (await get(three.room, "ben")).participants}
        assert (seen["ann"].name, seen["ann"].is_blocked) == ("", True)
        assert (seen["cem"].name, seen["cem"].is_muted) == ("Cem", True)
        stranger = {p.user_id: p for p in (await get(three.room, "")).participants}
        assert stranger["ann"].name == "Ann"


async def test_the_tutor_of_the_room_is_heard_by_both_and_hears_both() -> None:
    async with World() as world:
        three = await Three(world).sit()
        await world.rooms.tutor.invite("cem", three.room, InviteTutor())
        tutor = await world.tutor("t1", three.room)
        await world.block("ann", "ben")
        assert three.are_apart()
        assert hears(world, three.ann, tutor)
        assert hears(world, three.ben, tutor)
        assert hears(world, tutor, three.ann)
        assert hears(world, tutor, three.ben)
