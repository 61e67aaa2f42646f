"""Handles each learner's turn, spoken or typed: it is kept, and replied to if it is for the tutor."""

from __future__ import annotations

from collections.abc import Callable

from ai_agent.audio import INPUT_HZ, Pcm, seconds
from ai_agent.dialogue.addressing import Addressing
from ai_agent.dialogue.elicitation import Target
from ai_agent.dialogue.floor import Floor
from ai_agent.dialogue.history import History
from ai_agent.dialogue.later_feedback import LaterFeedback
from ai_agent.dialogue.lesson_context import LessonContext, Purpose
from ai_agent.dialogue.notices import Notices, notices
from ai_agent.dialogue.ports import DialogueSink, Learner, new_id
from ai_agent.dialogue.reply_controller import ReplyController
from ai_agent.dialogue.said import Said, SaidTurns, new_said
from ai_agent.dialogue.timing import Timestamps
from ai_agent.dialogue.turn import Turn, TurnDetection
from ai_agent.dialogue.understanding import (
    SPOKE_S,
    Heard,
    Move,
    Understanding,
    heard_as,
    is_noise,
    without_no,
)
from ai_agent.providers.ports import ChatMessage
from ai_agent.turns.addressed import Address
from server.protocol.tutor import Confidence


class TurnHandler:
    """A `TurnListener`."""

    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        context: LessonContext,
        history: History,
        *,
        floor: Floor,
        addressing: Addressing,
        replies: ReplyController,
        said: SaidTurns,
        later: LaterFeedback,
        sink: DialogueSink,
        clock: Callable[[], float],
    ) -> None:
        self._context = context
        self._history = history
        self._floor = floor
        self._addressing = addressing
        self._replies = replies
        self._said = said
        self._later = later
        self._sink = sink
        self._clock = clock
        self._understanding = Understanding()
        self._asked_about: dict[str, Said] = {}
        """By learner: the words of the last "did you say ...?"."""
        self._told_stt_failed = False

    # A TurnListener

    def turn_began(self, turn: Turn) -> None:
        self._floor.turn_began(turn)
        if (teaching := self._context.in_class) is not None:
            teaching.somebody_spoke()

    def turn_changed(self, turn: Turn) -> None:
        self._said.show(turn.learner_id, turn.id, turn.text, turn.grade, is_final=False)

    def turn_might_end(self, turn: Turn) -> None:
        learner = self._context.people.get(turn.learner_id)
        if learner is None or not turn.text or turn.overlaps_reply:
            return
        if self._addressing.addressee(turn, self._clock(), peek=True) is Address.TUTOR:
            name = None if self._context.lesson.one_to_one else learner.name
            self._replies.start_speculative(
                learner, turn.id, ChatMessage("learner", turn.text, name, spoken=True, confidence=turn.grade)
            )

    def turn_resumed(self, turn: Turn) -> None:
        self._replies.drop_speculative(turn.id)

    def turn_left(self, turn: Turn) -> None:
        self._floor.turn_ended(turn)
        self._replies.drop_speculative(turn.id)
        self._floor.turn_dropped()

    def turn_ended(self, turn: Turn, audio: Pcm | None) -> None:
        self._floor.turn_ended(turn)
        learner = self._context.speaker(turn.learner_id)
        is_word = bool(turn.text) and not is_noise(turn.text, turn.grade, turn.voiced_s)
        if learner is not None and not self._is_here(learner):
            is_word = is_word and self._floor.takes_floor(turn, self._clock())
        if is_word and learner is not None:
            self._take(turn, learner, audio)
            return
        self._said.show(turn.learner_id, turn.id, "" if learner else turn.text, None, is_final=True)
        self._drop()
        if learner is not None and not turn.awaits_words:
            self._heard_nothing(turn, learner)

    def turn_amended(self, turn: Turn) -> None:
        learner, said = self._context.speaker(turn.learner_id), self._said.get(turn.id)
        if learner is None:
            return
        if said is not None:
            if turn.text and turn.text != said.text and said.is_heard:
                amended = self._said.amend(said, turn.text, turn.grade, is_heard=True)
                if self._is_here(learner):
                    self._answer_anew(amended)
                else:
                    self._later.check(amended)
        elif turn.text and not is_noise(turn.text, turn.grade, turn.voiced_s):
            self._take(turn, learner, None)
        else:
            self._heard_nothing(turn, learner)

    def stt_failed(self) -> None:
        self._sink.engines_changed()
        if not self._told_stt_failed:
            self._told_stt_failed = True
            self._sink.show_cannot_hear(self._notices.cannot_hear)

    # Typing, buttons, the tutor's initiative

    def typed(self, learner: Learner, text: str, turn_id: str | None = None) -> None:
        """With a `turn_id` the message has that id too, so that it is stored once whoever else gets it."""
        said = new_said(learner, turn_id or new_id(), text, message_id=turn_id)
        self._keep(said, None)
        self._answer(said, Timestamps(decided=self._clock()))

    def heard(
        self, learner: Learner, turn_id: str, text: str, confidence: Confidence | None, speech_s: float
    ) -> None:
        """A turn that was recognised as a whole."""
        said = new_said(learner, turn_id, text, speech_s=speech_s, is_heard=True, confidence=confidence)
        self._keep(said, None)
        self._answer(said, Timestamps(decided=self._clock()))

    def speak(self, text: str, turn_id: str) -> None:
        self._say(text, turn_id, Timestamps(decided=self._clock()))

    def be_silent(self) -> None:
        """Cut the present reply."""
        if self._replies.is_active:
            self._replies.interrupt()
        self._drop()

    def leave_off(self) -> None:
        """Cut the present reply for good. Corrections that were to come with it are made without it."""
        said = self._said.get(self._replies.unwritten_turn or "")
        self._replies.drop_speculative()
        self._replies.cut()
        if said is not None:
            self._later.check(said)

    def mend(self, learner_id: str, turn_id: str, text: str) -> None:
        """A learner corrects what was heard of their own turn. The last turn is answered anew."""
        said = self._said.get(turn_id)
        if said is None or said.learner.id != learner_id or text == said.text:
            return
        last = self._history.last_of(learner_id)
        amended = self._said.amend(said, text, None, is_heard=False)
        if last is not None and last.turn_id == turn_id and not self._floor.has_turn(learner_id):
            self._understanding.hears(learner_id, Heard.CLEAR)
            self._history.forget(turn_id)
            self._said.remember(amended)
            self._reply(amended, Timestamps(decided=self._clock()))

    def say_goodbye(self, *, for_others: bool) -> None:
        text = self._notices.leaves_for_others if for_others else self._notices.goodbye
        self._say(text, new_id(), Timestamps(decided=self._clock()))

    def start_reply(self, learner: Learner | None, purpose: Purpose) -> None:
        """Reply without a new turn: on the tutor's initiative, or to words that it did not answer at
        first."""
        turn_id = new_id()
        self._replies.start(learner, purpose, turn_id, Timestamps(decided=self._clock()))
        if learner is not None and purpose == "greet" and (due := self._context.exercise) is not None:
            target = Target(due.said, due.better, mistake_id=due.id)
            self._context.elicitation.exercise(learner.id, target)
        self._floor.reply_started(turn_id)

    # Words

    def _take(self, turn: Turn, learner: Learner, audio: Pcm | None) -> None:
        now = self._clock()
        address = self._addressing.addressee(turn, now)
        speech_s = (
            seconds(audio, INPUT_HZ) if audio is not None else max(0.0, turn.voice_at - turn.started_at)
        )
        said = new_said(learner, turn.id, turn.text, speech_s=speech_s, is_heard=True, confidence=turn.grade)
        self._keep(said, audio)
        timestamps = Timestamps(
            voice_end=turn.voice_at, decided=now, words_asked=turn.flush_at, words_done=turn.flushed_at
        )
        if not self._is_here(learner):
            self._take_last(said, address)
            return
        if address is Address.TUTOR or self._steers_class(said):
            self._answer(said, timestamps)
            return
        self._drop()
        self._later.add(said)
        if address is Address.ANYBODY:
            self._addressing.asked_anybody(learner.id, now)

    def _is_here(self, learner: Learner) -> bool:
        return learner.id in self._context.people

    def _take_last(self, said: Said, address: Address) -> None:
        """Words of somebody who has left: they are judged as if they were answered."""
        self._said.is_answered(said)
        if address is Address.TUTOR:
            self._later.check(said)
        else:
            self._later.add(said)

    def _keep(self, said: Said, audio: Pcm | None) -> None:
        self._addressing.learner_spoke(said.learner.id, self._clock())
        self._said.add(said, audio)

    def _answer_anew(self, said: Said) -> None:
        """If nothing was heard of the answer yet; else the next answer goes by the right words."""
        if self._replies.is_unheard(said.turn_id):
            self._reply(said, Timestamps(decided=self._clock()))

    def _answer(self, said: Said, timestamps: Timestamps) -> None:
        learner_id = said.learner.id
        if self._steered_class(said, timestamps):
            return
        move = self._understanding.hears(learner_id, self._heard_as(said))
        asked_about = self._asked_about.pop(learner_id, None)
        if asked_about is not None:
            self._history.forget(asked_about.turn_id)
        match move:
            case Move.ASK:
                self._asked_about[learner_id] = said
                words = said.text.rstrip(" .?!。？！")
                self._say(self._notices.did_you_say.format(words=words), said.turn_id, timestamps)
            case Move.SAY_AGAIN | Move.NOT_CAUGHT:
                text = self._notices.say_again if move is Move.SAY_AGAIN else self._notices.not_caught
                self._history.forget(said.turn_id)
                self._say(text, said.turn_id, timestamps)
            case Move.CONFIRM if asked_about is not None:
                self._history.forget(said.turn_id)
                sure = self._said.amend(asked_about, asked_about.text, Confidence.HIGH, is_heard=True)
                self._said.remember(sure)
                self._reply(said, timestamps)
            case Move.REPLACE:
                meant = without_no(said.text, self._notices)
                self._history.amend(said.turn_id, meant, said.confidence, is_heard=said.is_heard)
                self._reply(said, timestamps)
            case _:
                self._reply(said, timestamps)

    def _heard_as(self, said: Said) -> Heard:
        if (teaching := self._context.in_class) is not None and teaching.is_right(said.text):
            return Heard.CLEAR
        heard = heard_as(said.text, said.confidence, self._notices, self._context.phrases)
        is_unclear = heard in {Heard.DOUBTFUL, Heard.NOTHING}
        if is_unclear and self._context.needs_care(said.text, said.learner):
            return Heard.CLEAR  # never say back words of despair
        return heard

    def _heard_nothing(self, turn: Turn, learner: Learner) -> None:
        """A turn ended without words."""
        is_for_tutor = self._context.lesson.one_to_one or turn.wants_tutor
        is_speech = turn.voiced_s >= SPOKE_S and not turn.is_dropped
        has_recogniser = turn.detection is not TurnDetection.NO_STT and not self._told_stt_failed
        is_late = self._replies.is_active or self._floor.has_turn(learner.id) or not self._is_here(learner)
        if not (is_for_tutor and is_speech and has_recogniser) or is_late:
            return
        move = self._understanding.hears(learner.id, Heard.NOTHING)
        if move is Move.WAIT:
            self._addressing.learner_spoke(learner.id, self._clock())  # a silence is broken again
            return
        text = self._notices.say_again if move is Move.SAY_AGAIN else self._notices.not_caught
        self._say(text, turn.id, Timestamps(voice_end=turn.voice_at, decided=self._clock()))

    # Replies

    @property
    def _notices(self) -> Notices:
        return notices(self._context.lesson.language)

    def _say(self, text: str, turn_id: str, timestamps: Timestamps) -> None:
        self._replies.drop_speculative()
        self._replies.say(text, turn_id, timestamps)
        self._floor.reply_started(turn_id)

    # Classes

    def _steers_class(self, said: Said) -> bool:
        """Words that steer a class are for the tutor, whoever is named."""
        teaching = self._context.in_class
        return teaching is not None and teaching.steers(said.text)

    def _steered_class(self, said: Said, timestamps: Timestamps) -> bool:
        teaching = self._context.in_class
        if teaching is None:
            return False
        teaching.somebody_spoke()
        if not teaching.steers(said.text):
            return False
        self.be_silent()
        if text := teaching.steered(said.text, is_host=said.learner.is_host):
            self._say(text, said.turn_id, timestamps)
        return True

    def _is_answer(self, said: Said, timestamps: Timestamps) -> bool:
        """Whether these words answered a question of the class, and the tutor says how."""
        teaching = self._context.in_class
        if teaching is None or teaching.asked is None or self._context.needs_care(said.text, said.learner):
            return False
        text = teaching.answered(said.text)
        if text is not None:
            self._say(text, said.turn_id, timestamps)
        return text is not None

    def _reply(self, said: Said, timestamps: Timestamps) -> None:
        if self._is_answer(said, timestamps):
            return
        self._context.elicitation.asked_anew(said.learner.id, said.turn_id)
        self._replies.start(
            said.learner,
            "reply",
            said.turn_id,
            timestamps,
            learner_message_id=said.message_id,
            is_recognised=said.is_heard,
        )
        self._floor.reply_started(said.turn_id)
        self._said.is_answered(said)

    def _drop(self) -> None:
        self._replies.drop_speculative()
        self._floor.turn_dropped()
