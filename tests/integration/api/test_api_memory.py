"""The routes of memory, words, summaries and the goal of a week, with real stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.protocol.tutor import FeedbackCategory, FeedbackItem
from server.storage import (
    Database,
    SqlConversationStore,
    SqlMemoryStore,
    SqlMistakeStore,
    SqlUserStore,
    SqlWordStore,
)
from server.tutor.model import Conversation, Message, PracticeDay, StoredCorrection
from tests.fakes.api_server import Api, api_server

NOW = 1_800_000_000.0
WORD = {"language": "en", "word": "queue", "meaning": "a line of people", "sentence": "Join the queue."}


@dataclass
class School:
    api: Api
    talks: SqlConversationStore

    async def learner(self, name: str) -> str:
        """A token of somebody who said `I goed home`, was corrected, and said it rightly."""
        token = await self.api.sign_in(name)
        me = str((await self.api.ask("GET", "/api/users/me", token)).json["id"])
        talk = f"k{name}"
        await self.talks.save_conversation(Conversation(talk, "r1", "Room", "en", "A2", "Food", NOW - 600))
        for n, text in enumerate(("I goed home", "I went home")):
            said = Message(f"m{name}{n}", talk, f"t{name}{n}", "learner", me, "p1", name, text, NOW - 60 + n)
            await self.talks.add_message(said, [me])
        item = FeedbackItem(
            id=f"c{name}",
            turn_id=f"t{name}0",
            original_sentence="I goed home",
            corrected_sentence="I went home.",
            explanation="Past of go.",
            category=FeedbackCategory.VERB_FORM,
        )
        await self.talks.add_correction(StoredCorrection(talk, me, f"m{name}0", NOW - 59, item))
        return token


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    try:
        talks = SqlConversationStore(database)
        async with api_server(
            tmp_path,
            store=SqlUserStore(database),
            mistakes=SqlMistakeStore(database),
            words=SqlWordStore(database),
            memory=SqlMemoryStore(database),
            conversations=talks,
        ) as api:
            yield School(api, talks)
    finally:
        await database.aclose()


async def test_a_talk_has_a_summary_for_its_learner_alone(school: School) -> None:
    ann, eve, api = await school.learner("Ann"), await school.api.sign_in("Eve"), school.api
    summary = (await api.ask("GET", "/api/conversations/kAnn/summary", ann)).json
    assert (summary["turns"], summary["sentences"], summary["right"]) == (2, 2, 1)
    assert [item["correctedSentence"] for item in summary["mended"]] == ["I went home."]
    [kept] = summary["keep"]
    mistakes = (await api.ask("GET", "/api/mistakes", ann)).json["items"]
    assert (kept["times"], kept["mistakeId"]) == (1, mistakes[0]["id"])
    for path in ("/api/conversations/kAnn/summary", "/api/conversations/a%20b/summary"):
        assert (await api.ask("GET", path, eve)).code == "conversation_not_found"


async def test_a_learner_sees_changes_and_deletes_what_is_remembered(school: School) -> None:
    ann, api = await school.learner("Ann"), school.api
    changed = await api.ask("PATCH", "/api/memory", ann, json={"goals": [" An interview "]})
    assert changed.status == 204
    await api.ask("PUT", "/api/memory/talks/kAnn", ann, json={"text": "My way home"})
    page = (await api.ask("GET", "/api/memory?language=en", ann)).json
    assert page["remembers"]
    assert page["memory"]["goals"] == ["An interview"]
    [talk] = page["memory"]["talks"]
    assert (talk["conversationId"], talk["summary"]) == ("kAnn", "My way home")
    assert [m["better"] for m in page["memory"]["mistakes"]] == ["I went home."]
    assert (await api.ask("DELETE", "/api/memory/talks/kAnn", ann)).status == 204
    assert (await api.ask("GET", "/api/memory", ann)).json["memory"]["talks"] == []
    assert (await api.ask("DELETE", "/api/memory", ann)).status == 204
    memory = (await api.ask("GET", "/api/memory", ann)).json["memory"]
    assert (memory["goals"], memory["mistakes"]) == ([], [])
    assert (await api.ask("GET", "/api/conversations/kAnn", ann)).status == 200


async def test_the_switch_is_stored(school: School) -> None:
    ann, api = await school.learner("Ann"), school.api
    await api.ask("PATCH", "/api/memory", ann, json={"remembers": False})
    assert not (await api.ask("GET", "/api/memory", ann)).json["remembers"]


async def test_a_learner_reviews_a_word(school: School) -> None:
    ann, api = await school.api.sign_in("Ann"), school.api
    assert (await api.ask("POST", "/api/words", ann, json=WORD)).status == 204
    reviews = (await api.ask("GET", "/api/word-reviews", ann)).json
    [exercise] = reviews["exercises"]
    assert (exercise["sentence"], exercise["meaning"]) == ("Join the ____.", "a line of people")
    path = f"/api/word-reviews/{exercise['wordId']}"
    right = (await api.ask("POST", path, ann, json={"text": "Queue"})).json
    assert (right["isRight"], right["answer"], right["wasRated"]) == (True, "queue", True)
    listed = (await api.ask("GET", "/api/words", ann)).json
    assert (listed["due"], listed["items"][0]["rightReviews"]) == (0, 1)
    assert (await api.ask("DELETE", f"/api/words/{exercise['wordId']}", ann)).status == 204
    assert (await api.ask("GET", "/api/words", ann)).json == {"items": [], "due": 0}


async def test_nobody_sees_or_changes_what_is_of_others(school: School) -> None:
    await school.learner("Ann")
    ann, eve, api = await school.api.sign_in("Ann2"), await school.api.sign_in("Eve"), school.api
    await api.ask("POST", "/api/words", ann, json=WORD)
    [word] = (await api.ask("GET", "/api/words", ann)).json["items"]
    assert (await api.ask("GET", "/api/words", eve)).json["items"] == []
    assert (await api.ask("DELETE", f"/api/words/{word['id']}", eve)).code == "word_not_found"
    answered = await api.ask("POST", f"/api/word-reviews/{word['id']}", eve, json={"text": "queue"})
    assert answered.code == "word_not_found"
    noted = await api.ask("PUT", "/api/memory/talks/kAnn", eve, json={"text": "Mine"})
    assert noted.code == "conversation_not_found"
    assert (await api.ask("GET", "/api/memory", eve)).json["memory"]["talks"] == []
    for path in ("/api/memory", "/api/words", "/api/word-reviews", "/api/goal"):
        assert (await api.ask("GET", path)).code == "unauthenticated"


async def test_a_goal_of_a_week_is_set_reached_and_removed(school: School) -> None:
    ann, api = await school.api.sign_in("Ann"), school.api
    await api.ask("PATCH", "/api/users/me", ann, json={"timeZone": "Asia/Ho_Chi_Minh"})
    me = (await api.ask("GET", "/api/users/me", ann)).json["id"]
    week = (await api.ask("GET", "/api/goal", ann)).json
    assert week == {"kind": None, "target": None, "monday": "2027-01-11", "days": 0, "minutes": 0.0}
    for day in ("2027-01-10", "2027-01-11", "2027-01-15"):
        await api.talks.add_progress(me, PracticeDay(day, speaking_s=90.0, turns=3))
    week = (await api.ask("PUT", "/api/goal", ann, json={"kind": "days", "target": 3})).json
    assert (week["kind"], week["target"], week["days"], week["minutes"]) == ("days", 3, 2, 3.0)
    assert (await api.ask("DELETE", "/api/goal", ann)).json["kind"] is None


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/api/memory", {"goals": ["x"] * 6}),
        ("PATCH", "/api/memory", {"goals": ["x" * 141]}),
        ("PATCH", "/api/memory", {"goals": [" "]}),
        ("PATCH", "/api/memory", {"remembers": "no"}),
        ("PUT", "/api/memory/talks/kAnn", {"text": ""}),
        ("PUT", "/api/memory/talks/kAnn", {"text": "x" * 281}),
        ("PUT", "/api/goal", {"kind": "days", "target": 0}),
        ("PUT", "/api/goal", {"kind": "days", "target": 8}),
        ("PUT", "/api/goal", {"kind": "minutes", "target": 601}),
        ("PUT", "/api/goal", {"kind": "hours", "target": 1}),
        ("POST", "/api/words", {**WORD, "word": "x" * 81}),
        ("POST", "/api/words", {**WORD, "meaning": ""}),
        ("POST", "/api/words", {**WORD, "sentence": "x" * 1_001}),
        ("POST", "/api/words", {**WORD, "word": "a\u202eb"}),
    ],
)
async def test_what_is_too_much_or_malformed_is_refused(
    school: School, method: str, path: str, body: dict[str, object]
) -> None:
    ann = await school.learner("Ann")
    assert (await school.api.ask(method, path, ann, json=body)).code == "invalid_request"
