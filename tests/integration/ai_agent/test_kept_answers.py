"""Real learners who leave in mid-answer: their answers are kept, and those of others are not delayed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.common.tasks import TaskSet
from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip
from tests.fakes.rtc.receiver import SlotLog
from tests.fakes.scale import scaled
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import eventually

WITHIN_S = 60.0
TURNS = scaled(2, 20, "soak")
LEAVERS = 3
SAID = "I like to cook rice with fish at home."

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]


@dataclass
class Lesson:
    """A learner alone with the tutor."""

    learner: RtcClient
    voice: SlotLog

    async def ask(self) -> None:
        await self.learner.call("say", {"text": SAID})

    async def answered(self, count: int) -> None:
        await eventually(lambda: self._finals() >= count, within_s=WITHIN_S)

    async def half_answered(self) -> None:
        """The tutor has spoken for most of a second."""
        before = self.voice.packets
        await eventually(lambda: self.voice.packets > before + 40, within_s=WITHIN_S)

    def _finals(self) -> int:
        return sum(event.name == "tutor_text" and event.data["isFinal"] for event in self.learner.events)


@dataclass
class School:
    server: ServerProcess
    rest: RestClient
    pacer: Pacer
    left: int = 0

    @asynccontextmanager
    async def lesson(self, token: str) -> AsyncIterator[Lesson]:
        """After the greeting."""
        room = await self.rest.create_room(token, type="ai")
        async with RtcClient(self.server.url, token) as learner:
            await learner.join(str(room["id"]), clip=silence_clip(60))
            assert learner.publisher is not None
            self.pacer.add(learner.publisher)
            joined = await learner.wait_event(
                "participant_joined", lambda d: d["participant"]["kind"] == "tutor", within=WITHIN_S
            )
            voice = await learner.wait_slot(joined.data["participant"]["id"], within=WITHIN_S)
            lesson = Lesson(learner, voice)
            await lesson.answered(1)
            yield lesson
            self.pacer.discard(learner.publisher)

    async def leave_in_mid_answer(self, token: str) -> None:
        async with self.lesson(token) as lesson:
            await lesson.ask()
            await lesson.half_answered()
            await lesson.learner.leave()
        self.left += 1

    async def leave_again_and_again(self) -> None:
        token = await self.rest.guest("Leaver")
        while True:
            await self.leave_in_mid_answer(token)

    async def tutors_messages(self, token: str) -> list[dict[str, Any]]:
        """In all conversations of a person."""
        page = await self.rest.request("GET", "/api/conversations", token)
        paths = [f"/api/conversations/{item['id']}" for item in page["items"]]
        talks = [await self.rest.request("GET", path, token) for path in paths]
        return [message for talk in talks for message in talk["messages"] if message["role"] == "tutor"]

    async def kept(self, token: str, count: int) -> list[dict[str, Any]]:
        """The tutor's messages once so many have their sound, or after a time limit."""
        messages: list[dict[str, Any]] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(15):
                while sum(bool(message["audioUrl"]) for message in messages) < count:
                    messages = await self.tutors_messages(token)
                    await asyncio.sleep(0.2)  # stored by other processes
        return messages


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ServerProcess(tmp_path, {"AGENTS": "1"}))
        rest = await stack.enter_async_context(RestClient(server.url))
        pacer = await stack.enter_async_context(Pacer())
        yield School(server, rest, pacer)


async def test_an_answer_left_in_the_middle_is_kept_with_its_sound(school: School) -> None:
    token = await school.rest.guest("Ann", learningLevel="B1")
    await school.leave_in_mid_answer(token)
    greeting, answer = await school.kept(token, 2)
    assert not greeting["wasCut"]
    assert answer["wasCut"]
    assert answer["text"]
    assert greeting["audioUrl"]
    assert answer["audioUrl"]
    assert not [line for line in school.server.lines if "refused a message" in line]
    assert school.server.complaints() == []


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
