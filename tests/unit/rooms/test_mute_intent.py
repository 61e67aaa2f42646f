"""Only a person's own request unmutes them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import Unavailable
from server.protocol.rooms import ParticipantUpdated, Speaking
from tests.fakes.fuzzing import fuzz
from tests.fakes.rooms_world import World


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - a double that counts calls has no event to wait for
            await asyncio.sleep(0)


async def test_a_muted_person_is_not_heard_after_reconnecting() -> None:
    async with World() as world:
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room)
        me = joined.participant_id
        await world.act("c1", "set_muted", muted=False)
        await world.act("c1", "set_muted", muted=True)
        await world.lose("c1")
        await world.join("c2", "ann", room, resume_token=joined.resume_token)
        assert world.media.muted[me] is True
        assert world.media.peers[me].is_muted is True


async def test_someone_who_was_heard_is_heard_after_reconnecting() -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        await world.lose("c1")
        await world.join("c2", "ann", room)
        assert world.media.muted[me] is False


async def test_mute_survives_a_restart_both_ways() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.act("c1", "set_muted", muted=False)
        await world.restart()
        assert (world.member(room, "ann").is_muted, world.member(room, "ben").is_muted) == (False, True)


async def test_a_mute_by_the_host_acts_at_once_and_says_so_to_the_muted_person() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.act("c2", "set_muted", muted=False)
        world.sink.forget()
        await world.act("c1", "mute_participant", participant_id=ben)
        assert ("mute at once", ben) in world.media.calls
        assert [e.muted_by_host for e in world.sink.of("c2", ParticipantUpdated)] == [True]
        assert [e.muted_by_host for e in world.sink.of("c1", ParticipantUpdated)] == [False]
        assert world.stored_seat(ben).is_muted


async def test_an_unmute_that_cannot_be_stored_opens_nothing() -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "set_muted", muted=False)
        assert world.media.muted[me] is True
        assert world.member(room, "ann").is_muted


async def test_a_mute_that_cannot_be_stored_still_holds() -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "set_muted", muted=True)
        assert world.media.muted[me] is True
        assert world.member(room, "ann").is_muted


async def test_a_mute_that_could_not_be_stored_is_stored_when_requested_again() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "set_muted", muted=True)
        world.store.is_down = False
        await world.act("c1", "set_muted", muted=True)
        await world.restart()
        assert world.member(room, "ann").is_muted


async def test_a_mute_that_could_not_be_stored_holds_after_a_crash_without_another_request() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c1", "set_muted", muted=True)
        await world.pass_time(60)
        world.store.is_down = False
        await world.pass_time(10)
        await world.crash()
        assert world.member(room, "ann").is_muted


async def test_an_unmute_that_may_have_been_stored_does_not_hold_after_a_crash() -> None:
    async with World(store_timeout_s=0.01) as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        gate = world.store.gates[room] = asyncio.Event()
        with pytest.raises(Unavailable):
            await world.act("c1", "set_muted", muted=False)
        world.store.seats[room, me] = replace(world.stored_seat(me), is_muted=False)
        gate.set()
        await world.pass_time(10)
        await world.crash()
        assert world.member(room, "ann").is_muted


async def test_a_mute_in_progress_at_shutdown_is_stored() -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        gate = world.store.gates[room] = asyncio.Event()
        muting = asyncio.create_task(world.act("c1", "set_muted", muted=True))
        await _until(lambda: world.member(room, "ann").is_muted)
        stopping = asyncio.create_task(world.restart())
        await asyncio.wait([muting])
        gate.set()
        await stopping
        assert isinstance(muting.exception(), Unavailable)
        assert world.stored_seat(me).is_muted


async def test_a_mute_that_waits_for_its_turn_when_the_server_stops_is_stored() -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.act("c1", "set_muted", muted=False)
        world.store.gates[room] = asyncio.Event()
        ahead = asyncio.create_task(world.act("c2", "set_hand", raised=True))
        await asyncio.sleep(0)
        muting = asyncio.create_task(world.act("c1", "set_muted", muted=True))
        await asyncio.sleep(0)
        world.store.gates.clear()
        await world.restart()
        await asyncio.wait([ahead, muting])
        assert isinstance(muting.exception(), Unavailable)
        assert world.stored_seat(me).is_muted
        assert world.member(room, "ann").is_muted


async def test_a_room_retries_a_failing_store_at_most_every_ten_seconds() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        world.store.is_down = True
        for connection in ("c1", "c2"):
            with pytest.raises(Unavailable):
                await world.act(connection, "set_hand", raised=True)
        asked = world.store.asked
        for _ in range(295):
            await world.pass_time(0.2)
        assert 5 <= world.store.asked - asked <= 6


@pytest.mark.parametrize("has_begun", [True, False])
async def test_a_cancelled_unmute_never_takes_effect(has_begun: bool) -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        gate = world.store.gates[room] = asyncio.Event()
        if not has_begun:
            world.user("ben")
            ahead = asyncio.create_task(world.join("c2", "ben", room))
            await _until(lambda: "ben" in world.users.users and len(world.media.peers) == 2)
        unmuting = asyncio.create_task(world.act("c1", "set_muted", muted=False))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        unmuting.cancel()
        await asyncio.wait([unmuting])
        gate.set()
        if not has_begun:
            await ahead
        await world.settle()
        assert world.media.muted[me] is True
        assert world.member(room, "ann").is_muted
        assert world.stored_seat(me).is_muted


@pytest.mark.parametrize("gives_up", [True, False])
async def test_a_mute_holds_though_another_connection_takes_the_seat(gives_up: bool) -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        gate = world.store.gates[room] = asyncio.Event()
        moving = asyncio.create_task(world.join("c2", "ann", room))
        await _until(lambda: world.media.calls[-1] == ("open", me))
        muting = asyncio.create_task(world.act("c1", "set_muted", muted=True))
        await asyncio.sleep(0)
        if gives_up:
            muting.cancel()
        gate.set()
        await moving
        await asyncio.wait([muting])
        await world.settle()
        assert world.media.muted[me] is True
        assert world.member(room, "ann").is_muted
        assert world.stored_seat(me).is_muted


async def test_a_muted_person_is_never_shown_as_speaking() -> None:
    async with World() as world:
        room = await world.room("ann")
        me = await world.seat("c1", "ann", room)
        world.rooms.media_events.speaking(me, True, -20)
        assert world.sink.of("c1", Speaking) == []
        await world.act("c1", "set_muted", muted=False)
        world.rooms.media_events.speaking(me, True, -20)
        await world.act("c1", "set_muted", muted=True)
        assert not world.member(room, "ann").is_speaking


STEPS = (
    "mute",
    "unmute",
    "host mutes",
    "lock",
    "socket lost",
    "resume",
    "join without token",
    "ice",
    "full",
    "media up",
    "media silent",
    "media lost",
    "media failed",
    "replacement failed",
    "store out",
    "store back",
    "wait",
    "restart",
)


@pytest.mark.fuzz
@fuzz(60)
@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_no_sequence_of_events_unmutes_except_the_owners_request(steps: list[str]) -> None:
    asyncio.run(_live_through(steps))


async def _live_through(steps: list[str]) -> None:
    async with World() as world:
        life = _Life(world, await world.room("host"))
        await life.begin()
        for step in steps:
            with contextlib.suppress(Unavailable):  # while the store is unavailable
                await life.do(step)
            await world.settle()
            life.check()


class _Life:
    def __init__(self, world: World, room: str) -> None:
        self.world, self.room = world, room
        self.connection, self.count = "b0", 0
        self.token, self.me = "", ""
        self.is_muted = True

    async def begin(self) -> None:
        await self.world.join("h0", "host", self.room)
        await self.join()

    async def join(self, **options: str) -> None:
        self.count += 1
        connection = f"b{self.count}"
        joined = await self.world.join(connection, "ben", self.room, **options)
        self.connection = connection
        self.token, self.me = joined.resume_token, joined.participant_id

    async def do(self, step: str) -> None:
        is_seated = self.world.open_rooms.find_connection(self.connection) is not None
        match step:
            case "mute" | "unmute" | "ice" | "full":
                if is_seated:
                    await self.do_seated(step)
            case "host mutes":
                self.is_muted = True  # at once, stored or not
                await self.world.act("h0", "mute_participant", participant_id=self.me)
            case "lock":
                await self.world.act("h0", "set_locked", locked=True)
            case "socket lost":
                await self.world.lose(self.connection)
            case "resume" | "join without token":
                await self.join(**({"resume_token": self.token} if step == "resume" else {}))
            case "wait":
                await self.world.pass_time(0.5)
            case "store out" | "store back":
                self.world.store.is_down = step == "store out"
            case "restart":
                await self.restart()
            case _:
                self.report(step)

    async def restart(self) -> None:
        if not self.world.store.is_down:
            await self.world.restart()
            await self.world.join("h0", "host", self.room)

    async def do_seated(self, step: str) -> None:
        if step in ("mute", "unmute"):
            self.is_muted |= step == "mute"
            await self.world.act(self.connection, "set_muted", muted=step == "mute")
            self.is_muted = step == "mute"
        else:
            await self.world.act(self.connection, "reconnect_media", mode="ice" if step == "ice" else "full")

    def report(self, step: str) -> None:
        events = self.world.rooms.media_events
        if step == "media lost":
            events.media_lost(self.me)
        elif step == "media failed":
            events.media_failed(self.me)
        elif step == "replacement failed":
            events.media_failed(self.me, is_carried=True)
        else:
            events.media_state(self.me, "connected" if step == "media up" else "disconnected")

    def check(self) -> None:
        world = self.world
        assert world.member(self.room, "ben").is_muted == self.is_muted
        place = world.open_rooms.find_seat(self.me)
        assert place is not None
        if not world.persistence.is_dirty(place.room, self.me):
            assert world.stored_seat(self.me).is_muted == self.is_muted
        assert world.media.muted.get(self.me, True) == (self.is_muted or self.me not in world.media.peers)
