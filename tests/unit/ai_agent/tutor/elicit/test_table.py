"""When a learner is asked to mend a sentence, and what follows: each row of the table."""

from __future__ import annotations

import pytest

from ai_agent.tutor.elicit.table import TABLE, Event, Move, Progress, Stage
from server.common.state_machine import IllegalMove

ASKED = Progress(Stage.ASKED, has_asked=True)


def told(progress: Progress, times: int) -> Progress:
    for _ in range(times):
        progress, move = progress.after(Event.CORRECTION)
        assert move is Move.TELL
    return progress


@pytest.mark.parametrize(
    ("level", "first", "next_one"), [("A1", 3, 5), ("A2", 1, 3), ("B1", 0, 2), ("C2", 0, 2)]
)
def test_beginners_are_told_more_often_than_asked(level: str, first: int, next_one: int) -> None:
    progress = Progress()
    for gap in (first, next_one, next_one):
        assert not any(told(progress, n).may_ask(level) for n in range(gap))
        progress = told(progress, gap)
        assert progress.may_ask(level)
        progress, _ = progress.after(Event.TARGET)
        progress, move = progress.after(Event.RIGHT)
        assert move is Move.PRAISE


@pytest.mark.parametrize("event", [Event.WRONG, Event.PARTLY, Event.GAVE_UP])
def test_after_a_failed_try_the_next_question_waits_twice_as_long(event: Event) -> None:
    progress, _ = ASKED.after(event)
    assert not told(progress, 3).may_ask("B1")
    assert told(progress, 4).may_ask("B1")


def test_one_target_at_a_time() -> None:
    assert not told(ASKED, 9).may_ask("B1")
    after, move = ASKED.after(Event.TARGET)
    assert (after.stage, move) == (Stage.ASKED, Move.TELL)


@pytest.mark.parametrize(
    ("event", "move"),
    [
        (Event.RIGHT, Move.PRAISE),
        (Event.PARTLY, Move.PRAISE_PART),
        (Event.WRONG, Move.SHOW),
        (Event.GAVE_UP, Move.SHOW),
        (Event.OTHER, Move.GO_ON),
        (Event.WITHDRAWN, Move.FORGET),
    ],
)
def test_there_is_one_try(event: Event, move: Move) -> None:
    after, made = ASKED.after(event)
    assert (after.stage, made) == (Stage.TELLING, move)


def test_what_was_not_asked_cannot_be_answered() -> None:
    for event in Event:
        if (Stage.TELLING, event) not in TABLE:
            with pytest.raises(IllegalMove):
                Progress().after(event)
