"""Every row of the state table is brought about in a dialogue on virtual time, by what people do."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable

import pytest

from ai_agent.dialogue import states
from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.dialogue.states import TABLE, Event, next_state
from server.common.state_machine import IllegalMove
from server.protocol.tutor import TutorState
from tests.fakes.speech import SPEECH, STILL, Room, ScriptedLlm, ScriptedStt

I, L, T, S, X = TutorState  # noqa: E741 - a column each in the table
COUNT = "One two three four five six seven eight nine ten."
Pair = tuple[TutorState, Event]


class Rig(Room):
    """Ann, Ben and Cat with the tutor. Speech without a script has no words."""

    def __init__(self, *hears: str, voiceless: bool = False) -> None:
        super().__init__(
            stt=ScriptedStt(*hears),
            llm=ScriptedLlm([COUNT]),
            people=(
                Learner("ann", "Ann"),
                Learner("ben", "Ben"),
                Learner("cat", "Cat", recognition="browser"),
            ),
            lesson=Lesson("Emma", "en", "B1", "food", one_to_one=False, rate=1.0),
            voiceless=voiceless,
        )

    async def __aenter__(self) -> Rig:
        await super().__aenter__()
        return self

    async def thinking(self) -> None:
        """A reply is being prepared and does not start."""
        self.llm.gate.clear()
        self.dialogue.say("ann", "Count, please.")
        await self.run(0.1)

    async def speaking(self) -> None:
        self.dialogue.say("ann", "Count, please.")
        await self.run(1.0)

    async def interrupted(self) -> None:
        await self.speaking()
        await self.run(0.2, ann=SPEECH)


Scene = Callable[[Rig], Awaitable[None]]
SCENES: dict[Pair, tuple[Callable[[], Rig], Scene]] = {}


def scene(state: TutorState, event: Event, make: Callable[[], Rig] = Rig) -> Callable[[Scene], Scene]:
    def keep(play: Scene) -> Scene:
        assert (state, event) not in SCENES
        SCENES[state, event] = make, play
        return play

    return keep


@scene(I, Event.SPEECH)
async def somebody_begins_to_speak(rig: Rig) -> None:
    await rig.run(0.2, ann=SPEECH)


@scene(I, Event.TURN)
async def somebody_types(rig: Rig) -> None:
    rig.dialogue.say("ann", "Count, please.")


@scene(L, Event.SPEECH)
async def two_speak_at_once(rig: Rig) -> None:
    await rig.run(0.2, ann=SPEECH)
    await rig.run(0.2, ann=SPEECH, ben=SPEECH)


@scene(L, Event.NOTHING)
async def a_cough(rig: Rig) -> None:
    await rig.speak(0.4)


@scene(L, Event.TURN, lambda: Rig("Emma count please"))
async def a_spoken_turn(rig: Rig) -> None:
    await rig.speak(1.0)


@scene(T, Event.AUDIO)
async def the_answer_is_heard(rig: Rig) -> None:
    await rig.speaking()


@scene(T, Event.DONE, lambda: Rig(voiceless=True))
async def the_answer_has_no_voice(rig: Rig) -> None:
    rig.dialogue.say("ann", "Count, please.")
    await rig.run(0.2)


@scene(T, Event.TURN)
async def somebody_types_again_before_the_answer(rig: Rig) -> None:
    await rig.thinking()
    rig.dialogue.say("ben", "Hello?")


@scene(T, Event.SPEECH)
async def somebody_speaks_before_the_answer(rig: Rig) -> None:
    await rig.thinking()
    await rig.run(0.2, ben=SPEECH)


@scene(T, Event.NOTHING)
async def a_cough_before_the_answer(rig: Rig) -> None:
    await rig.thinking()
    await rig.speak(0.3, then=1.5, who="ben")


@scene(T, Event.BARGE_IN)
async def somebody_holds_the_key_before_the_answer(rig: Rig) -> None:
    await rig.thinking()
    rig.dialogue.hold("ben", True)


@scene(S, Event.DONE)
async def the_answer_ends(rig: Rig) -> None:
    await rig.speaking()
    await rig.run(4.0)


@scene(S, Event.TURN)
async def somebody_types_over_the_answer(rig: Rig) -> None:
    await rig.speaking()
    rig.dialogue.say("ben", "Stop.")


@scene(S, Event.SPEECH)
async def somebody_speaks_over_the_answer(rig: Rig) -> None:
    await rig.interrupted()


@scene(S, Event.BARGE_IN)
async def somebody_holds_the_key_over_the_answer(rig: Rig) -> None:
    await rig.speaking()
    rig.dialogue.hold("ben", True)


@scene(S, Event.NOTHING)
async def a_key_held_so_long_that_the_tutor_speaks_upon_its_release_and_then_no_words(rig: Rig) -> None:
    rig.dialogue.hold("ben", True)
    await rig.run(13.0, ben=STILL)
    rig.dialogue.say("ann", "Count, please.")
    await rig.run(0.2, ben=STILL)
    rig.dialogue.hold("ben", False)
    await rig.run(0.5, ben=STILL)


@scene(X, Event.FALSE_INTERRUPTION, lambda: Rig("mm-hm"))
async def a_backchannel(rig: Rig) -> None:
    await rig.speaking()
    await rig.speak(0.3)


@scene(X, Event.NOTHING)
async def a_cough_over_the_answer(rig: Rig) -> None:
    await rig.speaking()
    await rig.speak(0.3)


@scene(X, Event.SPEECH)
async def a_second_person_speaks_over_the_answer(rig: Rig) -> None:
    await rig.interrupted()
    await rig.run(0.2, ann=SPEECH, ben=SPEECH)


@scene(X, Event.BARGE_IN, lambda: Rig("no I meant letters"))
async def an_interruption(rig: Rig) -> None:
    await rig.speaking()
    await rig.speak(1.0)


@scene(X, Event.TURN)
async def somebody_types_while_another_speaks_over_the_answer(rig: Rig) -> None:
    await rig.interrupted()
    rig.dialogue.say("ben", "Stop.")


@scene(X, Event.DONE)
async def somebody_speaks_just_after_the_last_of_the_answer(rig: Rig) -> None:
    await rig.speaking()
    while rig.heard_s < (len(COUNT) + 1) * 0.06 - 0.001:
        await rig.run(0.02)
    assert rig.state() is S
    rig.dialogue.recognized("cat", "mm-hm", is_final=False)
    await rig.run(0.02)


@pytest.mark.parametrize(("state", "event"), TABLE)
async def test_each_legal_transition_is_made(
    state: TutorState, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Pair] = []

    def moved(before: TutorState, what: Event) -> TutorState:
        made.append((before, what))
        return next_state(before, what)

    monkeypatch.setattr(states, "next_state", moved)
    make, play = SCENES[state, event]
    async with make() as rig:
        await play(rig)
        assert (state, event) in made
        befores = [before for before, _ in made] + [rig.state()]
        assert befores[1:] == [TABLE[pair] for pair in made], "the dialogue is in the state of the table"
        shown = rig.sink.states
        assert all(a is not b for a, b in itertools.pairwise(shown))
        assert shown[-1] is rig.state()


REACHED: dict[TutorState, Scene] = {
    I: lambda rig: rig.run(0.1),
    L: somebody_begins_to_speak,
    T: Rig.thinking,
    S: Rig.speaking,
    X: Rig.interrupted,
}


ILLEGAL = sorted(set(itertools.product(TutorState, Event)) - set(TABLE))


@pytest.mark.parametrize(("state", "event"), ILLEGAL)
async def test_an_illegal_event_raises_and_changes_nothing(state: TutorState, event: Event) -> None:
    async with Rig() as rig:
        await REACHED[state](rig)
        assert rig.state() is state
        shown = list(rig.sink.states)
        with pytest.raises(IllegalMove):
            rig.dialogue._states.apply(event)
        assert (rig.state(), rig.sink.states) == (state, shown)
        rig.dialogue.pause_audio("ann", rig.now)
        rig.llm.gate.set()
        await rig.run(8.0)
        assert rig.state() is I
        rig.dialogue.say("ann", "And now?")
        await rig.run(0.2)
        assert rig.state() is S
