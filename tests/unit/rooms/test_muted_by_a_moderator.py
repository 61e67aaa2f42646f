"""A moderator's mute works in rooms: nobody hears or reads the person until it ends, or is undone."""

from __future__ import annotations

import asyncio

import pytest

from server.errors import MutedByModerator, WarningNotRead
from server.protocol.agents import InputKind
from server.protocol.entities import RoomType
from server.protocol.rooms import ChatAdded, ParticipantUpdated
from server.protocol.tutor import InviteTutor
from server.rooms.ports import Standing
from tests.fakes.rooms_world import World

HOUR_S = 3_600.0
_WORDS = [
    ("set_muted", {"muted": False}),
    ("send_chat", {"text": "Hello"}),
    ("say", {"text": "Hello"}),
    ("recognized", {"text": "Hello", "is_final": True}),
    ("mend_words", {"turn_id": "t1", "text": "Hello"}),
    ("edit_room", {"name": "Hello"}),
    ("edit_room", {"topic": "Hello"}),
    ("set_topic", {"topic": "Hello"}),
]


async def club(world: World) -> tuple[str, str]:
    """Ben hosts a room with a tutor and is heard, Ann listens; the room and Ben's participant."""
    room = await world.room("ben")
    ben = await world.seat("c1", "ben", room)
    await world.seat("c2", "ann", room)
    await world.rooms.tutor.invite("ben", room, InviteTutor())
    await world.tutor("t1", room)
    await world.pass_time(0.2)
    await world.act("c1", "set_muted", muted=False)
    assert not world.media.muted[ben]
    return room, ben


def until(world: World, seconds: float = HOUR_S) -> float:
    return world.now + world.wall_step + seconds


async def test_the_voice_is_cut_at_once_before_anything_is_stored() -> None:
    async with World() as world:
        room, ben = await club(world)
        world.rooms.silence("ben", until(world))
        assert world.media.muted[ben], "no mailbox and no store was waited for"
        assert world.media.calls[-1] == ("mute at once", ben)
        assert world.member(room, "ben").is_muted
        await world.settle()
        assert world.stored_seat(ben).is_muted


@pytest.mark.parametrize(("event", "payload"), _WORDS)
async def test_a_muted_person_can_neither_unmute_nor_write_where_others_read(
    event: str, payload: dict[str, object]
) -> None:
    async with World() as world:
        room, ben = await club(world)
        world.rooms.silence("ben", end := until(world))
        before = world.view(room)
        with pytest.raises(MutedByModerator) as refused:
            await world.act("c1", event, **payload)
        assert refused.value.problem()["until"].endswith("Z")
        await world.pass_time(HOUR_S - 1)
        with pytest.raises(MutedByModerator):
            await world.act("c1", event, **payload)
        assert world.media.muted[ben]
        assert world.sink.of("c2", ChatAdded) == []
        assert world.tutors.inputs == []
        assert (world.view(room).name, world.view(room).topic) == (before.name, before.topic)
        assert end > world.now


async def test_a_muted_person_still_listens_raises_a_hand_and_leads_the_room() -> None:
    async with World() as world:
        room, _ben = await club(world)
        world.rooms.silence("ben", until(world))
        await world.act("c1", "set_hand", raised=True)
        await world.act("c1", "set_locked", locked=True)
        assert world.view(room).is_locked
        assert world.member(room, "ben").hand_raised
        await world.act("c1", "ask_tutor")
        assert [given.kind for _room, given in world.tutors.inputs] == [InputKind.ASK_TUTOR]


async def test_it_ends_by_time_and_nobody_but_its_owner_opens_the_microphone_then() -> None:
    async with World() as world:
        room, ben = await club(world)
        world.rooms.silence("ben", until(world))
        await world.pass_time(HOUR_S)
        assert world.media.muted[ben]
        assert world.member(room, "ben").is_muted
        await world.act("c1", "set_muted", muted=False)
        await world.act("c1", "send_chat", text="Hello")
        assert not world.media.muted[ben]
        assert len(world.sink.of("c2", ChatAdded)) == 1


async def test_undoing_it_lets_the_person_speak_again() -> None:
    async with World() as world:
        _room, ben = await club(world)
        world.rooms.silence("ben", until(world))
        world.rooms.silence("ben", None)
        assert world.media.muted[ben], "only its owner opens a microphone"
        await world.act("c1", "set_muted", muted=False)
        assert not world.media.muted[ben]


async def test_an_unmute_under_way_is_void() -> None:
    async with World() as world:
        room, ben = await club(world)
        await world.act("c1", "set_muted", muted=True)
        world.store.gates[room], asked = asyncio.Event(), world.store.asked
        unmuting = asyncio.create_task(world.act("c1", "set_muted", muted=False))
        async with asyncio.timeout(5):
            while world.store.asked == asked:  # noqa: ASYNC110 - a double that counts calls has no event
                await asyncio.sleep(0)
        world.rooms.silence("ben", until(world))
        world.store.gates[room].set()
        await unmuting
        await world.settle()
        assert world.media.muted[ben]
        assert world.stored_seat(ben).is_muted


async def test_leaving_and_coming_back_elsewhere_or_after_a_restart_is_no_way_around() -> None:
    async with World() as world:
        room, _ben = await club(world)
        world.standings["ben"] = Standing(muted_until=until(world))
        world.rooms.silence("ben", until(world))
        await world.act("c1", "leave")
        for connection, place in (("c3", room), ("c4", await world.room("cem"))):
            await world.seat(connection, "ben", place)
            with pytest.raises(MutedByModerator):
                await world.act(connection, "set_muted", muted=False)
        await world.restart()
        ben = await world.seat("c6", "ben", room)
        with pytest.raises(MutedByModerator):
            await world.act("c6", "set_muted", muted=False)
        assert world.media.muted[ben]


async def test_a_seat_that_was_unmuted_before_is_muted_when_its_owner_takes_it_back() -> None:
    async with World() as world:
        room, ben = await club(world)
        world.standings["ben"] = Standing(muted_until=until(world))
        await world.crash()
        assert not world.stored_seat(ben).is_muted
        again = await world.seat("c9", "ben", room)
        assert again == ben
        assert world.media.muted[ben]


async def test_alone_with_the_tutor_it_does_not_hold() -> None:
    async with World() as world:
        room = await world.room("ben", type=RoomType.AI)
        world.standings["ben"] = Standing(muted_until=until(world))
        ben = await world.seat("c1", "ben", room)
        world.rooms.silence("ben", until(world))
        await world.act("c1", "set_muted", muted=False)
        assert not world.media.muted[ben]


async def test_the_others_see_a_muted_person_and_not_by_whom() -> None:
    async with World() as world:
        room, _ben = await club(world)
        world.sink.forget()
        world.rooms.silence("ben", until(world))
        await world.settle()
        (update,) = world.sink.of("c2", ParticipantUpdated)
        assert update.participant.is_muted
        assert not update.muted_by_host
        own = await world.act("c2", "sync")
        assert "moderator" not in own.model_dump_json()
        assert room


async def test_a_warning_must_be_read_before_a_room_with_others_is_entered() -> None:
    async with World() as world:
        await club(world)
        other, alone = await world.room("ann"), await world.room("cem", type=RoomType.AI)
        world.standings["cem"] = Standing(has_warning=True)
        with pytest.raises(WarningNotRead):
            await world.join("c5", "cem", other)
        await world.join("c6", "cem", alone)
        await world.act("c6", "leave")
        world.standings["cem"] = Standing()
        await world.join("c5", "cem", other)
