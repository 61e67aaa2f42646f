"""A class as it is taught: what the tutor says next, and what follows from what people say. No I/O.

The dialogue asks for the next line on each tick, speaks it, and reports how it went. Somebody who speaks
stops the class; it goes on at the sentence that was not heard to its end. `now`: seconds of a monotonic
clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ai_agent.classes.course import Question, SubTopic
from ai_agent.classes.judging import Verdict, judged
from ai_agent.classes.states import Event, next_phase
from ai_agent.classes.words import action_in, class_words
from ai_agent.providers.ports import ClassFacts
from ai_agent.turns.phrases import phrases
from server.protocol.classes import ClassAction, ClassMove, ClassPhase, ClassPlace, ClassRef

GOES_ON_AFTER_S = 1.0
"""After a question was answered, the class goes on once nobody has spoken for this long."""
ASKED_BACK_S = 6.0
"""The same if the tutor's answer was a question."""
ANSWER_WITHIN_S = 20.0
"""A question of the class that nobody answers for so long is answered by the tutor."""
_HEARD_AFTER_S = 1.0
"""The last sentence may be interrupted as long as it is heard, also by a client that plays it later."""
_PARAGRAPH_S = 0.6
_READ_CHARS_PER_S = 14.0
"""If no engine speaks, a sentence is shown for as long as it takes to read."""
_SAID_AGAIN_S = 1.5
""" "Again" at the beginning of a sentence means the one before it."""
_TRIES = 2
_MAX_REPEATS = 3
"""A sentence that no engine can speak to its end is not tried for ever."""
_KEPT = 20
_SAID = 4
"""Sentences that an answer to a question gets as its context."""
_MOST = 100
"""Of heard sentences in one move."""


class Kind(StrEnum):
    OPENING = "opening"
    SENTENCE = "sentence"
    QUESTION = "question"
    REMARK = "remark"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Line:
    """The tutor's words in a class. `index`: of the sentence or question."""

    turn_id: str
    text: str
    kind: Kind
    index: int = 0


@dataclass(frozen=True, slots=True)
class Style:
    """`announces`: the class has an opening and a closing. `asks`: whether its questions are asked aloud,
    once the text was heard. `pause_s`: between sentences, beyond what the voice makes itself."""

    announces: bool = True
    asks: Callable[[], bool] = lambda: True
    pause_s: float = 0.35


@dataclass(frozen=True, slots=True)
class Taught:
    """One teaching of a class. `at`: where it begins."""

    class_id: str
    ref: ClassRef
    topic: SubTopic
    at: ClassPlace = ClassPlace()
    style: Style = Style()


