"""Recording of a conversation while it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace

import pytest

from server.protocol.agents import JobSettings
from server.protocol.levels import Level
from server.protocol.tutor import FeedbackCategory, FeedbackItem
from server.rooms.tutor_ports import JobSpec
from server.tutor.model import Message, PracticeDay, StoredCorrection
from server.tutor.recorder import Recorder
from server.tutor.write_queue import WriteQueue
from tests.fakes.conversations import FakeConversations
from tests.fakes.rooms_world import a_user
from tests.fakes.stores import FakeUserStore

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC
SETTINGS = JobSettings(
    language="en",
    level=Level.B1,
    topic="Food",
    voice=None,
    rate=0.9,
    one_to_one=True,
    captions=False,
    breaks_silence=False,
)
SPEC = JobSpec("r1", "Coffee", None, "k1", SETTINGS, ())
SAID = Message("m1", "k1", "t1", "learner", "ann", "p1", "Ann", "I goed", NOON, 3.0)
WENT = FeedbackItem(
    id="c1",
    turn_id="t1",
    original_sentence="I goed",
    corrected_sentence="I went",
    explanation="Past of go.",
    category=FeedbackCategory.VERB_FORM,
)
DAY = PracticeDay("2027-01-15", starts_at=NOON - 12 * 3_600)
ANSWER = Message("m2", "k1", "t1", "tutor", "ann", None, None, "You went!", NOON, 2.0)


@dataclass
class Scene:
    recorder: Recorder
    talks: FakeConversations
    users: FakeUserStore
    writes: WriteQueue
    clock: list[float]
    practised: list[str]

    async def day(self) -> PracticeDay:
        await self.writes.flush()
        (day,) = await self.talks.progress("ann", "2027-01-15")
        return day


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    talks, writes, clock = FakeConversations(), WriteQueue(), [NOON]
    writes.start()
    users = FakeUserStore()
    practised: list[str] = []
    recorder = Recorder(talks, talks, users, writes, lambda: clock[0], practised.append)
    recorder.update(SPEC)
    yield Scene(recorder, talks, users, writes, clock, practised)
    await writes.aclose()


async def test_turns_and_seconds_count_for_the_learner_once(scene: Scene) -> None:
    for _ in range(2):
        scene.recorder.add_message(SAID, ["ann"], "Food")
        scene.recorder.add_message(ANSWER, ["ann"], "Food")
    assert await scene.day() == replace(DAY, practice_s=5.0, speaking_s=3.0, turns=1, topics=("Food",))


async def test_what_is_said_in_a_room_with_others_is_measured_by_the_room(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "Food", is_alone=False)
    assert await scene.day() == replace(DAY, turns=1, topics=("Food",))


async def test_a_corrected_sentence_that_is_said_rightly_later_is_mended_once(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "")
    scene.recorder.add_correction(StoredCorrection("k1", "ann", None, NOON, WENT))
    for number, text in enumerate(("i went", "I went!"), 3):
        scene.recorder.add_message(
            replace(SAID, id=f"m{number}", turn_id=f"t{number}", text=text), ["ann"], ""
        )
    assert (await scene.day()).mended == 1


async def test_the_tutor_and_others_do_not_mend_somebodys_sentence(scene: Scene) -> None:
    scene.recorder.add_correction(StoredCorrection("k1", "ann", None, NOON, WENT))
    scene.recorder.add_message(replace(ANSWER, text="I went"), ["ann"], "")
    scene.recorder.add_message(replace(SAID, user_id="bob", text="I went"), ["bob"], "")
    assert (await scene.day()).mended == 0


async def test_those_whose_practice_is_stored_are_told_apart(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "Food")
    scene.recorder.add_message(SAID, ["ann"], "Food")
    await scene.writes.flush()
    assert scene.practised == ["ann"]


async def test_corrections_count_and_a_message_without_an_addressee_does_not(scene: Scene) -> None:
    scene.recorder.add_correction(StoredCorrection("k1", "ann", None, NOON, WENT))
    scene.recorder.add_message(replace(ANSWER, user_id=None), ["ann"], "Food")
    assert await scene.day() == replace(DAY, corrections=1)


@pytest.mark.parametrize(
    ("time_zone", "midnight"),
    [
        (None, NOON + 12 * 3600),
        ("Asia/Ho_Chi_Minh", NOON + 5 * 3600),
        ("America/New_York", NOON + 17 * 3600),
        ("Mars/Olympus", NOON + 12 * 3600),
    ],
)
async def test_days_begin_at_midnight_of_the_learner_or_of_utc_if_their_zone_is_not_known(
    scene: Scene, time_zone: str | None, midnight: float
) -> None:
    await scene.users.add_user(a_user("ann", time_zone=time_zone))
    scene.recorder.add_message(replace(SAID, at=midnight - 36), ["ann"], "")
    scene.recorder.add_message(replace(SAID, id="m9", at=midnight + 36), ["ann"], "")
    item = FeedbackItem(
        id="c1",
        turn_id="t1",
        original_sentence="I goed",
        corrected_sentence="I went",
        explanation="Past of go.",
        category=FeedbackCategory.VERB_FORM,
    )
    scene.recorder.add_correction(StoredCorrection("k1", "ann", None, midnight + 36, item))
    await scene.writes.flush()
    days = [(d.day, d.turns, d.corrections) for d in await scene.talks.progress("ann", "2027")]
    assert days == [("2027-01-15", 1, 0), ("2027-01-16", 1, 1)]


async def test_messages_keep_their_order_after_the_wall_clock_was_set_back(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "")
    scene.clock[0] = NOON - 3600
    scene.recorder.add_message(replace(ANSWER, at=scene.clock[0]), ["ann"], "")
    scene.recorder.end("k1")
    await scene.writes.flush()
    said, answer = (scene.talks.messages[name] for name in ("m1", "m2"))
    ended_at = scene.talks.conversations["k1"].ended_at
    assert ended_at is not None
    assert said.at < answer.at <= ended_at


async def test_the_sweep_ends_orphaned_conversations_but_none_that_is_open_here(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "Food")
    await scene.recorder.end_orphaned()
    await scene.writes.flush()
    assert scene.talks.conversations["k1"].ended_at is None
    restarted = Recorder(scene.talks, scene.talks, scene.users, scene.writes, lambda: NOON + 60)
    await restarted.end_orphaned()
    await scene.writes.flush()
    assert scene.talks.conversations["k1"].ended_at == NOON


async def test_a_conversation_is_saved_when_it_changes_and_when_it_ends(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "Food")
    scene.clock[0] += 60
    scene.recorder.update(SPEC)
    scene.recorder.update(
        replace(SPEC, settings=SETTINGS.model_copy(update={"topic": "Travel", "level": Level.B2}))
    )
    await scene.writes.flush()
    kept = scene.talks.conversations["k1"]
    assert (kept.topic, kept.level, kept.started_at, kept.ended_at) == ("Travel", "B2", NOON, None)
    scene.recorder.end("k1")
    scene.recorder.end("k1")
    await scene.writes.flush()
    assert scene.talks.conversations["k1"].ended_at == NOON + 60


class StuckConversations(FakeConversations):
    """Neither `add_message` nor `history` returns while `is_stuck`."""

    is_stuck = False

    async def add_message(self, message: Message, readers: Collection[str]) -> bool:
        if self.is_stuck:
            await asyncio.Event().wait()
        return await super().add_message(message, readers)

    async def history(self, conversation_id: str, limit: int) -> Sequence[Message]:
        if self.is_stuck:
            await asyncio.Event().wait()
        return await super().history(conversation_id, limit)


@pytest.fixture
async def stuck() -> AsyncIterator[Scene]:
    """SAID is stored and ANSWER is queued behind a store that is stuck now."""
    store, users, writes = StuckConversations(), FakeUserStore(), WriteQueue()
    writes.start()
    recorder = Recorder(store, store, users, writes, lambda: NOON)
    recorder.update(SPEC)
    recorder.add_message(SAID, ["ann"], "Food")
    await writes.flush()
    store.is_stuck = True
    recorder.add_message(ANSWER, ["ann"], "Food")
    await asyncio.sleep(0)
    yield Scene(recorder, store, users, writes, [NOON], [])
    await writes.aclose(within_s=0.01)


async def test_the_history_has_stored_and_queued_messages_once_each(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "Food")
    await scene.writes.flush()
    scene.recorder.add_message(ANSWER, ["ann"], "Food")
    assert await scene.recorder.history("k1") == [SAID, ANSWER]
    await scene.writes.flush()
    assert await scene.recorder.history("k1") == [SAID, ANSWER]


async def test_a_stuck_store_costs_the_stored_history_and_no_more_than_the_bound(
    stuck: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.tutor.recorder._HISTORY_WITHIN_S", 0.01)
    async with asyncio.timeout(2):
        assert await stuck.recorder.history("k1") == [ANSWER]


async def test_messages_that_were_given_up_do_not_stay_in_memory(scene: Scene) -> None:
    scene.talks.conversations.clear()
    await scene.writes.flush()
    scene.talks.conversations.clear()
    scene.recorder.add_message(SAID, ["ann"], "Food")
    await scene.writes.flush()
    assert await scene.recorder.history("k1") == []


async def test_words_that_were_mended_replace_the_stored_ones_and_count_once(scene: Scene) -> None:
    scene.recorder.add_message(SAID, ["ann"], "Food")
    scene.recorder.add_message(replace(SAID, text="I went"), ["ann"], "Food")
    assert [m.text for m in await scene.recorder.history("k1")] == ["I went"]
    day = await scene.day()
    assert (day.turns, day.speaking_s) == (1, 3.0)
    assert [m.text for m in await scene.recorder.history("k1")] == ["I went"]
