"""The tool that changes how fast the tutor speaks."""

from __future__ import annotations

import pytest

from ai_agent.providers.ports import ToolCall
from ai_agent.tutor.pace_tool import CHANGE_PACE, FASTEST, SLOWEST, changed_rate


def call(pace: object) -> ToolCall:
    return ToolCall(CHANGE_PACE.name, {"pace": pace})


def test_slower_and_faster_undo_each_other() -> None:
    assert changed_rate(changed_rate(0.9, call("slower")), call("faster")) == pytest.approx(0.9)


def test_the_rate_stays_within_what_can_be_understood() -> None:
    rate = 0.9
    for _ in range(10):
        rate = changed_rate(rate, call("slower"))
    assert rate == SLOWEST
    for _ in range(10):
        rate = changed_rate(rate, call("faster"))
    assert rate == FASTEST


@pytest.mark.parametrize(("rate", "pace"), [(0.5, "slower"), (1.5, "faster")])
def test_a_rate_of_the_settings_beyond_the_limits_is_kept(rate: float, pace: str) -> None:
    assert changed_rate(rate, call(pace)) == rate


@pytest.mark.parametrize("pace", ["stop", None, 3])
def test_a_call_without_a_known_pace_changes_nothing(pace: object) -> None:
    assert changed_rate(0.9, call(pace)) == 0.9
