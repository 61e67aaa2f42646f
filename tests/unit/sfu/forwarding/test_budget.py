from __future__ import annotations

from server.sfu.forwarding.budget import Budget


def test_a_burst_then_a_steady_rate() -> None:
    budget = Budget(per_second=10, burst=5)
    assert sum(budget.take(100.0) for _ in range(20)) == 5
    assert sum(budget.take(101.0) for _ in range(20)) == 5
    assert sum(budget.take(101.0 + n / 100) for n in range(1, 201)) == 20
