from __future__ import annotations

from server.protocol.agents import InputKind, TutorInput
from server.tutor.typed_words import MAX_KEPT, MAX_WORKERS, TypedWords


def said(text: str, who: str = "ann") -> TutorInput:
    return TutorInput(participant_id=who, kind=InputKind.SAY, text=text)


def sent(words: TypedWords, assignment_id: str) -> list[str]:
    return [turn_id for turn_id, _ in words.to_send(assignment_id)]


def test_each_worker_gets_what_is_not_answered_once_and_in_order() -> None:
    words = TypedWords()
    words.add("t1", said("one"))
    words.add("t2", said("two"))
    assert sent(words, "a1") == ["t1", "t2"]
    assert sent(words, "a1") == []
    words.add("t3", said("three"))
    assert sent(words, "a1") == ["t3"]
    words.answered("t2")
    assert sent(words, "a2") == ["t1", "t3"]
    assert set(words.turn_ids) == {"t1", "t3"}


def test_words_that_may_have_ended_two_workers_are_given_up() -> None:
    words = TypedWords()
    words.add("t1", said("poison"))
    for number in range(MAX_WORKERS):
        assert words.give_up_repeated() == 0
        assert sent(words, f"a{number}") == ["t1"]
    words.add("t2", said("new"))
    assert words.give_up_repeated() == 1
    assert sent(words, "a9") == ["t2"]


def test_the_newest_are_kept() -> None:
    words = TypedWords()
    for number in range(MAX_KEPT + 3):
        words.add(f"t{number}", said("x"))
    assert sent(words, "a1") == [f"t{number}" for number in range(3, MAX_KEPT + 3)]


def test_words_of_people_who_left_are_given_up() -> None:
    words = TypedWords()
    words.add("t1", said("one"))
    words.add("t2", said("two", "bob"))
    words.keep_only({"bob"})
    assert sent(words, "a1") == ["t2"]


def test_an_answer_to_other_words_is_ignored() -> None:
    words = TypedWords()
    words.add("t1", said("one"))
    words.answered("t9")
    assert sent(words, "a1") == ["t1"]
