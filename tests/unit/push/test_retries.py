from __future__ import annotations

import pytest

from server.push.ports import Answer
from server.push.retries import MAX_TRIES, Outcome, next_try, outcome_of

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (201, Outcome.SENT),
        (200, Outcome.SENT),
        (204, Outcome.SENT),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (429, Outcome.LATER),
        (500, Outcome.LATER),
        (503, Outcome.LATER),
        (0, Outcome.LATER),
        (301, Outcome.REFUSED),
        (400, Outcome.REFUSED),
        (401, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (413, Outcome.REFUSED),
    ],
)
def test_what_follows_from_each_status(status: int, outcome: Outcome) -> None:
    assert outcome_of(Answer(status)) is outcome


def test_tries_come_ever_later_and_end() -> None:
    waits = [next_try(Answer(503), tries, NOW) for tries in range(1, MAX_TRIES + 1)]
    assert waits == [NOW + 30, NOW + 120, NOW + 480, NOW + 1_920, None]


def test_a_service_may_ask_for_more_time_but_not_for_more_than_an_hour() -> None:
    assert next_try(Answer(429, 300.0), 1, NOW) == NOW + 300
    assert next_try(Answer(429, 1.0), 1, NOW) == NOW + 30
    assert next_try(Answer(429, 1e9), 1, NOW) == NOW + 3_600
