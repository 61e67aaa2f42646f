"""Learners who cost the tutor's worker more than they should: by leaving, or by asking without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from server.common.tasks import TaskSet
from tests.attack.target import Facts, Target
from tests.fakes.lessons import WITHIN_S, School
from tests.fakes.rtc import Pacer, RestClient
from tests.fakes.signalling_server import eventually

_LEAVERS = 3


async def leave_in_mid_answer(target: Target) -> Facts:
    """Three learners leave in mid-answer again and again, while a fourth has `options["turns"]` answers.
    `kept`: how many of the fourth's messages have their sound."""
    turns = int(target.options["turns"])
    async with _school(target) as school:
        token = await school.rest.guest("Ann", learningLevel="B1")
        leavers = TaskSet()
        for number in range(_LEAVERS):
            leavers.spawn(school.leave_again_and_again(), f"leaver {number}")
        try:
            async with school.lesson(token) as lesson:
                for turn in range(turns):
                    await lesson.ask()
                    await lesson.answered(turn + 2)
                await eventually(lambda: school.left >= _LEAVERS, within_s=WITHIN_S)
                messages = await school.kept(token, turns + 1)
        finally:
            await leavers.aclose()
    return {
        "left": school.left,
        "messages": len(messages),
        "kept": sum(bool(m["audioUrl"]) for m in messages),
    }


async def many_answers(target: Target) -> Facts:
    """Three learners ask again as soon as they are answered, `options["turns"]` times each."""
    turns = int(target.options["turns"])
    async with _school(target) as school:

        async def ask_on(number: int) -> None:
            async with school.lesson(await school.rest.guest(f"Ann {number}", learningLevel="B1")) as lesson:
                for turn in range(turns):
                    await lesson.ask()
                    await lesson.answered(turn + 2)

        await asyncio.gather(*map(ask_on, range(3)))
    return {"answers": 3 * turns}


@asynccontextmanager
async def _school(target: Target) -> AsyncIterator[School]:
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(target.url, source=target.source))
        pacer = await stack.enter_async_context(Pacer())
        yield School(rest, pacer, target.source)
