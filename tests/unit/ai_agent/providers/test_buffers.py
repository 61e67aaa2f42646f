"""The queue of audio in front of an engine, and the buffer of audio to send again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.providers.chain.stt import ReplayBuffer
from ai_agent.providers.stt_stream import CHUNK, InputQueue


def ramp(start: int, length: int) -> Pcm:
    return (np.arange(start, start + length) % 30_000).astype(np.int16)


async def test_an_input_queue_keeps_the_order_and_joins_waiting_chunks() -> None:
    queue = InputQueue()
    for start in range(0, 320 * 10, 320):
        queue.push(ramp(start, 320))
    queue.flush()
    queue.push(ramp(0, 10))
    first, second, flush, last = [await queue.pop() for _ in range(4)]
    assert first is not None
    assert second is not None
    assert last is not None
    assert np.array_equal(np.concatenate([first, second]), ramp(0, 320 * 10))
    assert len(first) <= CHUNK
    assert flush is None
    assert len(last) == 10
    assert queue.position == 320 * 10 + 10


async def test_a_full_input_queue_drops_the_oldest_samples_but_no_flush() -> None:
    queue = InputQueue(capacity_s=1.0)
    queue.push(ramp(0, INPUT_HZ))
    queue.flush()
    queue.push(ramp(0, INPUT_HZ))
    assert await queue.pop() is None
    kept = await queue.pop()
    assert kept is not None
    assert queue.position == INPUT_HZ + len(kept)


async def test_repeated_flushes_do_not_grow_an_input_queue() -> None:
    queue = InputQueue()
    for _ in range(1_000):
        queue.flush()
    queue.push(ramp(0, 10))
    taken = [await queue.pop() for _ in range(3)]
    assert [item is None for item in taken] == [True, True, False]


@given(st.lists(st.one_of(st.integers(1, 5_000), st.none()), max_size=40), st.integers(0, 60_000))
def test_a_replay_buffer_holds_what_is_not_settled_in_order(pushed: list[int | None], until: int) -> None:
    replay = ReplayBuffer()
    total = 0
    for length in pushed:
        replay.add(None if length is None else ramp(total, length))
        total += length or 0
    flushes = pushed.count(None)
    replay.settle(until)
    items = replay.items()
    assert sum(item is None for item in items) == flushes, "a flush is settled only by its answer"
    samples = [item for item in items if item is not None]
    if samples:
        assert np.array_equal(np.concatenate(samples), ramp(replay.start, total - replay.start))
    for _ in range(flushes):
        replay.settle_flush()
    assert sum(item is None for item in replay.items()) == 0


def test_a_replay_buffer_is_bounded() -> None:
    replay = ReplayBuffer(capacity_s=1.0)
    for start in range(0, 10 * INPUT_HZ, 320):
        replay.add(ramp(start, 320))
    (kept,) = replay.items()
    assert kept is not None
    assert (len(kept), replay.start) == (INPUT_HZ, 9 * INPUT_HZ)
