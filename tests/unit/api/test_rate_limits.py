"""New profiles and stored text of one address: a class signs up within a minute, nobody makes profiles, or
fills the database with those, for an hour."""

from __future__ import annotations

import pytest

from server.api.rate_limits import RateLimits
from server.errors import TooManyRequests, TooManySignUps


async def test_half_of_an_hours_profiles_may_be_made_at_once() -> None:
    limits = RateLimits(1.0, sign_ups=80)
    for _ in range(40):
        await limits.check_sign_up("192.0.2.1")
    with pytest.raises(TooManySignUps) as refused:
        await limits.check_sign_up("192.0.2.1")
    assert refused.value.extra["retryAfter"] == 90
    await limits.check_sign_up("192.0.2.2")


async def test_an_ipv6_network_counts_as_one_address() -> None:
    limits = RateLimits(1.0, sign_ups=2)
    await limits.check_sign_up("2001:db8::1")
    with pytest.raises(TooManySignUps):
        await limits.check_sign_up("2001:db8::2")


@pytest.mark.parametrize(("factor", "sign_ups"), [(0, 1), (1.0, 0)])
async def test_the_limit_can_be_turned_off(factor: float, sign_ups: int) -> None:
    limits = RateLimits(factor, sign_ups)
    for _ in range(100):
        await limits.check_sign_up("192.0.2.1")


async def test_one_person_stores_half_of_an_hours_text_at_once_and_then_waits() -> None:
    limits = RateLimits()
    for _ in range(5):
        await limits.check_document("ann", "192.0.2.1", 1_000_000)
    with pytest.raises(TooManyRequests) as refused:
        await limits.check_document("ann", "192.0.2.1", 1_000_000)
    assert refused.value.extra["retryAfter"] == 720
    await limits.check_document("ben", "192.0.2.1", 1_000_000)


async def test_profiles_of_one_address_share_the_text_that_it_may_store() -> None:
    limits = RateLimits()
    for number in range(50):
        await limits.check_document(f"guest {number}", "192.0.2.1", 1_000_000)
    with pytest.raises(TooManyRequests):
        await limits.check_document("one more", "192.0.2.1", 1_000_000)
    await limits.check_document("a neighbour", "192.0.2.2", 1_000_000)
    for _ in range(5):
        with pytest.raises(TooManyRequests):
            await limits.check_document("one more", "192.0.2.1", 1_000_000)
    await limits.check_document("one more", "192.0.2.2", 1_000_000)  # nothing was stored, nothing counted
