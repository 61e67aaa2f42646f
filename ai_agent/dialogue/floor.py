"""Who may speak: people before the tutor. Overlaps are judged here, silences counted, turns given away."""

from __future__ import annotations

from collections.abc import Iterable

from ai_agent.dialogue.conversation import Conversation
from ai_agent.dialogue.ports import State
from ai_agent.dialogue.reply_controller import Reply, ReplyController
from ai_agent.dialogue.speaker_input import SpeakerInput
from ai_agent.dialogue.states import Event
from ai_agent.dialogue.turn import Turn, TurnDetection
from ai_agent.turns.addressed import Scene, for_tutor
from ai_agent.turns.overlap import Overlap, Verdict, judge
from ai_agent.turns.own_words import Heard, are_the_tutors
from ai_agent.turns.phrases import plain

LONG_SILENCE_S = 25.0
"""Nobody speaks for so long: the tutor may, if the host asked it to."""
GIVE_WAY_S = 12.0
"""Sound without a word holds the floor no longer than this: it is a radio, not a person."""
ASKED_S = 15.0
"""So long after the button the next words are for the tutor."""


class Floor:
    def __init__(self, conversation: Conversation, answering: ReplyController) -> None:
        self._conversation = conversation
        self._replies = answering
        self._words_at: float | None = None
        self._sounded: tuple[float, float] | None = None
        """From when to when the last answer was heard."""
        self._silence_broken = False
        self._last_speaker: str | None = None
        self._tutor_asked = False
        self._spoken_to: str | None = None
        self._asked_at: dict[str, float] = {}
        answering.on_closed = self._answer_closed

    # Overlaps

    def began(self, turn: Turn) -> None:
        """Somebody begins to speak: an answer that is under way waits."""
        answer = self._replies.current
        if answer is not None and not turn.held:
            turn.overlaps_reply = True
            answer.reply.marks.overlap, answer.reply.marks.cut = turn.started_at, None
        self._conversation.apply(Event.SPEECH)

    def is_free(self, ears: Iterable[SpeakerInput], now: float) -> bool:
        for ear in ears:
            turn = ear.turn
            if turn is not None and (turn.text or turn.held or now - turn.started_at < GIVE_WAY_S):
                return False
        return True

    def goes_on(self, ears: Iterable[SpeakerInput], turn_id: str) -> None:
        """An answer to that turn begins: whoever else speaks has the floor before it."""
        for ear in ears:
            if ear.turn is not None and ear.turn.id != turn_id and not ear.turn.held:
                ear.turn.overlaps_reply = True

    def judge_overlaps(self, ears: Iterable[SpeakerInput], now: float) -> None:
        for ear in ears:
            turn = ear.turn
            if turn is None or not turn.overlaps_reply:
                continue
            if self._replies.current is None:
                turn.overlaps_reply = False
                continue
            verdict = self._verdict(turn, now)
            if verdict is Verdict.BARGE_IN:
                self._interrupt(turn)
            elif verdict is Verdict.FALSE_INTERRUPTION:
                self._false_alarm(ear, turn)

    def _verdict(self, turn: Turn, now: float) -> Verdict:
        overlap = Overlap(
            text=turn.text,
            # the page's words come without their sound, perhaps
            voiced_s=max(turn.voiced_s, 1.0)
            if turn.ears is TurnDetection.BROWSER and turn.text
            else turn.voiced_s,
            quiet_s=0.0 if turn.speaks else max(0.001, now - max(turn.voice_at, turn.words_at or 0.0)),
            words_complete=turn.words_complete,
            hears_words=turn.ears is not TurnDetection.NO_STT,
            is_reliable=self._recogniser_is_reliable(turn),
            confidence=turn.confidence,
        )
        return judge(overlap, self._conversation.phrases, self._replies.words())

    def _recogniser_is_reliable(self, turn: Turn) -> bool:
        stt = self._conversation.engines.stt
        return turn.ears is TurnDetection.BROWSER or (stt is not None and stt.card.is_cloud)

    def _interrupt(self, turn: Turn) -> None:
        conversation = self._conversation
        if conversation.state is State.THINKING and not conversation.lesson.one_to_one:
            # the answer to one person waits until another has spoken; then it is seen what that was
            if not turn.speaks and turn.words_complete:
                turn.overlaps_reply = False
            return
        turn.overlaps_reply = False
        turn.interrupted = True
        self._replies.cut()
        conversation.apply(Event.BARGE_IN)

    def _false_alarm(self, ear: SpeakerInput, turn: Turn) -> None:
        if self._replies.current is not None:
            marks = self._replies.current.reply.marks
            marks.false_interruptions += 1
            marks.overlap = marks.cut = None
        turn.overlaps_reply = False
        ear.end_turn(drop=True)

    def is_own_voice(self, ear: SpeakerInput, text: str, now: float) -> bool:
        """Whether words from that page are the tutor's, come back through a loudspeaker."""
        answer = self._replies.current
        since = answer.reply.marks.heard if answer is not None else None
        sounded = (since, now) if since is not None else self._sounded
        if sounded is None:
            return False
        turn = ear.turn
        heard = Heard(*sounded, ear.track_at, ear.voice_at, held=turn is not None and turn.is_by_hand)
        return are_the_tutors(plain(text), heard, self._replies.words(), now)

    # Whom a turn is for

    def is_for_tutor(self, turn: Turn, now: float, *, peek: bool = False) -> bool:
        """`peek`: it is asked before the turn has ended; what the button asked for stays asked for."""
        conversation = self._conversation
        if conversation.lesson.one_to_one:
            return True
        learner = conversation.people.get(turn.learner_id)
        asked_at = self._asked_at.get(turn.learner_id)
        if not peek:
            self._asked_at.pop(turn.learner_id, None)
        scene = Scene(
            tutor_name=conversation.lesson.tutor_name,
            others=[p.name for p in conversation.people.values() if p.id != turn.learner_id],
            people=len(conversation.people),
            last_speaker=self._relation(turn.learner_id),
            tutor_asked=self._tutor_asked,
            tutor_spoke_to=self._spoken_to in {None, turn.learner_id},
            gap_s=0.0 if self._words_at is None else max(0.0, turn.started_at - self._words_at),
            interrupts_tutor=turn.interrupted,
            wants_tutor=turn.wants_tutor
            or (asked_at is not None and now - asked_at < ASKED_S)
            or bool(learner and learner.hand_raised),
        )
        return for_tutor(turn.text, scene, conversation.phrases)

    def _relation(self, learner_id: str) -> str | None:
        if self._last_speaker in {None, "tutor"}:
            return self._last_speaker
        return "speaker" if self._last_speaker == learner_id else "other"

    def wants_tutor(self, learner_id: str, now: float) -> None:
        self._asked_at[learner_id] = now

    def learner_spoke(self, learner_id: str, now: float) -> None:
        self._last_speaker = learner_id
        self._words_at = now
        self._silence_broken = False

    def words_are_younger(self, than_s: float, now: float) -> bool:
        return self._words_at is not None and now - self._words_at < than_s

    def _answer_closed(self, answer: Reply) -> None:
        if answer.reply.marks.heard is not None:
            self._sounded = (answer.reply.marks.heard, self._conversation.clock())
        spoken = answer.reply.voice.spoken_text()
        if not spoken:
            return
        self._last_speaker = "tutor"
        self._words_at = self._conversation.clock()
        self._tutor_asked = spoken.endswith("?")
        self._spoken_to = answer.learner.id if answer.learner else None

    # Silence

    def silence_is_long(self, now: float) -> bool:
        """Once a silence."""
        if self._words_at is None:
            self._words_at = now
        lesson, state = self._conversation.lesson, self._conversation.state
        if not lesson.breaks_silence or state is not State.IDLE or self._silence_broken:
            return False
        if not self._conversation.people or now - self._words_at < LONG_SILENCE_S:
            return False
        self._silence_broken = True
        return True
