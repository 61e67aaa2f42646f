"""Role plays: goal, steps, hints, questions in the role, and the debrief."""

from __future__ import annotations

from itertools import chain, pairwise, product

import pytest

from ai_agent.providers.ports import ChatMessage
from ai_agent.tutor.scripted.english.role_play import END, STOPPED, Scenario, Step, scenarios
from tests.unit.ai_agent.tutor.scripted.talking import Conversation

LEVEL = {"a": "A2", "b": "B1", "c": "C1"}
ALL = [(scenario, band) for scenario, band in product(scenarios(), "abc")]


def hinted(step: Step) -> str:
    """The sentence in the hint."""
    return step.hint.split('"')[1]


def started(scenario: Scenario, band: str) -> Conversation:
    talk = Conversation(LEVEL[band], f"Role play: {scenario.title}")
    text = talk.greet()
    assert scenario.goal[band] in text
    assert text.endswith(scenario.steps[band][0].say)
    return talk


@pytest.mark.parametrize(("scenario", "band"), ALL)
def test_a_learner_who_says_the_hinted_sentences_reaches_the_goal(scenario: Scenario, band: str) -> None:
    talk = started(scenario, band)
    steps = scenario.steps[band]
    for step, following in pairwise(steps):
        assert talk.say(hinted(step)).endswith(following.say), hinted(step)
    text = talk.say(hinted(steps[-1]))
    assert END in text
    assert "reached the goal" in text
    assert all(step.task in text for step in steps)


@pytest.mark.parametrize(("scenario", "band"), ALL)
def test_a_learner_who_is_stuck_gets_a_hint_and_then_the_next_step(scenario: Scenario, band: str) -> None:
    talk = started(scenario, band)
    steps = scenario.steps[band]
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        assert step.hint in talk.say("i don't know")
        text = talk.say("i don't know")
        assert (following.say if following else END) in text
    assert "For next time" in text


@pytest.mark.parametrize(("scenario", "band"), ALL)
def test_lines_differ_from_each_other_at_their_start(scenario: Scenario, band: str) -> None:
    lines = [step.say[:30] for s, b in ALL for step in s.steps[b]]
    assert all(lines.count(step.say[:30]) == 1 for step in scenario.steps[band])


def test_a_word_can_be_asked_for_within_a_role_play() -> None:
    talk = Conversation("B1", "Role play: job interview")
    talk.greet()
    talk.say("My name is Minh and I worked in a shop for two years")
    text = talk.say("what does strength mean")
    assert "good at" in text
    assert text.endswith("What would you say are your strengths?")


def test_questions_are_answered_in_the_role() -> None:
    talk = Conversation("B1", "Role play: hotel")
    talk.greet()
    assert "free in every room" in talk.say("is there wifi in the room")


@pytest.mark.parametrize("said", ["let's stop", "stop", "i want to stop the role play", "bye"])
def test_a_role_play_can_be_left_at_any_time(said: str) -> None:
    talk = Conversation("A2", "Role play: at the hotel")
    talk.greet()
    talk.say("I would like a room, please")
    text = talk.say(said)
    assert STOPPED in text
    assert "asked for a room" in text
    assert "Would you like a room with one bed" not in talk.say("i like music")


def test_another_topic_leaves_the_role_play() -> None:
    talk = Conversation("A2", "Role play: at the hotel")
    talk.greet()
    assert STOPPED in talk.say("can we talk about music")
    assert "nights" not in talk.say("i like jazz")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("let's do a role play at the hotel", "at the hotel"),
        ("i want to practise a job interview", "a job interview"),
        ("can we do the shop", "in a clothes shop"),
        ("role play doctor please", "at the doctor's"),
        ("let's practice small talk", "small talk with a new neighbour"),
        ("can we do a roleplay, I'd like to be at the doctor", "at the doctor's"),
    ],
)
def test_a_role_play_is_started_by_voice(said: str, title: str) -> None:
    talk = Conversation("B1", "everyday")
    talk.greet()
    assert f"role play: {title}" in talk.say(said)


def test_role_play_alone_asks_which_one_and_a_word_chooses() -> None:
    talk = Conversation("A2", "everyday")
    talk.greet()
    assert "Which one" in talk.say("role play")
    assert "role play: at the hotel" in talk.say("hotel")


def test_a_short_answer_with_the_name_of_a_place_starts_nothing() -> None:
    talk = Conversation("A2", "travel")
    talk.tutor_said("Where did you stay?")
    assert "role play" not in talk.say("hotel")


def test_a_line_that_was_cut_in_mid_sentence_still_counts() -> None:
    talk = Conversation("A2", "Role play: at the hotel")
    whole = talk.greet()
    talk.messages[-1] = ChatMessage("tutor", whole[: whole.index("How can I help")])
    assert "nights" in talk.say("I would like a room please")


def test_how_was_i_repeats_the_debrief() -> None:
    talk = Conversation("A1", "Role play: small talk")
    talk.greet()
    for step in chain(scenarios()[4].steps["a"]):
        talk.say(hinted(step))
    assert "reached the goal" in talk.say("how was i")
