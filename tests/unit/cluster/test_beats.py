from __future__ import annotations

from dataclasses import replace

import pytest

from server.cluster.beats import BeatLog, Beats
from server.cluster.nodes import NodeInfo, Seen
from server.errors import StartupError, Unavailable

ONE = NodeInfo("n1-a", "/n/n1", "http://one", "f", "ok")
TWO = NodeInfo("n2-b", "/n/n2", "http://two", "f", "ok")


class FakeLink:
    """`others`: what Redis has of them."""

    def __init__(self) -> None:
        self.failure = ""
        self.is_down = False
        self.others: list[Seen] = []
        self.beats = 0
        self.has_left = False

    async def beat(self, own: NodeInfo) -> list[Seen]:
        if self.is_down:
            self.failure = "gone"
            raise Unavailable
        self.beats += 1
        return [Seen(own, 0.0), *self.others]

    async def leave(self, node_id: str) -> None:
        self.has_left = True

    async def aclose(self) -> None:
        pass


class World:
    def __init__(self) -> None:
        self.now = 50.0
        self.link = FakeLink()
        self.doubts = 0
        self.beats = Beats(self.link, lambda: ONE, lambda: self.now, self.doubt)

    async def doubt(self) -> None:
        self.doubts += 1

    async def tick(self, seconds: float) -> None:
        self.now += seconds
        await self.beats.tick()
        await self.beats._doubts.wait()


def test_ages_go_on_between_beats_and_are_unknown_without_redis() -> None:
    log = BeatLog(0.0)
    log.landed([Seen(ONE, 0.0), Seen(TWO, 1.0)], 10.0)
    assert log.age_of("n2-b", 10.4) == pytest.approx(1.4)
    assert log.age_of("n3-c", 10.4) is None
    assert [i.id for i in log.live(10.4)] == ["n1-a", "n2-b"]
    assert [i.id for i in log.live(10.7)] == ["n1-a"]
    log.failed()
    assert log.age_of("n2-b", 10.8) is None
    assert [i.id for i in log.live(60.0)] == ["n1-a", "n2-b"]  # its addresses are still right


def test_a_server_that_was_blind_counts_anew() -> None:
    log = BeatLog(0.0)
    log.landed([], 1.0)
    log.landed([], 1.4)
    assert log.own_since == 1.0
    log.landed([], 3.1)
    assert log.own_since == 3.1
    log.failed()
    log.landed([], 3.9)
    assert log.own_since == 3.9


async def test_a_gap_makes_a_server_look_for_rooms_that_it_has_lost_once_a_second() -> None:
    world = World()
    await world.tick(0.4)
    world.link.is_down = True
    for _ in range(4):
        await world.tick(0.4)
    assert world.doubts == 0
    for _ in range(5):
        await world.tick(0.4)
    assert world.doubts == 2
    world.link.is_down = False
    await world.tick(1.0)  # the gap that this beat ends is one more reason
    assert world.doubts == 3
    await world.tick(0.4)
    assert world.doubts == 3


async def test_a_process_that_stood_still_doubts_itself_at_its_first_beat() -> None:
    world = World()
    await world.tick(0.4)
    await world.tick(10.0)
    assert world.doubts == 1


async def test_redis_out_of_reach_is_a_clear_failure_of_the_start() -> None:
    world = World()
    world.link.is_down = True
    with pytest.raises(StartupError, match="PARLOR_REDIS_URL cannot be used: gone"):
        await world.beats.start()


async def test_a_conflict_that_appears_later_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    world.link.others = [Seen(replace(TWO, fingerprint="x"), 0.1)]
    for _ in range(3):
        await world.tick(0.4)
    assert [r.getMessage() for r in caplog.records] == [
        "this server must not run beside the others: the server n2 has another PARLOR_SECRET"
    ]


async def test_a_server_that_ends_takes_its_beat_away() -> None:
    world = World()
    await world.beats.aclose()
    assert world.link.has_left
