"""Raised hands: their order, and who lowers them."""

from __future__ import annotations

import pytest

from server.errors import NotHost, ParticipantNotFound
from server.protocol.rooms import HandLowered, ParticipantUpdated
from tests.fakes.rooms_world import World


async def _speak(world: World, participant_id: str, seconds: float) -> None:
    world.rooms.media_events.speaking(participant_id, True, -20)
    for _ in range(round(seconds / 0.2)):
        await world.pass_time(0.2)
    world.rooms.media_events.speaking(participant_id, False, -127)


def _hands(world: World, room: str) -> list[str]:
    """Users with a raised hand, in the order of the hands."""
    raised = [p for p in world.view(room).participants if p.hand_raised_at is not None]
    return [p.user_id for p in sorted(raised, key=lambda p: str(p.hand_raised_at))]


async def test_a_hand_is_lowered_once_its_owner_has_spoken_for_a_moment() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.act("c2", "set_muted", muted=False)
        await world.act("c2", "set_hand", raised=True)
        await _speak(world, ben, 2)
        await world.pass_time(60)
        assert world.member(room, "ben").hand_raised
        world.sink.forget()
        await _speak(world, ben, 1.4)
        assert not world.member(room, "ben").hand_raised
        assert world.stored_seat(ben).hand_raised_at is None
        (told,) = world.sink.of("c2", ParticipantUpdated)
        assert told.hand_lowered is HandLowered.SPOKEN
        (seen,) = world.sink.of("c1", ParticipantUpdated)
        assert seen.hand_lowered is None


async def test_what_was_spoken_before_the_hand_was_raised_does_not_count() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        for _ in range(3):
            await _speak(world, ann, 2)
            await world.act("c1", "set_hand", raised=True)
            await _speak(world, ann, 2)
            assert world.member(room, "ann").hand_raised
            await world.act("c1", "set_hand", raised=False)


async def test_hands_are_in_the_order_in_which_they_were_raised_after_a_crash_too() -> None:
    async with World() as world:
        room = await world.room("ann")
        for index, name in enumerate(["ann", "ben", "cem"]):
            await world.seat(f"c{index}", name, room)
        await world.act("c2", "set_hand", raised=True)
        world.wall_step -= 3600
        await world.act("c0", "set_hand", raised=True)
        await world.act("c1", "set_hand", raised=True)
        await world.act("c2", "set_hand", raised=True)
        assert _hands(world, room) == ["cem", "ann", "ben"]
        await world.crash()
        assert _hands(world, room) == ["cem", "ann", "ben"]


async def test_the_host_lowers_a_hand_and_its_owner_is_told() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.act("c2", "set_hand", raised=True)
        world.sink.forget()
        await world.act("c1", "lower_hand", participant_id=ben)
        await world.act("c1", "lower_hand", participant_id=ben)
        (told,) = world.sink.of("c2", ParticipantUpdated)
        assert (told.participant.hand_raised, told.hand_lowered) == (False, HandLowered.BY_HOST)
        with pytest.raises(NotHost):
            await world.act("c2", "lower_hand", participant_id=ann)
        with pytest.raises(ParticipantNotFound):
            await world.act("c1", "lower_hand", participant_id="nobody")


async def test_the_host_lowers_all_hands_and_gives_the_floor_without_unmuting_anybody() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c0", "ann", room)
        ben = await world.seat("c1", "ben", room)
        await world.seat("c2", "cem", room)
        for connection in ("c1", "c2"):
            await world.act(connection, "set_hand", raised=True)
            for event, payload in (("lower_hands", {}), ("give_floor", {"participant_id": ben})):
                with pytest.raises(NotHost):
                    await world.act(connection, event, **payload)
        world.sink.forget()
        await world.act("c0", "give_floor", participant_id=ben)
        (told,) = world.sink.of("c1", ParticipantUpdated)
        assert told.hand_lowered is HandLowered.FLOOR
        assert world.member(room, "ben").is_muted
        assert _hands(world, room) == ["cem"]
        await world.act("c1", "set_hand", raised=True)
        await world.act("c0", "lower_hands")
        assert _hands(world, room) == []
        told_why = [event.hand_lowered for event in world.sink.of("c2", ParticipantUpdated)]
        assert told_why.count(HandLowered.BY_HOST) == 1
