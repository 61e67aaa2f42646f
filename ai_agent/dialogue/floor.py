"""The floor: people before the tutor. Open turns, overlaps with a reply, and the state that follows."""

from __future__ import annotations

from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.reply_controller import ReplyController
from ai_agent.dialogue.states import Event, StateTracker
from ai_agent.dialogue.turn import Turn, TurnDetection
from ai_agent.providers.ports import Stt
from ai_agent.turns.browser_echo import Evidence, is_tutor_echo
from ai_agent.turns.overlap import Overlap, Verdict, classify
from ai_agent.turns.phrases import plain
from server.protocol.tutor import TutorState

GIVE_WAY_S = 12.0
"""Longest time that sound without words holds the floor: after it, it is a radio and not a person."""
MIN_BROWSER_VOICED_S = 1.0
"""Speech assumed behind a browser's words, whose sound the server may not get."""


class Floor:
    """`stt`: what recognises the turns; its reliability decides how far its words are believed."""

    def __init__(
        self,
        context: LessonContext,
        *,
        replies: ReplyController,
        states: StateTracker,
        stt: Stt | None,
    ) -> None:
        self._context = context
        self._turns: dict[str, Turn] = {}
        self._replies = replies
        self._states = states
        self._stt = stt

    def is_free(self, now: float) -> bool:
        """Whether no learner speaks for whom the tutor has to wait."""
        return not any(
            turn.text or turn.is_held or now - turn.started_at < GIVE_WAY_S for turn in self._turns.values()
        )

    def has_turn(self, learner_id: str) -> bool:
        """Whether that learner is in mid-turn."""
        return learner_id in self._turns

    def turn_began(self, turn: Turn) -> None:
        """A reply in progress waits."""
        self._turns[turn.learner_id] = turn
        if self._replies.is_active and not turn.is_held:
            turn.overlaps_reply = True
            self._replies.overlap_began(turn.started_at)
        self._states.apply(Event.SPEECH)

    def key_held(self, now: float) -> None:
        """Held speech takes the floor at once."""
        if self._replies.is_active:
            self._replies.overlap_began(now)
            self._replies.interrupt()

    def reply_started(self, turn_id: str) -> None:
        """Everybody else who speaks has the floor before the reply to that turn."""
        for turn in self._turns.values():
            if turn.id != turn_id and not turn.is_held:
                turn.overlaps_reply = True

    def turn_ended(self, turn: Turn) -> None:
        """Or its speaker has left, who may be back with another turn by the time it ends."""
        if self._turns.get(turn.learner_id) is turn:
            del self._turns[turn.learner_id]

    def turn_dropped(self) -> None:
        """After `turn_ended`: it had no words, or was not for the tutor. Its words may have come late, when
        nobody has the floor any more.
        """
        if self._states.state is not TutorState.IDLE:
            self._states.apply(Event.NOTHING)
        self.settle()

    def settle(self) -> None:
        """The state follows who speaks: others may be in mid-turn, or have left in mid-turn."""
        state = self._states.state
        if state is TutorState.IDLE and self._turns:
            self._states.apply(Event.SPEECH)
        elif state is TutorState.LISTENING and not self._turns:
            self._states.apply(Event.NOTHING)
        elif state is TutorState.INTERRUPTED and not any(
            turn.overlaps_reply for turn in self._turns.values()
        ):
            self._states.apply(Event.FALSE_INTERRUPTION)

    # Overlaps

    def resolve_overlap(self, turn: Turn, now: float) -> bool:
        """Decide whether the turn interrupts the reply, if that can be known by now. True: it does not, it
        was a false interruption, and the caller drops the turn.
        """
        if not turn.overlaps_reply:
            return False
        if not self._replies.is_active:
            turn.overlaps_reply = False
            return False
        verdict = self._verdict(turn, now)
        if verdict is Verdict.BARGE_IN:
            self._barge_in(turn)
        elif verdict is Verdict.FALSE_INTERRUPTION:
            self._replies.overlap_was_false()
            turn.overlaps_reply = False
            return True
        return False

    def takes_floor(self, turn: Turn, now: float) -> bool:
        """Whether a turn that will not go on says more than a backchannel or an echo."""
        return not turn.overlaps_reply or self._verdict(turn, now) is Verdict.BARGE_IN

    def _verdict(self, turn: Turn, now: float) -> Verdict:
        is_browser = turn.detection is TurnDetection.BROWSER
        quiet_s = max(0.001, now - max(turn.voice_at, turn.words_at or 0.0))
        overlap = Overlap(
            text=turn.text,
            voiced_s=max(turn.voiced_s, MIN_BROWSER_VOICED_S) if is_browser and turn.text else turn.voiced_s,
            quiet_s=0.0 if turn.is_speaking else quiet_s,
            words_complete=turn.words_complete,
            hears_words=turn.detection is not TurnDetection.NO_STT,
            is_reliable=is_browser or (self._stt is not None and not self._stt.card.hears_noise),
            confidence=1.0 if turn.confidence is None else turn.confidence,
        )
        return classify(overlap, self._context.phrases, self._replies.recent_words())

    def _barge_in(self, turn: Turn) -> None:
        if self._states.state is TutorState.THINKING and not self._context.lesson.one_to_one:
            # in a group the reply to one person waits until another has spoken, then that turn is judged
            if not turn.is_speaking and turn.words_complete:
                turn.overlaps_reply = False
            return
        turn.overlaps_reply = False
        turn.interrupted = True
        self._replies.interrupt()

    def is_tutor_echo(
        self, text: str, now: float, *, track_at: float, voice_at: float, is_push_to_talk: bool
    ) -> bool:
        """Whether words of a browser's recognition are the tutor's, come back through a loudspeaker.

        `track_at`, `voice_at`: when anything, and when speech that is no echo, was last heard of the learner.
        """
        span = self._replies.heard_span(now)
        if span is None:
            return False
        evidence = Evidence(*span, track_at, voice_at, held=is_push_to_talk)
        return is_tutor_echo(plain(text), evidence, self._replies.recent_words(), now)
