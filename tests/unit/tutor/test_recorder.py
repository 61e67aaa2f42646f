"""What is kept of a talk while it goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from server.protocol.tutor import FeedbackCategory, FeedbackItem
from server.rooms.tutor_model import TutorSettings
from server.rooms.tutor_port import TutorBrief
from server.tutor.model import Message, PracticeDay, StoredCorrection
from server.tutor.recorder import Recorder
from server.tutor.write_queue import WriteQueue
from tests.fakes.conversations import FakeConversations

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC
BRIEF = TutorBrief("r1", "Coffee", None, TutorSettings("k1", "en", "B1", "Food"), True, ())
SAID = Message("m1", "k1", "t1", "learner", "ann", "p1", "Ann", "I goed", NOON, 3.0)
ANSWER = Message("m2", "k1", "t1", "tutor", "ann", None, None, "You went!", NOON, 2.0)


@dataclass
class Desk:
    recorder: Recorder
    talks: FakeConversations
    writes: WriteQueue
    clock: list[float]

    async def day(self) -> PracticeDay:
        await self.writes.settled()
        (day,) = await self.talks.progress("ann", "2027-01-15")
        return day


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    talks, writes, clock = FakeConversations(), WriteQueue(), [NOON]
    writes.start()
    recorder = Recorder(talks, talks, writes, lambda: clock[0])
    recorder.goes_on(BRIEF)
    yield Desk(recorder, talks, writes, clock)
    await writes.aclose()


async def test_turns_and_seconds_count_for_the_learner_once(desk: Desk) -> None:
    for _ in range(2):
        desk.recorder.message(SAID, ["ann"], "Food")
        desk.recorder.message(ANSWER, ["ann"], "Food")
    assert await desk.day() == PracticeDay("2027-01-15", 5.0, 3.0, 1, 0, ("Food",))


async def test_corrections_count_and_what_is_for_nobody_does_not(desk: Desk) -> None:
    correction = FeedbackItem(
        id="c1",
        turn_id="t1",
        original_sentence="I goed",
        corrected_sentence="I went",
        explanation="Past of go.",
        category=FeedbackCategory.VERB_FORM,
    )
    desk.recorder.correction(StoredCorrection("k1", "ann", None, NOON, correction))
    desk.recorder.message(replace(ANSWER, user_id=None), ["ann"], "Food")
    assert await desk.day() == PracticeDay("2027-01-15", corrections=1)


async def test_days_are_utc(desk: Desk) -> None:
    desk.recorder.message(replace(SAID, at=NOON + 11.99 * 3600), ["ann"], "")
    desk.recorder.message(replace(SAID, id="m9", at=NOON + 12.01 * 3600), ["ann"], "")
    await desk.writes.settled()
    assert [d.day for d in await desk.talks.progress("ann", "2027")] == ["2027-01-15", "2027-01-16"]


async def test_a_talk_that_goes_on_here_is_not_swept_whatever_rooms_are_stored(desk: Desk) -> None:
    desk.recorder.message(SAID, ["ann"], "Food")
    desk.recorder.sweep()
    await desk.writes.settled()
    assert desk.talks.conversations["k1"].ended_at is None
    restarted = Recorder(desk.talks, desk.talks, desk.writes, lambda: NOON + 60)
    restarted.sweep()
    await desk.writes.settled()
    assert desk.talks.conversations["k1"].ended_at == NOON


async def test_a_talk_is_saved_when_it_changes_and_ends_when_it_ends(desk: Desk) -> None:
    desk.recorder.message(SAID, ["ann"], "Food")
    desk.clock[0] += 60
    desk.recorder.goes_on(BRIEF)
    desk.recorder.goes_on(replace(BRIEF, settings=replace(BRIEF.settings, topic="Travel", level="B2")))
    await desk.writes.settled()
    kept = desk.talks.conversations["k1"]
    assert (kept.topic, kept.level, kept.started_at, kept.ended_at) == ("Travel", "B2", NOON, None)
    desk.recorder.ended("k1")
    desk.recorder.ended("k1")
    await desk.writes.settled()
    assert desk.talks.conversations["k1"].ended_at == NOON + 60
