"""How busy a server says that it is."""

from __future__ import annotations

import pytest

from server.cluster.load import BUSY, SMOOTHED_OVER_S, LoadMeter, Usage


class Machine:
    def __init__(self) -> None:
        self.now = 100.0
        self.usage = Usage(50.0, 20.0, 0.0, 0.0)
        self.meter = LoadMeter(lambda: self.usage, lambda: self.now)

    def runs(self, seconds: float, *, loop: float = 0.0, media: float = 0.0) -> float:
        """Use these shares of a core for so long, with a sample every half second."""
        for _ in range(int(seconds * 2)):
            self.now += 0.5
            self.usage = Usage(
                self.usage.loop_s + loop / 2,
                self.usage.media_s + media / 2,
                self.usage.people,
                self.usage.rooms,
            )
            load = self.meter.load()
        return load


def test_work_before_the_first_sample_does_not_count() -> None:
    assert Machine().meter.load() == 0.0


@pytest.mark.parametrize("thread", ["loop", "media"])
def test_the_busier_thread_counts_and_seventy_percent_of_a_core_is_full(thread: str) -> None:
    machine = Machine()
    machine.meter.load()
    assert machine.runs(10 * SMOOTHED_OVER_S, **{thread: BUSY}) == pytest.approx(1.0, abs=0.01)
    assert machine.runs(10 * SMOOTHED_OVER_S) == pytest.approx(0.0, abs=0.01)


def test_a_short_peak_counts_little() -> None:
    machine = Machine()
    machine.meter.load()
    assert machine.runs(0.5, loop=1.0) < 0.15


def test_people_and_rooms_count_as_shares_of_their_limits() -> None:
    machine = Machine()
    machine.usage = Usage(0.0, 0.0, 0.25, 0.5)
    assert machine.meter.load() == 0.5


def test_a_sample_is_kept_for_a_moment() -> None:
    machine = Machine()
    machine.meter.load()
    machine.usage = Usage(0.0, 0.0, 1.0, 0.0)
    assert machine.meter.load() == 0.0
    machine.now += 0.5
    assert machine.meter.load() == 1.0
