from __future__ import annotations

import math

import pytest

from ai_agent.errors import AuthRefused, EngineTimeout, EngineUnavailable, RateLimited, RequestRefused
from ai_agent.providers.chain.fallback import COOL_DOWN_S, MAX_COOL_DOWN_S, RETRY_REFILL_S, CircuitBreaker


def test_a_refused_key_opens_the_circuit_for_good_even_after_a_late_success() -> None:
    circuit = CircuitBreaker()
    circuit.record_failure(AuthRefused("x"), 0.0)
    circuit.record_success()
    assert circuit.is_out
    assert circuit.is_open(math.nextafter(math.inf, 0))


def test_an_engine_that_failed_is_asked_again_after_the_cool_down() -> None:
    circuit = CircuitBreaker()
    circuit.record_failure(EngineUnavailable("x"), 100.0)
    assert circuit.is_open(100.0 + COOL_DOWN_S - 0.1)
    assert not circuit.is_open(100.0 + COOL_DOWN_S)


def test_the_cool_down_grows_with_each_failure_up_to_a_maximum() -> None:
    circuit = CircuitBreaker()
    pauses = []
    now = 0.0
    for _ in range(12):
        circuit.record_failure(EngineTimeout("x"), now)
        pauses.append(circuit.open_until - now)
        now = circuit.open_until
    assert pauses == sorted(pauses)
    assert pauses[-1] == MAX_COOL_DOWN_S


def test_a_success_closes_the_circuit_and_resets_the_cool_down() -> None:
    circuit = CircuitBreaker()
    circuit.record_failure(EngineUnavailable("x"), 0.0)
    circuit.record_failure(EngineUnavailable("x"), 0.0)
    circuit.record_success()
    assert not circuit.is_open(0.0)
    circuit.record_failure(EngineUnavailable("x"), 0.0)
    assert circuit.open_until == COOL_DOWN_S


def test_after_a_rate_limit_the_cool_down_is_the_vendor_s_retry_after() -> None:
    circuit = CircuitBreaker()
    circuit.record_failure(RateLimited("x", retry_after_s=7.0), 10.0)
    assert circuit.open_until == 17.0


def test_a_refused_request_says_nothing_about_the_engine() -> None:
    circuit = CircuitBreaker()
    circuit.record_failure(RequestRefused("x"), 0.0)
    assert not circuit.is_open(0.0)


@pytest.mark.parametrize("waited", [0.0, RETRY_REFILL_S * 0.9])
def test_retries_have_a_budget(waited: float) -> None:
    circuit = CircuitBreaker()
    assert [circuit.take_retry(0.0) for _ in range(5)] == [True, True, True, False, False]
    assert not circuit.take_retry(waited)
    assert circuit.take_retry(waited + RETRY_REFILL_S)
