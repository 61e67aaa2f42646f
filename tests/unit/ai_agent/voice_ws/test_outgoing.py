from __future__ import annotations

import asyncio

from ai_agent.voice_ws import outgoing
from ai_agent.voice_ws.outgoing import Outgoing


async def test_speech_that_is_not_read_is_dropped_from_the_oldest_and_said_so_once() -> None:
    told: list[bool] = []
    out = Outgoing(lambda: told.append(True))
    out.put("first")
    for number in range(50):
        out.put(bytes([number]) * (outgoing.MAX_AUDIO_BYTES // 10))
    out.put("last")
    assert told == [True]
    kept = [await out.get() for _ in range(len(out))]
    assert (kept[0], kept[-1]) == ("first", "last")
    assert [message[0] for message in kept[1:-1]] == list(range(40, 50))


async def test_text_is_never_dropped_and_too_much_of_it_ends_the_session() -> None:
    out = Outgoing()
    for _ in range(3):
        out.put("x" * (outgoing.MAX_TEXT_BYTES // 3))
    assert not out.is_full
    out.put("xxxxx")
    assert (out.is_full, len(out)) == (True, 4)


async def test_what_follows_a_message_that_is_being_made_waits_for_it() -> None:
    out = Outgoing()
    first, second = out.reserve(10), out.reserve(10)
    out.put("last")
    second.fill(b"second")
    waiting = asyncio.ensure_future(out.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    first.fill(b"first")
    assert [await waiting, await out.get(), await out.get()] == [b"first", b"second", "last"]


async def test_a_message_that_comes_to_nothing_holds_nobody_up() -> None:
    out = Outgoing()
    slot = out.reserve(10)
    waiting = asyncio.ensure_future(out.get())
    await asyncio.sleep(0)
    slot.fill(None)
    out.put("next")
    assert await waiting == "next"
    assert await out.next() is None


async def test_speech_that_is_being_made_counts_and_may_be_dropped() -> None:
    told: list[bool] = []
    out = Outgoing(lambda: told.append(True))
    old = out.reserve(outgoing.MAX_AUDIO_BYTES)
    out.put(b"new")
    assert (told, len(out)) == ([True], 1)
    old.fill(b"old")
    assert await out.get() == b"new"


async def test_speech_in_text_messages_is_dropped_too() -> None:
    """Base64, as in classes."""
    told: list[bool] = []
    out = Outgoing(lambda: told.append(True))
    out.put("words")
    for number in range(5):
        out.reserve(0).fill(str(number) * (outgoing.MAX_AUDIO_BYTES // 4))
    assert told == [True]
    kept = [str(await out.get())[0] for _ in range(len(out))]
    assert kept == ["w", "1", "2", "3", "4"]
