from __future__ import annotations

import math

import pytest

from ai_agent.errors import AuthRefused, EngineTimeout, EngineUnavailable, RateLimited, RequestRefused
from ai_agent.providers.chain.circuit import COOL_DOWN_S, LONGEST_S, RETRY_REFILL_S, Circuit


def test_a_refused_key_is_out_for_good_even_after_an_answer_that_was_under_way() -> None:
    circuit = Circuit()
    circuit.failed(AuthRefused("x"), 0.0)
    circuit.succeeded()
    assert circuit.is_out
    assert circuit.is_open(math.nextafter(math.inf, 0))


def test_an_engine_that_failed_rests_and_is_asked_again() -> None:
    circuit = Circuit()
    circuit.failed(EngineUnavailable("x"), 100.0)
    assert circuit.is_open(100.0 + COOL_DOWN_S - 0.1)
    assert not circuit.is_open(100.0 + COOL_DOWN_S)


def test_it_rests_longer_each_time_but_not_for_ever() -> None:
    circuit = Circuit()
    pauses = []
    now = 0.0
    for _ in range(12):
        circuit.failed(EngineTimeout("x"), now)
        pauses.append(circuit.open_until - now)
        now = circuit.open_until
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_S


def test_an_answer_makes_it_whole() -> None:
    circuit = Circuit()
    circuit.failed(EngineUnavailable("x"), 0.0)
    circuit.failed(EngineUnavailable("x"), 0.0)
    circuit.succeeded()
    assert not circuit.is_open(0.0)
    circuit.failed(EngineUnavailable("x"), 0.0)
    assert circuit.open_until == COOL_DOWN_S


def test_a_rate_limit_rests_as_long_as_the_vendor_says() -> None:
    circuit = Circuit()
    circuit.failed(RateLimited("x", retry_after_s=7.0), 10.0)
    assert circuit.open_until == 17.0


def test_a_refused_request_says_nothing_about_the_engine() -> None:
    circuit = Circuit()
    circuit.failed(RequestRefused("x"), 0.0)
    assert not circuit.is_open(0.0)


@pytest.mark.parametrize("waited", [0.0, RETRY_REFILL_S * 0.9])
def test_retries_have_a_budget(waited: float) -> None:
    circuit = Circuit()
    assert [circuit.may_retry(0.0) for _ in range(5)] == [True, True, True, False, False]
    assert not circuit.may_retry(waited)
    assert circuit.may_retry(waited + RETRY_REFILL_S)
