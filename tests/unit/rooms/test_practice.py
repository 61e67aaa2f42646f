"""How long people speak with others in rooms."""

from __future__ import annotations

from server.rooms.practice import MAX_RUN_S, PracticeMeter
from tests.fakes.rooms_world import World


class Scene:
    def __init__(self, world: World) -> None:
        self.world = world
        self.meter = PracticeMeter(world.open_rooms)
        self.meter.tick(world.now)

    async def enter(self, connection_id: str, user: str, room: str) -> str:
        """A seat with its microphone open."""
        seat = await self.world.seat(connection_id, user, room)
        await self.world.act(connection_id, "set_muted", muted=False)
        return seat

    def speaks(self, participant_id: str, is_speaking: bool = True) -> None:
        self.world.rooms.media_events.speaking(participant_id, is_speaking, -20)

    async def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.2)):
            await self.world.pass_time(0.2)
            self.meter.tick(self.world.now)


async def test_seconds_of_speech_count_while_somebody_else_is_there() -> None:
    async with World() as world:
        scene, room = Scene(world), await world.room("ann")
        ann = await scene.enter("c1", "ann", room)
        scene.speaks(ann)
        await scene.passes(20)
        assert not scene.meter.take(), "alone"
        await scene.enter("c2", "ben", room)
        await scene.passes(20)
        scene.speaks(ann, False)
        await scene.passes(20)
        assert abs(scene.meter.take()["ann"] - 20) <= 1.5
        assert not scene.meter.take(), "taken once"


async def test_somebody_who_speaks_in_two_rooms_at_once_speaks_once() -> None:
    async with World() as world:
        scene = Scene(world)
        for connection_id, other in (("c1", "ben"), ("c2", "cem")):
            room = await world.room(other)
            scene.speaks(await scene.enter(connection_id, "ann", room))
            await scene.enter(f"{connection_id}-{other}", other, room)
        await scene.passes(20)
        assert abs(scene.meter.take()["ann"] - 20) <= 1.5


async def test_an_open_microphone_without_speech_is_no_practice() -> None:
    async with World() as world:
        scene, room = Scene(world), await world.room("ann")
        await scene.enter("c1", "ann", room)
        await scene.enter("c2", "ben", room)
        await scene.passes(30)
        assert not scene.meter.take()


async def test_muting_ends_it() -> None:
    async with World() as world:
        scene, room = Scene(world), await world.room("ann")
        scene.speaks(await scene.enter("c1", "ann", room))
        await scene.enter("c2", "ben", room)
        await scene.passes(5)
        await world.act("c1", "set_muted", muted=True)
        await scene.passes(30)
        assert scene.meter.take()["ann"] <= 6


async def test_noise_that_never_pauses_counts_for_two_minutes() -> None:
    async with World() as world:
        scene, room = Scene(world), await world.room("ann")
        ann = await scene.enter("c1", "ann", room)
        await scene.enter("c2", "ben", room)
        scene.speaks(ann)
        await scene.passes(5 * MAX_RUN_S)
        assert MAX_RUN_S - 2 <= scene.meter.take()["ann"] <= MAX_RUN_S + 1
        scene.speaks(ann, False)
        await scene.passes(2)
        scene.speaks(ann)
        await scene.passes(10)
        assert 8 <= scene.meter.take()["ann"] <= 11, "it counts again after a pause"


async def test_a_loop_that_stood_still_makes_no_minutes() -> None:
    async with World() as world:
        scene, room = Scene(world), await world.room("ann")
        scene.speaks(await scene.enter("c1", "ann", room))
        await scene.enter("c2", "ben", room)
        scene.meter.tick(world.now)
        scene.meter.take()
        scene.meter.tick(world.now + 600)
        assert scene.meter.take()["ann"] <= 2
