"""Real learners who leave in mid-answer: their answers are kept, and those of others are not delayed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.common.tasks import TaskSet
from tests.fakes.lessons import WITHIN_S, School
from tests.fakes.rtc import Pacer, RestClient
from tests.fakes.scale import scaled
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import eventually

TURNS = scaled(2, 20, "soak")
LEAVERS = 3

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    async with ServerProcess(tmp_path, {"AGENTS": "1"}) as server:
        yield server


@pytest.fixture
async def school(server: ServerProcess) -> AsyncIterator[School]:
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(server.url))
        pacer = await stack.enter_async_context(Pacer())
        yield School(rest, pacer)


async def test_an_answer_left_in_the_middle_is_kept_with_its_sound(
    school: School, server: ServerProcess
) -> None:
    token = await school.rest.guest("Ann", learningLevel="B1")
    await school.leave_in_mid_answer(token)
    greeting, answer = await school.kept(token, 2)
    assert not greeting["wasCut"]
    assert answer["wasCut"]
    assert answer["text"]
    assert greeting["audioUrl"]
    assert answer["audioUrl"]
    assert not [line for line in server.lines if "refused a message" in line]
    assert server.complaints() == []


async def test_people_who_leave_do_not_cost_others_their_sound(school: School) -> None:
    token = await school.rest.guest("Ann", learningLevel="B1")
    leavers = TaskSet()
    try:
        for number in range(LEAVERS):
            leavers.spawn(school.leave_again_and_again(), f"leaver {number}")
        async with school.lesson(token) as lesson:
            for turn in range(TURNS):
                await lesson.ask()
                await lesson.answered(turn + 2)
            await eventually(lambda: school.left >= LEAVERS, within_s=WITHIN_S)
            messages = await school.kept(token, TURNS + 1)
    finally:
        await leavers.aclose()
    kept = [message for message in messages if message["audioUrl"]]
    print(f"{len(kept)} of {len(messages)} kept their sound, {school.left} left")
    assert len(kept) == len(messages) == TURNS + 1
