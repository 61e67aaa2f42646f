from __future__ import annotations

import asyncio

from server.metrics import LoopLagSampler, MediaTotals, Metrics


def test_media_totals_are_read_at_each_scrape() -> None:
    metrics = Metrics()
    totals = MediaTotals()
    metrics.media_from(lambda: totals)
    totals = MediaTotals(1, 2, 3, 4, {"muted": 5, "replayed": 6})
    text = metrics.render().decode()
    for line in (
        'parlor_media_packets_total{direction="in"} 1.0',
        'parlor_media_packets_total{direction="out"} 2.0',
        'parlor_media_bytes_total{direction="in"} 3.0',
        'parlor_media_bytes_total{direction="out"} 4.0',
        'parlor_media_dropped_total{reason="muted"} 5.0',
        'parlor_media_dropped_total{reason="replayed"} 6.0',
    ):
        assert line in text


def test_everything_that_is_promised_is_there() -> None:
    metrics = Metrics()
    metrics.media_from(MediaTotals)
    metrics.rooms_from(lambda: 3)
    metrics.participants_from("connected", lambda: 7)
    metrics.joined(0.06)
    metrics.rtcp_report("up", 0.02, 0.004)
    metrics.rtcp_report("down", 0.5, 0.02)
    metrics.socket_event("/rooms", "join", "room_full")
    text = metrics.render().decode()
    for line in (
        "parlor_rooms 3.0",
        'parlor_participants{connection="connected"} 7.0',
        'parlor_join_seconds_bucket{le="0.1"} 1.0',
        'parlor_rtcp_loss_ratio_sum{direction="up"} 0.02',
        'parlor_rtcp_jitter_seconds_sum{direction="up"} 0.004',
        'parlor_rtcp_loss_ratio_sum{direction="down"} 0.5',
        'parlor_rtcp_jitter_seconds_sum{direction="down"} 0.02',
        'parlor_socket_events_total{event="join",namespace="/rooms",outcome="room_full"} 1.0',
        "parlor_event_loop_lag_seconds_count 0.0",
    ):
        assert line in text


def test_a_link_without_a_report_is_not_counted_as_a_good_one() -> None:
    metrics = Metrics()
    metrics.rtcp_report("down", None, None)
    assert 'direction="down"' not in metrics.render().decode()


async def test_tasks_are_counted_at_each_scrape() -> None:
    metrics = Metrics()
    metrics.tasks_from(asyncio.get_running_loop())
    before = _tasks(metrics)
    one_more = asyncio.create_task(asyncio.Event().wait())
    assert _tasks(metrics) == before + 1
    one_more.cancel()
    await asyncio.wait([one_more])
    assert _tasks(metrics) == before


def _tasks(metrics: Metrics) -> float:
    value = metrics.registry.get_sample_value("parlor_event_loop_tasks")
    assert value is not None
    return value


def test_two_servers_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.joined(1)
    assert "parlor_join_seconds_count 0.0" in second.render().decode()


async def test_the_lag_sampler_ends_when_closed() -> None:
    before = asyncio.all_tasks()
    sampler = LoopLagSampler(Metrics())
    sampler.start()
    assert len(asyncio.all_tasks()) == len(before) + 1
    await sampler.aclose()
    await sampler.aclose()
    assert asyncio.all_tasks() == before
