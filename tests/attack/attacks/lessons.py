"""Learners who cost the tutor's worker more than they should: by leaving, or by asking without end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial

from server.common.tasks import TaskSet
from tests.attack.target import Facts, Target
from tests.fakes.lessons import WITHIN_S, School
from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip
from tests.fakes.rtc.client import ClientOptions, Refused
from tests.fakes.signalling_server import eventually

_LEAVERS = 3
_WORKER_WITHIN_S = 90.0
"""From its start, on a busy machine."""


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


async def all_tutors(target: Target) -> Facts:
    """Three accounts of one address call three tutors each and talk to them all the time: the worker has only
    `options["places"]`. Then somebody behind the same address wants a tutor, and somebody elsewhere: the
    seconds until each has one."""
    address = target.source.rpartition(".")[2]
    elsewhere = f"127.{100 + int(address)}.9.1"
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(target.url, source=target.source))
        there = await stack.enter_async_context(RestClient(target.url, source=elsewhere))

        async def enter(rest: RestClient, token: str, source: str) -> RtcClient:
            room = await rest.create_room(token, type="ai")
            client = RtcClient(target.url, token, ClientOptions(source=source))
            await stack.enter_async_context(client)
            await client.join(str(room["id"]), clip=silence_clip())
            return client

        tokens = [await rest.guest(f"Eve {number}") for number in range(3)]
        crowd = [await enter(rest, token, target.source) for token in tokens for _ in range(3)]
        places = int(target.options["places"])
        await eventually(lambda: sum(map(_has_tutor, crowd)) >= places, within_s=_WORKER_WITHIN_S)
        chatter = TaskSet()
        stack.push_async_callback(chatter.aclose)
        for client in crowd:
            chatter.spawn(_talk_on(client), "talk")
        facts: Facts = {"crowd": sum(map(_has_tutor, crowd))}
        for name, theirs, source in (("neighbour", rest, target.source), ("elsewhere", there, elsewhere)):
            began = asyncio.get_running_loop().time()
            newcomer = await enter(theirs, await theirs.guest(name), source)
            await eventually(partial(_has_tutor, newcomer), within_s=WITHIN_S)
            facts[name] = round(asyncio.get_running_loop().time() - began, 1)
    return facts


def _has_tutor(client: RtcClient) -> bool:
    joined = (event.data for event in client.events if event.name == "participant_joined")
    return any(data["participant"]["kind"] == "tutor" for data in joined)


async def _talk_on(client: RtcClient) -> None:
    while True:
        with suppress(Refused):
            await client.call("say", {"text": "I cook rice."})
        await asyncio.sleep(8)


@asynccontextmanager
async def _school(target: Target) -> AsyncIterator[School]:
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(target.url, source=target.source))
        pacer = await stack.enter_async_context(Pacer())
        yield School(rest, pacer, target.source)
