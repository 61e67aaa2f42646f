from __future__ import annotations

from server.http.limits import HttpLimits, Transfer, descriptor_limits


def test_nothing_moved_for_the_stall_time_is_late() -> None:
    transfer = Transfer(100.0)
    assert not transfer.is_late(30.0, 130.0)
    assert transfer.is_late(30.0, 130.1)


def test_bytes_that_move_at_a_modem_pace_are_never_late() -> None:
    transfer = Transfer(0.0)
    for second in range(1, 1_000):
        transfer.advance(1_000, float(second))
        assert not transfer.is_late(30.0, second + 0.5)


def test_a_byte_now_and_then_is_late_after_the_stall_time() -> None:
    transfer = Transfer(0.0)
    for second in range(1, 30):
        transfer.advance(1, float(second))
        assert not transfer.is_late(30.0, float(second))
    assert transfer.is_late(30.0, 30.1)


def test_http_leaves_three_fifths_of_the_file_descriptors_to_media_and_files() -> None:
    limits = HttpLimits(connections=10_000)
    assert descriptor_limits(limits, 1_024).connections == 409
    assert descriptor_limits(limits, 1 << 20).connections == 10_000
