"""The routes of mistakes and reviews, with real stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.protocol.tutor import FeedbackCategory, FeedbackItem
from server.storage import Database, SqlConversationStore, SqlMistakeStore, SqlUserStore
from server.tutor.model import Conversation, Message, StoredCorrection
from tests.fakes.api_server import Api, api_server

NOW = 1_800_000_000.0
TALK = Conversation("k1", "r1", "Coffee", "en", "A2", "Food", NOW - 600)


@dataclass
class School:
    api: Api
    talks: SqlConversationStore

    async def learner(self, name: str) -> str:
        """A token of somebody who said `I goed home` and was corrected."""
        token = await self.api.sign_in(name)
        me = str((await self.api.ask("GET", "/api/users/me", token)).json["id"])
        await self.talks.save_conversation(TALK)
        said = Message(f"m{name}", "k1", f"t{name}", "learner", me, "p1", name, "I goed home", NOW - 60)
        await self.talks.add_message(said, [me])
        item = FeedbackItem(
            id=f"c{name}",
            turn_id=f"t{name}",
            original_sentence="I goed home",
            corrected_sentence="I went home.",
            explanation="Past of go.",
            category=FeedbackCategory.VERB_FORM,
        )
        await self.talks.add_correction(StoredCorrection("k1", me, said.id, NOW - 59, item))
        return token


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    try:
        people, mistakes = SqlUserStore(database), SqlMistakeStore(database)
        async with api_server(tmp_path, store=people, mistakes=mistakes) as api:
            yield School(api, SqlConversationStore(database))
    finally:
        await database.aclose()


async def test_a_learner_reviews_a_mistake(school: School) -> None:
    ann, api = await school.learner("Ann"), school.api
    reviews = (await api.ask("GET", "/api/reviews", ann)).json
    [exercise] = reviews["exercises"]
    assert reviews["due"] == 1
    assert exercise == {
        "mistakeId": exercise["mistakeId"],
        "language": "en",
        "category": "verb_form",
        "sentence": "I goed home",
        "explanation": "Past of go.",
        "times": 1,
    }
    path = f"/api/reviews/{exercise['mistakeId']}"
    wrong = await api.ask("POST", path, ann, json={"text": "I goes home"})
    assert (wrong.json["isRight"], wrong.json["answer"], wrong.json["wasRated"]) == (False, None, False)
    right = await api.ask("POST", path, ann, json={"text": "i went home", "attempt": 2})
    assert (right.json["isRight"], right.json["answer"], right.json["wasRated"]) == (
        True,
        "I went home.",
        True,
    )
    assert right.json["dueAt"] > "2027-01-15T08:00:00.000Z"
    assert (await api.ask("GET", "/api/reviews", ann)).json == {"due": 0, "exercises": []}
    listed = (await api.ask("GET", "/api/mistakes", ann)).json
    [mistake] = listed["items"]
    assert listed["due"] == 0
    assert (mistake["said"], mistake["right"], mistake["reviews"], mistake["rightReviews"]) == (
        "goed",
        "went",
        1,
        1,
    )
    detail = (await api.ask("GET", f"/api/mistakes/{mistake['id']}", ann)).json
    assert [one["correctedSentence"] for one in detail["sentences"]] == ["I went home."]


async def test_nobody_sees_or_changes_the_mistakes_of_others(school: School) -> None:
    ann, eve, api = await school.learner("Ann"), await school.api.sign_in("Eve"), school.api
    [mistake] = (await api.ask("GET", "/api/mistakes", ann)).json["items"]
    assert (await api.ask("GET", "/api/mistakes", eve)).json == {"items": [], "due": 0}
    for method, path, body in (
        ("GET", f"/api/mistakes/{mistake['id']}", None),
        ("DELETE", f"/api/mistakes/{mistake['id']}", None),
        ("POST", f"/api/reviews/{mistake['id']}", {"text": "I went home"}),
        ("POST", "/api/reviews/a%20b", {"text": "I went home"}),
    ):
        options = {} if body is None else {"json": body}
        assert (await api.ask(method, path, eve, **options)).code == "mistake_not_found"
    for path in ("/api/mistakes", "/api/reviews", "/api/progress/accuracy"):
        assert (await api.ask("GET", path)).code == "unauthenticated"


async def test_a_learner_deletes_a_mistake(school: School) -> None:
    ann, api = await school.learner("Ann"), school.api
    [mistake] = (await api.ask("GET", "/api/mistakes", ann)).json["items"]
    assert (await api.ask("DELETE", f"/api/mistakes/{mistake['id']}", ann)).status == 204
    assert (await api.ask("GET", "/api/mistakes", ann)).json == {"items": [], "due": 0}


async def test_accuracy_is_turns_without_a_correction_of_each_category(school: School) -> None:
    ann, api = await school.learner("Ann"), school.api
    accuracy = (await api.ask("GET", "/api/progress/accuracy?weeks=2", ann)).json
    assert accuracy == {
        "weeks": ["2027-01-02", "2027-01-09"],
        "turns": [0, 1],
        "categories": [{"category": "verb_form", "right": [0, 0]}],
    }


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "x" * 1_001}, {"text": "a", "attempt": 3}, {"text": 1}]
)
async def test_malformed_answers_are_refused(school: School, body: dict[str, object]) -> None:
    ann, api = await school.learner("Ann"), school.api
    [mistake] = (await api.ask("GET", "/api/mistakes", ann)).json["items"]
    assert (await api.ask("POST", f"/api/reviews/{mistake['id']}", ann, json=body)).code == "invalid_request"
