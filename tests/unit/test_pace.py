from __future__ import annotations

import pytest

from server.pace import to_next


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        pytest.param(10.0, 0.5, id="on the beat: the next one"),
        pytest.param(10.2, 0.3, id="before the middle: the next one"),
        pytest.param(
            10.3, 0.7, id="after the middle: the one after, or a timer that is early would fire twice"
        ),
    ],
)
def test_intervals_end_on_a_common_beat(now: float, wait: float) -> None:
    assert to_next(0.5, now) == pytest.approx(wait)
