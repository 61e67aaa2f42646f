from __future__ import annotations

import asyncio

import pytest

from server.errors import NotHost, RoomNotFound, Unavailable
from server.rooms.runtime import Mailbox


async def test_operations_run_one_by_one_in_order() -> None:
    mailbox, seen = Mailbox("r"), []

    async def step(n: int) -> int:
        seen.append(("begin", n))
        await asyncio.sleep(0)
        seen.append(("end", n))
        return n

    results = await asyncio.gather(*(mailbox.run(lambda n=n: step(n)) for n in range(3)))  # type: ignore[misc]
    assert results == [0, 1, 2]
    assert seen == [(word, n) for n in range(3) for word in ("begin", "end")]
    await mailbox.aclose()


async def test_a_cancelled_caller_does_not_cut_an_operation_short() -> None:
    mailbox, started, go_on, done = Mailbox("r"), asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def operation() -> None:
        started.set()
        await go_on.wait()
        done.set()

    caller = asyncio.create_task(mailbox.run(operation))
    await started.wait()
    caller.cancel()
    go_on.set()
    await asyncio.wait_for(done.wait(), 5)
    await mailbox.aclose()


async def test_an_operation_whose_caller_was_cancelled_does_not_begin() -> None:
    mailbox, go_on, done = Mailbox("r"), asyncio.Event(), []

    async def waits() -> None:
        await go_on.wait()

    async def operation() -> None:
        done.append("late")

    mailbox.post(waits)
    caller = asyncio.create_task(mailbox.run(operation))
    await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait([caller])
    go_on.set()
    await mailbox.run(waits)
    assert done == []
    await mailbox.aclose()


async def test_a_failure_is_raised_to_its_caller_only() -> None:
    mailbox = Mailbox("r")

    async def fails() -> None:
        raise NotHost

    async def works() -> str:
        return "fine"

    with pytest.raises(NotHost):
        await mailbox.run(fails)
    mailbox.post(fails)
    assert await mailbox.run(works) == "fine"
    await mailbox.aclose()


async def test_a_failure_without_a_caller_is_logged_with_room_and_participant(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailbox = Mailbox("r")

    async def fails() -> None:
        raise ZeroDivisionError

    mailbox.post(fails, subject="p")
    await mailbox.run(_nothing)
    (record,) = caplog.records
    assert (vars(record)["room_id"], vars(record)["participant_id"]) == ("r", "p")
    await mailbox.aclose()


async def test_a_stopped_mailbox_refuses_waiting_and_new_operations() -> None:
    mailbox, go_on = Mailbox("r"), asyncio.Event()

    async def closing() -> str:
        await go_on.wait()
        mailbox.stop()
        return "closed"

    async def late() -> None: ...

    first = asyncio.create_task(mailbox.run(closing))
    await asyncio.sleep(0)
    second = asyncio.create_task(mailbox.run(late))
    await asyncio.sleep(0)
    go_on.set()
    assert await first == "closed"
    with pytest.raises(RoomNotFound):
        await second
    with pytest.raises(RoomNotFound):
        await mailbox.run(late)
    await mailbox.aclose()
    await mailbox.aclose()


async def test_at_shutdown_callers_get_unavailable() -> None:
    mailbox, never = Mailbox("r"), asyncio.Event()

    async def waits() -> None:
        await never.wait()

    callers = [asyncio.create_task(mailbox.run(waits)) for _ in range(2)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await mailbox.aclose()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(o) for o in outcomes] == [Unavailable, Unavailable]


async def _nothing() -> None:
    pass
