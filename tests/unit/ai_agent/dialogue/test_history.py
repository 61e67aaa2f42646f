"""The kept part of a long conversation."""

from __future__ import annotations

import re

from ai_agent.dialogue.history import MAX_CHARS, MAX_EARLIER, MAX_MESSAGES, History
from ai_agent.dialogue.ports import Learner, Lesson, PastMessage
from ai_agent.providers.local.scripted import ScriptedLlm
from tests.fakes.speech import Room

PEOPLE = tuple(Learner(name.lower(), name) for name in ("Ann", "Ben", "Cem"))
GROUP = Lesson("Emma", "en", "A2", "food", one_to_one=False, rate=1.0)
TURNS = 28


async def test_no_question_is_repeated_in_twenty_turns_of_three_talkative_learners() -> None:
    """In a group a prompt holds few of the tutor's questions."""
    async with Room(mind=ScriptedLlm(), lesson=GROUP, people=PEOPLE, history=(), voiceless=True) as room:
        asked: dict[str, int] = {}
        for turn in range(TURNS):
            for other in PEOPLE:
                if other is not PEOPLE[turn % 3]:
                    room.dialogue.say(other.id, "we often eat noodles with fish and herbs " * 12)
            room.dialogue.say(PEOPLE[turn % 3].id, f"Emma I went there {turn} times")
            await room.run(0.2)
            (_, *_, answer) = room.sink.spoken
            for question in questions(answer or ""):
                assert turn - asked.get(question, -TURNS) >= 20, f"turn {turn}: {question}"
                asked[question] = turn
        assert len(asked) > 10


def test_the_tutors_texts_are_remembered_after_their_message_is_dropped() -> None:
    history = History(PastMessage("tutor", f"Question {n}?") for n in range(60))
    assert len(history) == MAX_MESSAGES
    assert history.earlier == tuple(f"Question {n}?" for n in range(60 - MAX_MESSAGES))
    assert history.tutor_turns == 60


def test_the_remembered_texts_are_bounded() -> None:
    history = History()
    for number in range(1_000):
        history.add(PastMessage("tutor", f"{number} {'a long answer ' * 30}"))
        history.add(PastMessage("learner", "b" * 500, "Ann", "ann"))
    assert len(history.earlier) == MAX_EARLIER
    assert sum(len(message.text) for message in history.messages(with_names=False)) <= MAX_CHARS


def questions(text: str) -> list[str]:
    """Without tags, such as "What apply?", that may follow any question."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return [s for s in sentences if s.endswith("?") and len(s.split()) > 2 and not s.startswith("Why, or")]
