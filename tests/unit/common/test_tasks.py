from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable

import pytest

from server.common.tasks import BackgroundTask, TaskSet, Ticker, aligned_delay, cancel_and_wait


@pytest.mark.parametrize(
    ("now", "delay"),
    [
        pytest.param(10.0, 0.5, id="on a multiple: the next one"),
        pytest.param(10.2, 0.3, id="before the middle: the next one"),
        pytest.param(
            10.3, 0.7, id="after the middle: the one after, or a timer that is early would fire twice"
        ),
    ],
)
def test_delays_end_on_multiples_of_the_interval(now: float, delay: float) -> None:
    assert aligned_delay(0.5, now) == pytest.approx(delay)


async def test_a_ticker_continues_after_a_job_failed(caplog: pytest.LogCaptureFixture) -> None:
    calls: list[str] = []
    enough = asyncio.Event()

    def fails() -> None:
        raise RuntimeError("a fault of ours")

    async def counts() -> None:
        calls.append("counts")
        if len(calls) == 3:
            enough.set()

    ticker = Ticker("test ticker", 0.01, fails, counts, at_start=True)
    ticker.start()
    async with asyncio.timeout(5):
        await enough.wait()
    await ticker.aclose()
    await ticker.aclose()
    assert "test ticker: a job failed" in caplog.text


async def test_a_background_task_restarts_after_an_error(caplog: pytest.LogCaptureFixture) -> None:
    starts: list[int] = []
    second = asyncio.Event()

    async def work() -> None:
        starts.append(len(starts))
        if len(starts) == 1:
            raise RuntimeError("a fault of ours")
        second.set()
        await asyncio.Event().wait()

    task = BackgroundTask("test work", work, restart_after_s=0)
    task.start()
    task.start()
    async with asyncio.timeout(5):
        await second.wait()
    await task.aclose()
    assert starts == [0, 1]
    assert "test work failed" in caplog.text


async def test_a_background_task_restarts_after_a_cancellation_from_inside() -> None:
    """A future that another task cancelled raises CancelledError in the task that awaits it."""
    again = asyncio.Event()
    is_first = True

    async def work() -> None:
        nonlocal is_first
        if is_first:
            is_first = False
            gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            gone.cancel()
            await gone
        again.set()

    task = BackgroundTask("test work", work, restart_after_s=0)
    task.start()
    async with asyncio.timeout(5):
        await again.wait()
    await task.aclose()


def _turns_its_cancellation_into_an_error(started: asyncio.Event) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("the rollback failed") from None

    return work


async def _ends(closing: Awaitable[None]) -> None:
    async with asyncio.timeout(1):
        await closing


async def test_a_background_task_ends_though_its_work_turns_the_cancellation_into_an_error() -> None:
    started = asyncio.Event()
    task = BackgroundTask("test work", _turns_its_cancellation_into_an_error(started), restart_after_s=0)  # type: ignore[arg-type]
    task.start()
    await started.wait()
    await _ends(task.aclose())


async def test_a_ticker_ends_though_its_job_turns_the_cancellation_into_an_error() -> None:
    started = asyncio.Event()
    ticker = Ticker("test ticker", 0.01, _turns_its_cancellation_into_an_error(started), at_start=True)
    ticker.start()
    await started.wait()
    await _ends(ticker.aclose())


async def test_work_that_returns_is_not_restarted() -> None:
    calls = 0

    async def work() -> None:
        nonlocal calls
        calls += 1

    task = BackgroundTask("test work", work, restart_after_s=0)
    task.start()
    await asyncio.sleep(0.01)
    await task.aclose()
    assert calls == 1


async def test_the_callers_own_cancellation_is_raised_and_the_task_still_ends() -> None:
    release, began = asyncio.Event(), asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            began.set()
            await release.wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    closing = asyncio.create_task(cancel_and_wait(task))
    await began.wait()
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    assert not task.done()
    release.set()
    await asyncio.wait([task])
    assert task.cancelled()


async def test_an_error_of_a_cancelled_task_is_logged_not_raised(caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        raise RuntimeError("a fault of ours")

    task = asyncio.create_task(fails(), name="test work")
    await asyncio.wait([task])
    await cancel_and_wait(task, None)
    assert "test work failed" in caplog.text


async def test_an_error_that_must_not_be_logged_is_not(caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        raise RuntimeError("words of a learner")

    task = asyncio.create_task(fails(), name="failing")
    await asyncio.sleep(0)
    await cancel_and_wait(task, log_errors=False)
    del task
    gc.collect()  # asyncio logs errors that nobody retrieved when the task is collected
    assert not caplog.records


async def test_a_task_set_waits_for_tasks_that_end_by_themselves() -> None:
    tasks, ended = TaskSet(), list[str]()

    async def second() -> None:
        ended.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        tasks.spawn(second(), "second")
        ended.append("first")

    tasks.spawn(first(), "first")
    await tasks.wait()
    assert ended == ["first", "second"]
    assert len(tasks) == 0


async def test_a_task_set_ends_its_tasks_and_logs_errors(caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        raise RuntimeError("a fault of ours")

    tasks = TaskSet()
    waits = tasks.spawn(asyncio.Event().wait(), "waits")  # type: ignore[arg-type]
    await asyncio.wait([tasks.spawn(fails(), "fails")])
    await asyncio.sleep(0)
    assert len(tasks) == 1
    await tasks.aclose()
    await tasks.aclose()
    assert waits.cancelled()
    assert "fails failed" in caplog.text
