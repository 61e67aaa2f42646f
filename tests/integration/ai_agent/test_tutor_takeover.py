"""The default configuration of `python -m server`: a conversation whose worker is killed in the middle."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.fakes.rtc import Pacer, RestClient, RtcClient, silence_clip
from tests.fakes.rtc.client import ClientOptions
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import eventually

WITHIN_S = 60.0
TAKEN_OVER_WITHIN_S = 5.0
"""Time until another worker runs: a tenth of a second on an idle machine."""


@dataclass
class Lesson:
    server: ServerProcess
    rest: RestClient
    ann: RtcClient

    async def tutor(self) -> str:
        """The participant id of a tutor that is ready."""
        joined = await self.ann.wait_event(
            "participant_joined", lambda d: d["participant"]["kind"] == "tutor", within=WITHIN_S
        )
        return str(joined.data["participant"]["id"])

    async def answer(self, turn_before: int) -> str:
        """The tutor's next answer, after this number of answers."""
        await eventually(lambda: len(self.finals()) > turn_before, within_s=WITHIN_S)
        return self.finals()[turn_before]

    def finals(self) -> list[str]:
        """Of answers; a notice ("Let me think") has no spoken words."""
        texts = [event.data for event in self.ann.events if event.name == "tutor_text"]
        return [data["spoken"] for data in texts if data["isFinal"] and data["spoken"]]

    async def stored(self, role: str) -> list[str]:
        """The texts of her conversation."""
        (talk,) = (await self.rest.request("GET", "/api/conversations", self.ann.token))["items"]
        found = await self.rest.request("GET", f"/api/conversations/{talk['id']}", self.ann.token)
        return [message["text"] for message in found["messages"] if message["role"] == role]

    async def all_workers_are_there(self, count: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while (await self.server.metrics())["parlor_tutor_workers"] < count:  # noqa: ASYNC110 - in the server
                await asyncio.sleep(0.1)

    def worker_in_room(self) -> psutil.Process:
        """The worker process that has a media connection."""
        workers = [p for p in self.server.process.children() if "ai_agent" in p.cmdline()]
        return next(p for p in workers if p.net_connections("udp"))


@asynccontextmanager
async def _lesson(folder: Path, workers: int) -> AsyncIterator[Lesson]:
    async with (
        ServerProcess(folder, {"AGENTS": str(workers)}) as server,
        RestClient(server.url) as rest,
        Pacer() as pacer,
    ):
        token = await rest.guest("Ann", learningLevel="B1")
        room = await rest.create_room(token, type="ai")
        async with RtcClient(server.url, token, ClientOptions(keep=True)) as ann:
            await ann.join(str(room["id"]), clip=silence_clip(60))
            await ann.set_muted(False)
            assert ann.publisher is not None
            pacer.add(ann.publisher)
            yield Lesson(server, rest, ann)


@pytest.fixture
async def lesson(tmp_path: Path) -> AsyncIterator[Lesson]:
    async with _lesson(tmp_path, workers=2) as found:
        yield found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_another_worker_continues_the_conversation_of_one_that_ended(
    lesson: Lesson, how: signal.Signals
) -> None:
    tutor = await lesson.tutor()
    assert await lesson.answer(0)
    await lesson.all_workers_are_there(2)
    await lesson.ann.call("say", {"text": "I like to cook with my brother."})
    log = await lesson.ann.wait_slot(tutor)
    heard = log.packets
    await eventually(lambda: log.packets > heard + 10, within_s=WITHIN_S)
    killed = lesson.worker_in_room()
    at = len(lesson.ann.events)
    killed_at = time.monotonic()
    killed.send_signal(how)
    await eventually(
        lambda: _statuses_since(lesson.ann, at)[-2:] == ["lost", "ready"], within_s=TAKEN_OVER_WITHIN_S
    )
    heard, spoken = log.packets, len(lesson.finals())
    await lesson.ann.call("say", {"text": "We made a cake on Sunday."})
    await eventually(lambda: log.packets > heard + 10, within_s=WITHIN_S)
    assert time.monotonic() - killed_at < TAKEN_OVER_WITHIN_S
    answer = await lesson.answer(spoken)
    assert answer
    assert "I'm Emma" not in answer
    assert lesson.worker_in_room().pid != killed.pid


@pytest.mark.timeout(300)
async def test_words_typed_as_the_worker_is_killed_are_answered_once_by_the_next(lesson: Lesson) -> None:
    await lesson.tutor()
    assert await lesson.answer(0)
    await lesson.all_workers_are_there(2)
    worker = lesson.worker_in_room()
    worker.suspend()  # what it is sent arrives, and is not read
    at = len(lesson.ann.events)
    assert await lesson.ann.call("say", {"text": "I like to cook with my brother."}) == {"ok": True}
    worker.kill()
    assert await lesson.answer(1)
    assert await lesson.ann.call("say", {"text": "We made a cake on Sunday."}) == {"ok": True}
    assert await lesson.answer(2)
    since = lesson.ann.events[at:]
    said = [event.data["text"] for event in since if event.name == "transcript" and event.data["isFinal"]]
    assert said == ["I like to cook with my brother.", "We made a cake on Sunday."]
    assert len(lesson.finals()) == 3
    assert await lesson.stored("learner") == said


@pytest.mark.timeout(300)
async def test_words_whose_answer_was_cut_by_a_kill_are_answered_again_and_stored_once(
    lesson: Lesson,
) -> None:
    tutor = await lesson.tutor()
    assert await lesson.answer(0)
    await lesson.all_workers_are_there(2)
    log = await lesson.ann.wait_slot(tutor)
    heard = log.packets
    await lesson.ann.call("say", {"text": "I like to cook with my brother."})
    await eventually(lambda: log.packets > heard + 10, within_s=WITHIN_S)
    lesson.worker_in_room().kill()
    assert await lesson.answer(1)
    assert await lesson.stored("learner") == ["I like to cook with my brother."]
    assert len(await lesson.stored("tutor")) == 2


def _statuses_since(client: RtcClient, at: int) -> list[str]:
    """Without duplicates, in order."""
    news = [event.data["room"]["tutor"] for event in client.events[at:] if event.name == "room_updated"]
    told = [str(tutor["status"]) for tutor in news if tutor]
    return [status for status, before in zip(told, ["", *told], strict=False) if status != before]
