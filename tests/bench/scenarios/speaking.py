"""Delay of the speaking event, and whether it lasts through a word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.scenarios.crowd import make_room, seat, start_talking
from tests.bench.stats import percentiles
from tests.fakes.rtc import Pacer, Publisher, RestClient, RtcClient, silence_clip, speech_clip

WORDS = ("yesterday", "conversation", "I like coffee", "telephone", "pronunciation", "hello", "opportunity")
_PAUSE_S = 1.5


async def run(options: dict[str, Any], mark: Callable[[str, dict[str, Any]], None]) -> None:
    words = [speech_clip(word) for word in WORDS]
    delays: list[float] = []
    flickers = 0
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(options["url"]))
        room_id = await make_room(rest)
        talker = await seat(stack, rest, room_id, clip=silence_clip(60))
        listener = await seat(stack, rest, room_id)
        pacer = await stack.enter_async_context(Pacer())
        start_talking(pacer, [talker])
        await asyncio.sleep(1.0)
        mark("start", {})
        for n in range(int(options["words"])):
            word = words[n % len(words)]
            delay, changes = await _say(talker, listener, word + silence_clip(60), len(word) * 0.02)
            delays.append(delay)
            flickers += changes != 2
        mark("stop", {})
    mark("done", {"speaking_ms": percentiles(delays), "flickers": flickers, "words": len(delays)})


async def _say(talker: RtcClient, listener: RtcClient, clip: Any, seconds: float) -> tuple[float, int]:
    """(ms from the first packet with speech to the event, number of changes until long after the word)."""
    publisher = talker.publisher
    assert isinstance(publisher, Publisher)
    seen = len(listener.events)
    publisher.play(clip)
    await asyncio.sleep(seconds + _PAUSE_S)
    events = [e for e in listener.events[seen:] if e.name == "speaking"]
    started = next((e for e in events if e.data["speaking"]), None)
    if started is None or publisher.first_speech_ns is None:
        return 10_000.0, len(events)
    return (started.at_ns - publisher.first_speech_ns) / 1e6, len(events)
