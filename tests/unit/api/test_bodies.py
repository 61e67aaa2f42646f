from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from unittest.mock import Mock

import pytest
from aiohttp import StreamReader, web

from server.api.bodies import Uploads
from server.errors import PayloadTooLarge, Unavailable
from server.rooms.model import Claim

BUDGET, LIMIT = 1_000, 400
ANN = Claim("ann", "b1", "b")


class Sender:
    """An upload that arrives as the test feeds it. `ended`: what became of it, once it did."""

    def __init__(self, uploads: Uploads, claim: Claim) -> None:
        self.stream = StreamReader(Mock(_reading_paused=False), 1 << 16, loop=asyncio.get_running_loop())
        self.request = Mock(spec=web.BaseRequest, content=self.stream, content_length=None)
        self.may_end = asyncio.Event()
        self.task = asyncio.create_task(self._run(uploads, claim))

    async def _run(self, uploads: Uploads, claim: Claim) -> bytes:
        async with uploads.body(self.request, claim, LIMIT) as body:
            await self.may_end.wait()
            return body

    async def send(self, size: int, *, last: bool = False) -> None:
        self.stream.feed_data(b"x" * size)
        if last:
            self.stream.feed_eof()
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
async def senders() -> AsyncIterator[list[Sender]]:
    made: list[Sender] = []
    yield made
    for sender in made:
        sender.task.cancel()
        with suppress(asyncio.CancelledError, Unavailable, PayloadTooLarge):
            await sender.task


async def crowd(senders: list[Sender], uploads: Uploads, count: int, size: int) -> None:
    for number in range(count):
        senders.append(Sender(uploads, Claim(f"eve{number}", "a1", "a")))
        await senders[-1].send(size)


async def test_uploads_of_one_address_make_room_for_somebody_elsewhere(senders: list[Sender]) -> None:
    uploads = Uploads(BUDGET)
    await crowd(senders, uploads, 3, 300)
    ann = Sender(uploads, ANN)
    senders.append(ann)
    await ann.send(LIMIT - 1)
    await ann.send(1, last=True)
    ann.may_end.set()
    assert await ann.task == b"x" * LIMIT
    with pytest.raises(Unavailable):
        await senders[2].task
    assert not senders[0].task.done()


async def test_those_who_hold_most_end_their_own_upload(senders: list[Sender]) -> None:
    uploads = Uploads(BUDGET)
    senders.append(Sender(uploads, ANN))
    await senders[0].send(300)
    await crowd(senders, uploads, 2, 300)
    await senders[2].send(99)
    assert not any(sender.task.done() for sender in senders)
    await senders[1].send(99)
    assert [sender.task.done() for sender in senders] == [False, False, True]


async def test_what_has_arrived_counts_until_it_is_stored_and_is_not_ended(senders: list[Sender]) -> None:
    uploads = Uploads(BUDGET)
    for number in range(3):
        senders.append(Sender(uploads, Claim(f"eve{number}", "a1", "a")))
        await senders[number].send(300, last=True)
    late = Sender(uploads, ANN)
    senders.append(late)
    await late.send(200)
    with pytest.raises(Unavailable):
        await late.task
    for sender in senders[:3]:
        sender.may_end.set()
        assert len(await sender.task) == 300
    again = Sender(uploads, ANN)
    senders.append(again)
    await again.send(LIMIT, last=True)
    again.may_end.set()
    assert len(await again.task) == LIMIT


async def test_one_body_above_its_own_limit_is_refused(senders: list[Sender]) -> None:
    senders.append(Sender(Uploads(BUDGET), ANN))
    await senders[0].send(LIMIT + 1)
    with pytest.raises(PayloadTooLarge):
        await senders[0].task
