"""Shows and stores replies."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ai_agent.dialogue.addressing import Addressing
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.history import History
from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.ports import DialogueSink, PastMessage, new_id
from ai_agent.dialogue.reply import Reply
from ai_agent.dialogue.word_notes import WordNotes
from ai_agent.providers.ports import ToolCall
from ai_agent.tutor.pace_tool import CHANGE_PACE
from ai_agent.tutor.speakable import DroppedCall
from server.protocol.agents import MAX_SPEECH_S, MessagePart
from server.protocol.base import long_text
from server.protocol.tutor import Helpline, TutorTextPart

_log = logging.getLogger(__name__)


class ReplyPublisher:
    """A `ReplyListener`. The page, the history and storage get the words that were spoken."""

    def __init__(
        self,
        context: LessonContext,
        history: History,
        *,
        sink: DialogueSink,
        feedback: LearnerFeedback,
        words: WordNotes,
        addressing: Addressing,
        clock: Callable[[], float],
    ) -> None:
        self._context = context
        self._history = history
        self._sink = sink
        self._feedback = feedback
        self._words = words
        self._addressing = addressing
        self._clock = clock

    def reply_text(self, reply: Reply, delta: str) -> None:
        part = TutorTextPart(
            turn_id=reply.turn_id, text=long_text(delta), is_final=False, helplines=_helplines(reply)
        )
        self._sink.show_text(part)

    def reply_waits(self, _: Reply, text: str) -> None:
        """A line of its own on the page, which is not stored."""
        turn_id = new_id()
        for part, is_final in ((text, False), ("", True)):
            self._sink.show_text(TutorTextPart(turn_id=turn_id, text=part, is_final=is_final))

    def reply_tool(self, reply: Reply, call: ToolCall | DroppedCall) -> None:
        if reply.learner_id is None:
            return
        if isinstance(call, DroppedCall):
            _log.info("feedback dropped: not readable")
            reply.feedback_was_dropped()
        elif call.name == CHANGE_PACE.name:
            self._context.change_pace(call)
        elif not self._feedback.give(call, reply.learner_id, reply.turn_id, reply.learner_message_id):
            reply.feedback_was_dropped()

    def speaking_rate(self) -> float:
        return self._context.lesson.rate

    def reply_ended(self, reply: Reply) -> None:
        spoken = reply.spoken_text()
        message_id = new_id() if spoken and not reply.failed else None
        last = TutorTextPart(
            turn_id=reply.turn_id,
            text="",
            is_final=True,
            spoken=long_text(spoken),
            message_id=message_id,
            helplines=_helplines(reply),
        )
        self._sink.show_text(last)
        if message_id is not None:
            self._store(reply, message_id, spoken)
        self._sink.turn_timing(reply.turn_id, reply.times())
        if spoken and reply.learner_id is not None:
            self._feedback.tutor_said(reply.learner_id, reply.turn_id, spoken)
            self._words.tutor_said(reply.learner_id, spoken)
        if spoken:
            self._addressing.tutor_spoke(spoken, reply.learner_id, self._clock())
        if reply.care is not None:
            self._addressing.wait_for_learner()
        if (teaching := self._context.in_class) is not None:
            is_whole = spoken == reply.text.strip()
            teaching.said(reply.turn_id, spoken, is_whole=is_whole, speech_s=reply.speech_s)

    def _store(self, reply: Reply, message_id: str, spoken: str) -> None:
        name = self._context.lesson.tutor_name
        self._history.add(PastMessage("tutor", spoken, name, reply.learner_id, turn_id=reply.turn_id))
        message = MessagePart(
            id=message_id,
            turn_id=reply.turn_id,
            role="tutor",
            participant_id=reply.learner_id,
            text=long_text(spoken),
            speech_s=min(MAX_SPEECH_S, reply.speech_s),
            was_cut=len(spoken) < len(reply.text.strip()),
        )
        self._sink.keep_message(message, reply.audio())
        if reply.passages:
            self._sink.cite_passages(message_id, reply.passages)


def _helplines(reply: Reply) -> list[Helpline] | None:
    if reply.care is None or not reply.care.lines:
        return None
    return [Helpline(name=line.name, phone=line.phone, url=line.source) for line in reply.care.lines]
