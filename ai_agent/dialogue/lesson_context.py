"""The lesson's settings and people as of now, and the request that a chat engine gets of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from ai_agent.classes.teaching import Teaching
from ai_agent.classes.words import class_phrases
from ai_agent.dialogue.elicitation import Elicitation
from ai_agent.dialogue.history import History
from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts, ToolCall, ToolSpec
from ai_agent.turns.phrases import Phrases, phrases
from ai_agent.tutor import care
from ai_agent.tutor.feedback_tool import GIVE_FEEDBACK, GIVE_FEEDBACK_OR_HINT
from ai_agent.tutor.level.measure import is_above
from ai_agent.tutor.memory import exercise_in
from ai_agent.tutor.pace_tool import CHANGE_PACE, changed_rate
from ai_agent.tutor.prompting import is_role_play, system_prompt
from server.protocol.memory import Memory, RememberedMistake
from server.protocol.tutor import Confidence

Purpose = Literal["reply", "greet", "break_silence", "feedback"]


class LessonContext:
    """`Dialogue` replaces `people` as they change, and `teaching`, the class that is taught or was last;
    `Speakers` keeps `left`, people who have left and whose last words are awaited; everything else reads
    them. `seed`: of what the scripted tutor chooses; None: a random one.
    """

    def __init__(
        self,
        lesson: Lesson,
        people: Sequence[Learner],
        memory: Memory | None = None,
        *,
        seed: int | None = None,
    ) -> None:
        self.lesson = lesson
        self.people = {learner.id: learner for learner in people}
        self.left: dict[str, Learner] = {}
        self.teaching: Teaching | None = None
        self.elicitation = Elicitation()
        self._memory = memory
        self._seed = random.getrandbits(31) if seed is None else seed
        self._settings_rate = lesson.rate

    def set_lesson(self, lesson: Lesson) -> None:
        """The speaking rate that a learner asked for stays until the settings have another one."""
        rate = self.lesson.rate if lesson.rate == self._settings_rate else lesson.rate
        self._settings_rate = lesson.rate
        self.lesson = replace(lesson, rate=rate)

    def change_pace(self, call: ToolCall) -> None:
        """A call of CHANGE_PACE: from the next sentence on."""
        self.lesson = replace(self.lesson, rate=changed_rate(self.lesson.rate, call))

    @property
    def in_class(self) -> Teaching | None:
        """The class that is taught, or paused."""
        return self.teaching if self.teaching is not None and self.teaching.is_on else None

    @property
    def phrases(self) -> Phrases:
        language = self.lesson.language
        return class_phrases(language) if self.in_class is not None else phrases(language)

    @property
    def is_reached(self) -> bool:
        """The tutor's voice gets to at least one person."""
        return any(learner.is_reached for learner in self.people.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The tutor's and the people's, each once: a recogniser gets them as hints."""
        return tuple(dict.fromkeys([self.lesson.tutor_name, *(p.name for p in self.people.values())]))

    def speaker(self, learner_id: str) -> Learner | None:
        """Somebody who is here, or has just left."""
        return self.people.get(learner_id) or self.left.get(learner_id)

    @property
    def memory(self) -> Memory | None:
        """Of the learner who is alone with the tutor: others are not told what it holds."""
        return self._memory if self.lesson.one_to_one and len(self.people) == 1 else None

    @property
    def exercise(self) -> RememberedMistake | None:
        """The mistake that the greeting asks to mend. A role play begins with its roles."""
        memory = self.memory
        return exercise_in(memory) if memory is not None and not is_role_play(self.lesson.topic) else None

    def level_of(self, learner_id: str) -> str:
        """The lesson's in a one-to-one lesson, where the learner may change it; else the learner's own."""
        learner = self.people.get(learner_id)
        if self.lesson.one_to_one or learner is None:
            return self.lesson.level
        return learner.level or self.lesson.level

    def chat_request(
        self,
        history: History,
        learner: Learner | None,
        purpose: Purpose,
        *,
        unsaid: ChatMessage | None = None,
    ) -> ChatRequest:
        """`unsaid`: a message that is not in the history, put after it."""
        lesson = self.lesson
        messages = history.messages(with_names=not lesson.one_to_one) + ((unsaid,) if unsaid else ())
        facts = LessonFacts(
            language=lesson.language,
            level=lesson.level,
            topic=lesson.topic,
            learner=learner.name if learner else "",
            native_language=learner.native_language if learner else None,
            purpose=purpose,
            earlier=history.earlier,
            turn=history.tutor_turns,
            seed=self._seed,
            memory=self.memory,
            exercise=self.exercise if purpose == "greet" else None,
            taught=self.in_class.facts if self.in_class is not None and purpose == "reply" else None,
        )
        note, last = care.note(messages, facts), history.last_of_tutor()
        is_too_hard = last is not None and is_above(last.text, facts.level, facts.language)
        notes = [name for name in (note, "too_hard" if is_too_hard else "") if name]
        if learner is not None and lesson.one_to_one and purpose == "reply" and messages:
            facts = self._with_elicitation(facts, learner.id, messages[-1], is_calm=not note)
        return ChatRequest(
            system=system_prompt(facts, lesson.tutor_name, one_to_one=lesson.one_to_one, notes=notes),
            messages=messages,
            lesson=facts,
            tools=_tools(purpose, may_elicit=facts.may_elicit) if learner else (),
        )

    def _with_elicitation(
        self, facts: LessonFacts, learner_id: str, said: ChatMessage, *, is_calm: bool
    ) -> LessonFacts:
        """`said`: the learner's last words. Words that may be misheard, and bad news, are not asked about."""
        is_sure = facts.taught is None and (not said.spoken or said.confidence is Confidence.HIGH)
        may_ask = is_sure and is_calm and self.elicitation.may_ask(learner_id, facts.level)
        return replace(facts, may_elicit=may_ask, retry=self.elicitation.retry(learner_id, said.text))

    def needs_care(self, text: str, learner: Learner) -> bool:
        """Whether these words alone call for care."""
        request = self.chat_request(History(), learner, "reply", unsaid=ChatMessage("learner", text))
        return self.care_plan(request, learner) is not None

    def care_plan(self, request: ChatRequest, learner: Learner | None) -> care.CarePlan | None:
        """Return what is said instead of asking an engine, if the words of the request call for care."""
        return care.plan(
            request.messages,
            request.lesson,
            country=learner.country if learner else None,
            time_zone=learner.time_zone if learner else None,
        )


def _tools(purpose: Purpose, *, may_elicit: bool) -> tuple[ToolSpec, ...]:
    feedback = GIVE_FEEDBACK_OR_HINT if may_elicit else GIVE_FEEDBACK
    return {"reply": (feedback, CHANGE_PACE), "feedback": (GIVE_FEEDBACK,)}.get(purpose, ())
