from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import server.telemetry
from server.metrics import Metrics
from server.telemetry import Telemetry


class Sfu:
    """Fails at its first call."""

    def __init__(self) -> None:
        self.asked = 0
        self.answered = asyncio.Event()

    def link_quality(self) -> Iterator[Any]:
        self.asked += 1
        if self.asked == 1:
            raise RuntimeError("a fault of ours")
        yield SimpleNamespace(uplink_loss=0.5, uplink_jitter=0.01, downlink_loss=None, downlink_jitter=None)
        self.answered.set()


async def test_link_quality_is_sampled_again_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.telemetry, "LINKS_EVERY_S", 0.01)
    metrics, sfu = Metrics(), Sfu()
    rooms: Any = SimpleNamespace(room_count=0, participants_in=lambda _state: 0)
    telemetry = Telemetry(metrics, rooms, sfu)  # type: ignore[arg-type]
    telemetry.start()
    async with asyncio.timeout(5):
        await sfu.answered.wait()
    await telemetry.aclose()
    await telemetry.aclose()
    loss = metrics.registry.get_sample_value("parlor_rtcp_loss_ratio_sum", {"direction": "up"})
    assert (loss or 0.0) >= 0.5
