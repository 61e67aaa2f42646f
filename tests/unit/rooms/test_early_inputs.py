"""Input for a tutor that has not joined yet waits for it."""

from __future__ import annotations

import pytest

from server.errors import TooManyRequests
from server.protocol.agents import InputKind, TutorInput
from server.protocol.entities import RoomType
from server.rooms.early_inputs import MAX_KEPT, MAX_SPOKEN, MAX_TYPED, SPOKEN_FOR_S, EarlyInputs
from tests.fakes.rooms_world import World

SAY, HOLD, ASK, HEARD = InputKind.SAY, InputKind.HOLD, InputKind.ASK_TUTOR, InputKind.RECOGNIZED


def given(kind: InputKind, text: str | None = None, flag: bool | None = None, by: str = "p1") -> TutorInput:
    return TutorInput(participant_id=by, kind=kind, text=text, flag=flag)


def kept(*inputs: TutorInput, present: tuple[str, ...] = ("p1",), after_s: float = 0.0) -> list[TutorInput]:
    early = EarlyInputs()
    for one in inputs:
        early.add(one, 0.0)
    return early.take(present, after_s)


def test_all_of_it_reaches_the_tutor_in_its_order() -> None:
    inputs = [given(SAY, "Hi"), given(HEARD, "I am here", True), given(ASK), given(HOLD, flag=True)]
    assert kept(*inputs) == inputs


def test_a_key_that_is_up_again_and_unfinished_sentences_are_nothing_to_keep() -> None:
    assert kept(given(HOLD, flag=True), given(HEARD, "I am", False), given(HOLD, flag=False)) == []


def test_a_request_counts_once() -> None:
    assert kept(given(ASK), given(ASK), given(ASK, by="p2"), present=("p1", "p2")) == [
        given(ASK),
        given(ASK, by="p2"),
    ]


def test_what_was_spoken_long_ago_is_not_answered_and_what_was_typed_is() -> None:
    inputs = [given(SAY, "Hi"), given(HEARD, "I am here", True), given(ASK)]
    assert kept(*inputs, after_s=SPOKEN_FOR_S + 1) == inputs[:1]


def test_people_who_have_left_are_left_out() -> None:
    assert kept(given(SAY, "Hi", by="p2")) == []


def test_it_is_bounded() -> None:
    spoken = [given(HEARD, f"{n}", True) for n in range(MAX_SPOKEN + 1)]
    assert kept(*spoken) == spoken[1:]
    with pytest.raises(TooManyRequests):
        kept(*(given(SAY, f"{n}") for n in range(MAX_TYPED + 1)))
    with pytest.raises(TooManyRequests):
        kept(*(given(InputKind.MEND, f"{n}") for n in range(MAX_KEPT + 1)))


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        ("ask_tutor", {}),
        ("hold", {"speaking": True}),
        ("recognized", {"text": "Hello", "isFinal": True}),
        ("say", {"text": "Hello"}),
    ],
)
async def test_what_is_given_before_the_tutor_is_requested_reaches_it(
    event: str, fields: dict[str, object]
) -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.AI)
        await world.join("c1", "ann", room)
        await world.act("c1", event, **fields)
        assert world.tutors.inputs == []
        await world.pass_time(6)  # media does not connect
        assert [(to, one.kind) for to, one in world.tutors.inputs] == [(room, InputKind(event))]
