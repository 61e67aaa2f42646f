"""Packets that wait for a client."""

from __future__ import annotations

import asyncio

import pytest
from engineio.exceptions import QueueEmpty
from engineio.packet import MESSAGE, Packet

from server.signalling.outbox import Outbox

ONE, TWO, THREE = (Packet(MESSAGE, text) for text in ("one", "two", "three"))
LONG_S = 60.0


async def test_all_packets_that_wait_are_taken_at_once_in_order() -> None:
    outbox = Outbox()
    for packet in (ONE, TWO, THREE):
        outbox.put_nowait(packet)
    assert await outbox.taken(LONG_S) == [ONE, TWO, THREE]
    assert outbox.waiting_bytes == 0
    await asyncio.wait_for(outbox.join(), 1)


async def test_a_packet_that_comes_later_is_awaited() -> None:
    outbox = Outbox()
    taking = asyncio.create_task(outbox.taken(LONG_S))
    await asyncio.sleep(0)
    outbox.put_nowait(ONE)
    assert await taking == [ONE]


async def test_what_came_before_the_end_is_sent_and_the_end_is_told_afterwards() -> None:
    outbox = Outbox()
    outbox.put_nowait(ONE)
    outbox.put_nowait(None)
    outbox.put_nowait(TWO)
    assert await outbox.taken(LONG_S) == [ONE]
    assert [await outbox.taken(LONG_S), await outbox.taken(LONG_S)] == [[TWO], []]


async def test_the_library_learns_that_nothing_came_in_time() -> None:
    with pytest.raises(QueueEmpty):
        await Outbox().taken(0)


async def test_a_cancelled_writer_ends_as_cancelled_and_loses_no_packet() -> None:
    outbox = Outbox()
    taking = asyncio.create_task(outbox.taken(LONG_S))
    await asyncio.sleep(0)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    outbox.put_nowait(ONE)
    assert await outbox.taken(LONG_S) == [ONE]
