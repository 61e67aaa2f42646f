"""What is shown and stored of replies."""

from __future__ import annotations

from collections.abc import Callable

from ai_agent.dialogue.addressing import Addressing
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.history import History
from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.ports import DialogueSink, PastMessage, new_id
from ai_agent.dialogue.reply import Reply
from ai_agent.providers.ports import ToolCall


class ReplyPublisher:
    """A `ReplyListener`. The page, the history and storage get the words that were spoken."""

    def __init__(
        self,
        context: LessonContext,
        history: History,
        *,
        sink: DialogueSink,
        feedback: LearnerFeedback,
        addressing: Addressing,
        clock: Callable[[], float],
    ) -> None:
        self._context = context
        self._history = history
        self._sink = sink
        self._feedback = feedback
        self._addressing = addressing
        self._clock = clock

    def reply_text(self, reply: Reply, delta: str) -> None:
        self._sink.show_text(reply.turn_id, delta, is_final=False)

    def reply_tool(self, reply: Reply, call: ToolCall) -> None:
        if reply.learner_id is None:
            return
        if not self._feedback.give(call, reply.learner_id, reply.turn_id, reply.learner_message_id):
            reply.feedback_was_dropped()

    def reply_ended(self, reply: Reply) -> None:
        spoken = reply.spoken_text()
        message_id = new_id() if spoken and not reply.failed else None
        self._sink.show_text(reply.turn_id, "", is_final=True, spoken=spoken, message_id=message_id)
        if message_id is not None:
            self._store(reply, message_id, spoken)
        self._sink.turn_timing(reply.turn_id, reply.times())
        if spoken:
            self._addressing.tutor_spoke(spoken, reply.learner_id, self._clock())

    def _store(self, reply: Reply, message_id: str, spoken: str) -> None:
        self._history.add(PastMessage("tutor", spoken, self._context.lesson.tutor_name, reply.learner_id))
        self._sink.keep_message(
            message_id,
            reply.turn_id,
            "tutor",
            reply.learner_id,
            spoken,
            speech_s=reply.speech_s,
            audio=reply.audio(),
            was_cut=len(spoken) < len(reply.text.strip()),
        )
