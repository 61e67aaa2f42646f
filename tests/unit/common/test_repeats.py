from __future__ import annotations

from server.common.repeats import Repeats


def test_the_first_of_a_period_are_shown_and_the_others_counted() -> None:
    repeats = Repeats[str](period_s=10, max_keys=5)
    assert list(repeats.ended(100.0)) == []
    assert [repeats.is_shown("a", 2) for _ in range(5)] == [True, True, False, False, False]
    assert repeats.is_shown("b", 2)
    assert list(repeats.ended(109.0)) == []
    assert list(repeats.ended(110.0)) == [("a", 3)]
    assert repeats.is_shown("a", 2)


def test_keys_are_bounded() -> None:
    repeats = Repeats[int](period_s=10, max_keys=3)
    list(repeats.ended(100.0))
    assert [repeats.is_shown(n, 1) for n in range(5)] == [True, True, True, False, False]
    assert list(repeats.ended(110.0)) == [(None, 2)]
