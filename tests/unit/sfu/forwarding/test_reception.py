from __future__ import annotations

import pytest

from server.sfu.forwarding.reception import Reception


def arrive(reception: Reception, sequences: range | list[int], *, late: float = 0.0) -> None:
    for sequence in sequences:
        now = 10 + sequence * 0.02 + (late if sequence % 2 else 0)
        reception.on_packet(sequence & 0xFFFF, sequence * 960, now, repaired=False)


def test_nothing_is_reported_before_the_first_packet() -> None:
    assert Reception(48_000).report(1, 0.5, 0.0) is None


def test_loss_is_that_of_the_interval_and_the_total_adds_up() -> None:
    reception = Reception(48_000)
    arrive(reception, range(65_500, 65_550))
    first = reception.report(1, 0.0, 11.0)
    arrive(reception, [n for n in range(65_550, 65_650) if n % 4])
    second = reception.report(1, 0.0, 12.0)
    assert first is not None
    assert second is not None
    assert (first.fraction_lost, first.cumulative_lost) == (0, 0)
    assert second.fraction_lost == pytest.approx(64, abs=3)
    assert second.cumulative_lost == 25
    assert second.highest_sequence == 65_649, "extended over the wrap"


def test_a_retransmitted_packet_counts_as_lost() -> None:
    reception = Reception(48_000)
    arrive(reception, [1, 2, 4])
    reception.on_packet(3, 3 * 960, 10.2, repaired=True)
    reception.report(1, 0.0, 11.0)
    assert reception.loss == pytest.approx(0.25)


def test_a_restart_of_the_numbers_is_not_loss() -> None:
    reception = Reception(48_000)
    arrive(reception, range(10))
    arrive(reception, range(9_000, 9_010))
    told = reception.report(1, 0.0, 11.0)
    assert told is not None
    assert told.fraction_lost == 0


def test_the_larger_of_both_losses_is_reported() -> None:
    reception = Reception(48_000)
    arrive(reception, range(100))
    told = reception.report(1, 0.5, 11.0)
    assert told is not None
    assert (told.fraction_lost, told.cumulative_lost) == (128, 50)
    assert reception.loss == 0, "its own link is fine"


def test_jitter_follows_rfc_3550() -> None:
    reception = Reception(48_000)
    arrive(reception, range(400), late=0.010)
    assert reception.jitter == pytest.approx(0.010, rel=0.05)
