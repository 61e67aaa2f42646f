"""Learners who are alone with the tutor of a real server, some of whom leave in mid-answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.rtc.receiver import SlotLog
from tests.fakes.signalling_server import eventually

WITHIN_S = 60.0
KEPT_WITHIN_S = 15.0
SAID = "I like to cook rice with fish at home."


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
    """`source`: the local address of its learners. `left`: how often one left in mid-answer."""

    rest: RestClient
    pacer: Pacer
    source: str = ""
    left: int = 0

    @asynccontextmanager
    async def lesson(self, token: str) -> AsyncIterator[Lesson]:
        """After the greeting."""
        room = await self.rest.create_room(token, type="ai")
        async with RtcClient(self.rest.url, token, ClientOptions(source=self.source)) as learner:
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

    async def kept(self, token: str, count: int) -> list[dict[str, Any]]:
        """The tutor's messages once so many have their sound, or after a time limit."""
        messages: list[dict[str, Any]] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(KEPT_WITHIN_S):
                while sum(bool(message["audioUrl"]) for message in messages) < count:
                    messages = await self._tutors_messages(token)
                    await asyncio.sleep(0.5)  # stored by other processes; a person may ask ten times a second
        return messages

    async def _tutors_messages(self, token: str) -> list[dict[str, Any]]:
        """In all conversations of a person."""
        page = await self.rest.request("GET", "/api/conversations", token)
        paths = [f"/api/conversations/{item['id']}" for item in page["items"]]
        talks = [await self.rest.request("GET", path, token) for path in paths]
        return [message for talk in talks for message in talk["messages"] if message["role"] == "tutor"]