class Teaching:
    """`moved`: called whenever the class is somewhere else, or more of it was heard."""

    def __init__(
        self,
        taught: Taught,
        language: str,
        tutor_name: str,
        *,
        moved: Callable[[ClassMove], None],
        new_id: Callable[[], str],
    ) -> None:
        self.topic = taught.topic
        self.sentence = max(0, min(taught.at.sentence, len(self.topic.sentences) - 1))
        """The one that is said next, or is being said; one beyond the last after the text."""
        self.question = taught.at.question
        self.phase = ClassPhase.TEACHING if self.question is None else ClassPhase.ASKING
        self.line: Line | None = None
        """The sentence of the class that the tutor says now."""
        self._taught = taught
        self._language = language
        self._tutor_name = tutor_name
        self._words = class_words(language)
        self._moved = moved
        self._new_id = new_id
        self._opens = taught.style.announces and taught.at == ClassPlace()
        if self.question is not None:
            self.sentence = len(self.topic.sentences)
        if taught.at.phase is ClassPhase.PAUSED:
            self.phase = next_phase(self.phase, Event.PAUSE)
        self._is_asked = False
        """The present question was begun, so that what is said may answer it."""
        self._is_to_ask = True
        self._is_introduced = self.question is not None
        self._tries = 0
        self._praised = 0
        self._was_spoken_over = False
        self._waits_s = 0.0
        self._settled_at: float | None = None
        self._quiet_at: float | None = None
        self._repeats = 0
        self._said: deque[tuple[int, float]] = deque(maxlen=_KEPT)
        """Sentences that were said to their ends, with the seconds of speech."""
        self._unheard: list[int] = []
        """The sentences that may still be on their way."""
        self._heard: list[int] = []
        """The sentences that were heard since the last move."""
        self._back_to: int | None = None

    @property
    def is_on(self) -> bool:
        return self.phase is not ClassPhase.ENDED

    @property
    def takes_turns(self) -> bool:
        """Whether what people say is for the tutor unless they call somebody else."""
        return self.phase in {ClassPhase.TEACHING, ClassPhase.ASKING}

    @property
    def asked(self) -> Question | None:
        """The question whose answer is awaited."""
        return self._question if self._is_asked else None

    def begin(self) -> None:
        self._show()

    # Choosing the next line

    def due(self, now: float, *, is_settled: bool, is_quiet: bool, is_sounding: bool) -> Line | None:
        """Ask on each tick. `is_settled`: nobody speaks and no reply is due. `is_quiet`: nor is anything of
        the tutor still on its way. `is_sounding`: the present line is heard."""
        self._settled_at = (self._settled_at or now) if is_settled else None
        self._quiet_at = (self._quiet_at or now) if is_settled and is_quiet else None
        if (is_sounding and self.line is not None) or self._quiet_at is not None:
            self._heard, self._unheard = self._heard + self._unheard, []
        line = None
        if self.line is None and self.takes_turns and self._settled_at is not None:
            quiet_s = 0.0 if self._quiet_at is None else now - self._quiet_at
            line = self._next(now - self._settled_at, quiet_s)
        if line is not None:
            self.line, self._was_spoken_over = line, False
            self._settled_at = self._quiet_at = None
        if self._heard:
            self._show()
        return line

    def _next(self, settled_s: float, quiet_s: float) -> Line | None:
        may_go_on = quiet_s >= self._waits_s if self._was_spoken_over else settled_s >= self._waits_s
        if not may_go_on:
            return None
        if self._back_to is not None:
            self.sentence, self._back_to = self._back_to, None
        if self._opens:
            return self._line(Kind.OPENING, self._words.opening.format(title=self.topic.title))
        if self.phase is ClassPhase.TEACHING:
            return self._next_of_text(quiet_s)
        return self._next_of_questions(quiet_s)

    def _next_of_text(self, quiet_s: float) -> Line | None:
        if self.sentence < len(self.topic.sentences):
            self._show()
            return self._line(Kind.SENTENCE, self.topic.sentences[self.sentence], self.sentence)
        if quiet_s < _HEARD_AFTER_S:
            return None
        if self.topic.questions and self._taught.style.asks():
            self._move(Event.QUESTIONS)
            self._ask(0)
            return self._next_of_questions(quiet_s)
        return self._end_of_class()

    def _next_of_questions(self, quiet_s: float) -> Line | None:
        question = self._question
        if question is None:
            return self._end_of_class()
        index = self.question or 0
        if not self._is_to_ask:
            if quiet_s < ANSWER_WITHIN_S:
                return None
            self._ask(index + 1)
            return self._line(Kind.REMARK, self._answer_of(question, self._words.nobody_answered))
        self._is_asked, self._is_to_ask = True, False
        text = question.text if self._is_introduced else f"{self._words.questions} {question.text}"
        self._is_introduced = True
        return self._line(Kind.QUESTION, text, index)

    def _end_of_class(self) -> Line | None:
        if self._taught.style.announces:
            return self._line(Kind.CLOSING, self._words.closing)
        self._move(Event.DONE)
        return None

    def _line(self, kind: Kind, text: str, index: int = 0) -> Line:
        return Line(self._new_id(), text, kind, index)

    # How it went

    def somebody_spoke(self) -> None:
        """A turn has begun, or words were typed."""
        self._was_spoken_over = True
        self._waits_s = GOES_ON_AFTER_S

    def said(self, turn_id: str, spoken: str, *, is_whole: bool, speech_s: float) -> None:
        """The tutor has said this: a line of the class or an answer."""
        line = self.line
        if line is None or line.turn_id != turn_id:
            self._waits_s = ASKED_BACK_S if spoken.endswith(("?", "？")) else GOES_ON_AFTER_S
            return
        self.line = None
        if line.kind is Kind.SENTENCE:
            self._sentence_said(line, spoken, is_whole=is_whole, speech_s=speech_s)
        elif line.kind is Kind.QUESTION:
            self._is_to_ask = self._was_spoken_over and not is_whole
        elif line.kind is Kind.OPENING:
            self._opens = False
        elif line.kind is Kind.CLOSING:
            self._move(Event.DONE)
        if not self._was_spoken_over:
            self._waits_s = self._pause_after(line, speech_s)

    def _sentence_said(self, line: Line, spoken: str, *, is_whole: bool, speech_s: float) -> None:
        if not is_whole and self._was_spoken_over:
            self._repeats = 0
            self._said.append((line.index, speech_s))
            return
        self._repeats += 1
        if not is_whole and not spoken and self._repeats < _MAX_REPEATS:
            return
        self._repeats = 0
        self._said.append((line.index, speech_s))
        self._unheard.append(line.index)
        self.sentence = line.index + 1

    def _pause_after(self, line: Line, speech_s: float) -> float:
        pause_s = self._taught.style.pause_s
        if line.kind is Kind.SENTENCE and pause_s and self.topic.ends_paragraph(line.index):
            pause_s += _PARAGRAPH_S
        return pause_s if speech_s else pause_s + len(line.text) / _READ_CHARS_PER_S

    def rewind(self, seconds: float) -> None:
        """The last `seconds` of speech before the present line were not heard: back to their sentence."""
        for index, speech_s in reversed(self._said):
            if seconds <= 0 or self.phase is not ClassPhase.TEACHING:
                return
            self._back_to = index
            self._unheard = [other for other in self._unheard if other < index]
            seconds -= speech_s

    # Answers of people

    def steers(self, text: str) -> bool:
        """Whether these words steer the class."""
        return self.is_on and action_in(text, self._words, self._tutor_name) is not None

    def steered(self, text: str, *, is_host: bool) -> str:
        """Steer the class by these words. Returns what the tutor says to them, maybe nothing."""
        action = action_in(text, self._words, self._tutor_name)
        if action is None or not self.is_on:
            return ""
        if action is ClassAction.STOP and not is_host:
            return self._words.only_host
        self.control(action)
        return {ClassAction.PAUSE: self._words.paused, ClassAction.STOP: self._words.stopped}.get(action, "")

    def control(self, action: ClassAction) -> None:
        """By a button, or by words."""
        if not self.is_on:
            return
        if action is ClassAction.STOP:
            self._move(Event.STOP)
        elif action is ClassAction.PAUSE:
            self._move(Event.PAUSE)
        else:
            was_paused = self.phase is ClassPhase.PAUSED
            self._resume()
            if action is ClassAction.AGAIN:
                self._again()
            elif not was_paused and self._is_asked:
                self._ask((self.question or 0) + 1)
            self._waits_s = 0.0
            self._show()

    def _resume(self) -> None:
        event = Event.TO_TEXT if self.question is None else Event.TO_QUESTIONS
        self.phase = next_phase(self.phase, event)

    def _again(self) -> None:
        if self.question is not None:
            self._is_to_ask = True
        elif self._said:
            last, speech_s = self._said[-1]
            is_begun = last == self.sentence and speech_s < _SAID_AGAIN_S
            self._back_to = max(0, last - 1) if is_begun else last

    def is_right(self, text: str) -> bool:
        """Whether these words answer the question that is asked."""
        question = self.asked
        return question is not None and self._judged(text, question) is Verdict.RIGHT

    def answered(self, text: str) -> str | None:
        """Return what the tutor says to an answer to its question; None: the chat engine replies to it."""
        question = self.asked
        if question is None:
            return None
        verdict = self._judged(text, question)
        index = self.question or 0
        if verdict is Verdict.ASKS:
            self._is_to_ask = True
            return None
        if verdict is Verdict.OPEN:
            self._ask(index + 1)
            return None
        if verdict is Verdict.RIGHT:
            self._ask(index + 1)
            self._praised += 1
            return self._words.praise[(self._praised - 1) % len(self._words.praise)]
        self._tries += 1
        if verdict is Verdict.OTHER and self._tries < _TRIES:
            self._is_to_ask = False  # the remark asks it again
            return self._words.try_again.format(question=question.text)
        self._ask(index + 1)
        return self._answer_of(question, self._words.answer_is)

    def _judged(self, text: str, question: Question) -> Verdict:
        return judged(text, question, self._language, self._words, phrases(self._language))

    def _answer_of(self, question: Question, text: str) -> str:
        if not question.answers:
            return self._words.on_your_own
        answer = question.answers[0]
        return text.format(answer=answer[:1].upper() + answer[1:])

    # Where it is

    @property
    def place(self) -> ClassPlace:
        """As it is shown."""
        last = max(0, len(self.topic.sentences) - 1)
        return ClassPlace(phase=self.phase, sentence=min(self.sentence, last), question=self.question)

    @property
    def facts(self) -> ClassFacts:
        """For an answer that interrupts the class."""
        end = self.sentence + 1
        said = self.topic.sentences[max(0, end - _SAID) : end]
        return ClassFacts(self.topic.title, said, self._question.text if self._question else "")

    @property
    def _question(self) -> Question | None:
        """The present one; None before the first and after the last."""
        at = self.question
        return self.topic.questions[at] if at is not None and at < len(self.topic.questions) else None

    def _ask(self, index: int) -> None:
        self.question, self._tries = index, 0
        self._is_asked, self._is_to_ask = False, True
        self._show()

    def _move(self, event: Event) -> None:
        before, self.phase = self.phase, next_phase(self.phase, event)
        if self.phase is not before:
            self._show()

    def _show(self) -> None:
        """Return the place of the class, with the sentences heard since the last call."""
        ref, heard, self._heard = self._taught.ref, self._heard[:_MOST], self._heard[_MOST:]
        self._moved(
            ClassMove(
                class_id=self._taught.class_id,
                course_id=ref.course_id,
                module_index=ref.module_index,
                sub_topic_index=ref.sub_topic_index,
                **dict(self.place),
                heard=heard,
            )
        )
