"""What is kept of a talk while it goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from server.protocol.tutor import FeedbackCategory, FeedbackItem
from server.rooms.tutor_model import TutorSettings
from server.rooms.tutor_port import TutorBrief
from server.tutor.keeping import Keeping
from server.tutor.model import Day, KeptCorrection, Message
from server.tutor.scribe import Scribe
from tests.fakes.conversations import FakeConversations

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC
BRIEF = TutorBrief("r1", "Coffee", None, TutorSettings("k1", "en", "B1", "Food"), True, ())
SAID = Message("m1", "k1", "t1", "learner", "ann", "p1", "Ann", "I goed", NOON, 3.0)
ANSWER = Message("m2", "k1", "t1", "tutor", "ann", None, None, "You went!", NOON, 2.0)


@dataclass
class Desk:
    keeping: Keeping
    talks: FakeConversations
    scribe: Scribe
    clock: list[float]

    async def day(self) -> Day:
        await self.scribe.settled()
        (day,) = await self.talks.progress("ann", "2027-01-15")
        return day


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    talks, scribe, clock = FakeConversations(), Scribe(), [NOON]
    scribe.start()
    keeping = Keeping(talks, talks, scribe, lambda: clock[0])
    keeping.goes_on(BRIEF)
    yield Desk(keeping, talks, scribe, clock)
    await scribe.aclose()


async def test_turns_and_seconds_count_for_the_learner_once(desk: Desk) -> None:
    for _ in range(2):
        desk.keeping.message(SAID, ["ann"], "Food")
        desk.keeping.message(ANSWER, ["ann"], "Food")
    assert await desk.day() == Day("2027-01-15", 5.0, 3.0, 1, 0, ("Food",))


async def test_corrections_count_and_what_is_for_nobody_does_not(desk: Desk) -> None:
    correction = FeedbackItem(
        id="c1",
        turn_id="t1",
        original_sentence="I goed",
        corrected_sentence="I went",
        explanation="Past of go.",
        category=FeedbackCategory.VERB_FORM,
    )
    desk.keeping.correction(KeptCorrection("k1", "ann", None, NOON, correction))
    desk.keeping.message(replace(ANSWER, user_id=None), ["ann"], "Food")
    assert await desk.day() == Day("2027-01-15", corrections=1)


async def test_days_are_utc(desk: Desk) -> None:
    desk.keeping.message(replace(SAID, at=NOON + 11.99 * 3600), ["ann"], "")
    desk.keeping.message(replace(SAID, id="m9", at=NOON + 12.01 * 3600), ["ann"], "")
    await desk.scribe.settled()
    assert [d.day for d in await desk.talks.progress("ann", "2027")] == ["2027-01-15", "2027-01-16"]


async def test_a_talk_that_goes_on_here_is_not_swept_whatever_rooms_are_stored(desk: Desk) -> None:
    desk.keeping.message(SAID, ["ann"], "Food")
    desk.keeping.sweep()
    await desk.scribe.settled()
    assert desk.talks.conversations["k1"].ended_at is None
    restarted = Keeping(desk.talks, desk.talks, desk.scribe, lambda: NOON + 60)
    restarted.sweep()
    await desk.scribe.settled()
    assert desk.talks.conversations["k1"].ended_at == NOON


async def test_a_talk_is_saved_when_it_changes_and_ends_when_it_ends(desk: Desk) -> None:
    desk.keeping.message(SAID, ["ann"], "Food")
    desk.clock[0] += 60
    desk.keeping.goes_on(BRIEF)
    desk.keeping.goes_on(replace(BRIEF, settings=replace(BRIEF.settings, topic="Travel", level="B2")))
    await desk.scribe.settled()
    kept = desk.talks.conversations["k1"]
    assert (kept.topic, kept.level, kept.started_at, kept.ended_at) == ("Travel", "B2", NOON, None)
    desk.keeping.ended("k1")
    desk.keeping.ended("k1")
    await desk.scribe.settled()
    assert desk.talks.conversations["k1"].ended_at == NOON + 60
