"""An answer's memory is free once it is over, without the cycle collector: its sound is megabytes."""

from __future__ import annotations

import gc
import logging
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.speech import Room, ScriptedLlm, ScriptedTts

_ANSWER = "Rice is good. What do you eat with it?"
_ANSWERS = 5
_MUCH = 150_000
"""Bytes. The sound of one answer has 230,000."""


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    tracemalloc.start()
    yield
    tracemalloc.stop()
    gc.enable()


def threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()


class Tts24k(ScriptedTts):
    """Its audio is resampled."""

    sample_rate = 24_000


async def answer(room: Room, seconds: float) -> None:
    room.dialogue.say("ann", "Hello.")
    await room.run(seconds)
    room.played.clear()
    room.sink.kept.clear()  # what only the test keeps


async def held_after_answers(room: Room, seconds: float = 8.0) -> int:
    """Bytes more than after the first answer."""
    await answer(room, seconds)
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(_ANSWERS):
        await answer(room, seconds)
    return tracemalloc.get_traced_memory()[0] - before


async def test_answers_leave_neither_threads_nor_sound() -> None:
    async with Room(llm=ScriptedLlm([_ANSWER]), tts=Tts24k()) as room:
        before = threads()
        assert await held_after_answers(room) < _MUCH
        assert threads() == before


async def test_an_answer_in_progress_has_no_threads() -> None:
    async with Room(llm=ScriptedLlm([_ANSWER]), tts=Tts24k()) as room:
        before = threads()
        await answer(room, 1.0)
        assert room.dialogue.state == "speaking"
        assert threads() == before


async def test_answers_that_are_cut_leave_no_sound() -> None:
    async with Room(llm=ScriptedLlm([_ANSWER]), tts=Tts24k()) as room:
        assert await held_after_answers(room, seconds=1.0) < _MUCH


async def test_answers_whose_engine_fails_leave_no_sound(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)  # pytest keeps the records, which hold the engine's errors
    async with Room(llm=ScriptedLlm([_ANSWER]), tts=ScriptedTts(fails_after=2)) as room:
        assert await held_after_answers(room) < _MUCH


async def test_a_dialogue_that_ends_in_an_answer_leaves_no_sound() -> None:
    async def one() -> None:
        async with Room(llm=ScriptedLlm([_ANSWER]), tts=Tts24k()) as room:
            await answer(room, 1.0)
            assert room.dialogue.state == "speaking"

    await one()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(_ANSWERS):
        await one()
    assert tracemalloc.get_traced_memory()[0] - before < _MUCH * _ANSWERS
