"""What the parts of a dialogue share: the lesson, the people, the state, and what was said."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from typing import Literal

from ai_agent.dialogue.history import History
from ai_agent.dialogue.ports import DialogueSink, Learner, Lesson, PastMessage, State
from ai_agent.dialogue.states import Event, IllegalMove, move
from ai_agent.providers.ports import ChatMessage, ChatRequest, EngineSet, Teaching
from ai_agent.turns.phrases import Phrases, phrases
from ai_agent.tutor.feedback import GIVE_FEEDBACK
from ai_agent.tutor.prompting import system_prompt

log = logging.getLogger(__name__)

Purpose = Literal["reply", "greet", "break_silence", "feedback"]


def new_id() -> str:
    return uuid.uuid4().hex


class Conversation:
    def __init__(
        self,
        lesson: Lesson,
        people: Sequence[Learner],
        history: Sequence[PastMessage],
        engines: EngineSet,
        sink: DialogueSink,
        clock: Callable[[], float],
    ) -> None:
        self.lesson = lesson
        self.people = {learner.id: learner for learner in people}
        self.history = History(history)
        self.engines = engines
        self.sink = sink
        self.clock = clock
        self.state = State.IDLE

    @property
    def phrases(self) -> Phrases:
        return phrases(self.lesson.language)

    @property
    def is_heard(self) -> bool:
        """Somebody's media is there."""
        return any(learner.is_reached for learner in self.people.values())

    def apply(self, event: Event) -> None:
        try:
            state = move(self.state, event)
        except IllegalMove:
            # a fault of ours must not take the tutor from people who talk to it
            log.exception("the dialogue is out of step")
            return
        if state is not self.state:
            self.state = state
            self.sink.show_state(state)

    def level_of(self, learner_id: str) -> str:
        """Alone with the tutor it is the lesson's, which they may change; in a group their own."""
        learner = self.people.get(learner_id)
        if self.lesson.one_to_one or learner is None:
            return self.lesson.level
        return learner.level or self.lesson.level

    def request(
        self, learner: Learner | None, purpose: Purpose, *, unsaid: ChatMessage | None = None
    ) -> ChatRequest:
        """`unsaid`: words that are not in the history yet."""
        lesson = self.lesson
        messages = self.history.messages(with_names=not lesson.one_to_one)
        teaching = Teaching(
            language=lesson.language,
            level=lesson.level,
            topic=lesson.topic,
            learner=learner.name if learner else "",
            native_language=learner.native_language if learner else None,
            purpose=purpose,
            earlier=self.history.earlier,
            turn=self.history.tutor_turns,
        )
        return ChatRequest(
            system=system_prompt(teaching, lesson.tutor_name, one_to_one=lesson.one_to_one),
            messages=(*messages, unsaid) if unsaid else messages,
            teaching=teaching,
            tools=(GIVE_FEEDBACK,) if purpose in {"reply", "feedback"} and learner else (),
        )
