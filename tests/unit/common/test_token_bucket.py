from __future__ import annotations

import pytest

from server.common.token_bucket import KeyedLimiter, TokenBucket


def test_a_burst_passes_and_the_next_waits_for_the_refill() -> None:
    bucket = TokenBucket(rate_per_s=2, burst=3)
    assert [bucket.take(10.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(10.0) == pytest.approx(0.5)
    assert bucket.take(10.5) == 0


def test_a_refused_call_takes_nothing() -> None:
    bucket = TokenBucket(rate_per_s=1, burst=2)
    bucket.take(0.0, 1)
    assert bucket.take(0.0, 2) == pytest.approx(1.0)
    assert bucket.take(0.0, 1) == 0


def test_a_clock_that_goes_back_neither_refills_nor_drains() -> None:
    bucket = TokenBucket(rate_per_s=1, burst=1)
    assert bucket.take(100.0) == 0
    assert bucket.take(50.0) == pytest.approx(1.0)
    assert bucket.take(51.0) == 0


def test_keys_do_not_share_a_bucket() -> None:
    limiter = KeyedLimiter(1, 1)
    assert limiter.take("a", 0.0) == 0
    assert limiter.take("b", 0.0) == 0
    assert limiter.take("a", 0.0) > 0


def test_the_number_of_keys_is_bounded() -> None:
    limiter = KeyedLimiter(1, 1, max_keys=10)
    for i in range(1_000):
        limiter.take(str(i), 0.0)
    assert len(limiter) == 10
    assert limiter.take("999", 0.0) > 0, "the newest are the ones that are remembered"


def test_a_later_charge_makes_the_next_wait_longer() -> None:
    bucket = TokenBucket(rate_per_s=10, burst=5)
    assert bucket.try_take(100.0)
    bucket.charge(14)
    assert not bucket.try_take(100.9)
    assert bucket.try_take(101.2)


def test_one_token_is_taken_if_there_is_one() -> None:
    bucket = TokenBucket(rate_per_s=2, burst=1)
    assert bucket.try_take(10.0)
    assert not bucket.try_take(10.4)
    assert bucket.try_take(10.5)


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (1, 0), (-1, 1)])
def test_rate_and_burst_must_be_positive(rate: float, burst: float) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        TokenBucket(rate, burst)
