"""One learner's turn: its words so far, and when it ends. Pure; times are seconds.

A turn is in two states at once, each with its own table. `SpeechState` follows voice activity and the
push-to-talk key, `WordsState` follows what the recogniser still owes. `Turn.due` derives from both what is to
be done now. A turn has no end state: the caller drops it on `Action.END`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ai_agent.providers.ports import USUAL_SCALE, ConfidenceScale
from ai_agent.turns.endpointing import BROWSER_FACTOR, endpointing_delay
from ai_agent.turns.phrases import Phrases, plain
from server.common.state_machine import look_up
from server.protocol.tutor import Confidence

FLUSH_AFTER_S = 0.25
"""After this much of a pause the recogniser is asked for its last words, so that they are there when the turn
ends."""
OVERLAP_FLUSH_AFTER_S = 0.1
"""The same while the turn overlaps a reply: the paused reply waits for the words."""
RELEASE_TAIL_S = 0.2
"""The last sound of held speech arrives this much later than the key's release."""
FINAL_WAIT_S = 2.5
"""Longest wait for the recogniser's last words."""
BROWSER_TAIL_S = 0.8
"""A browser whose recognition was just stopped may send more words, even after a final."""
ENGINE_WAIT_S = 2.0
"""An STT engine that detects ends of turns is overruled after this much silence beyond our own delay."""
LONGEST_S = 120.0
MAX_TEXT = 4_000
_SAME_WORDS = 3
"""Words that begin like a partial with this many are a later version of it."""


class TurnDetection(StrEnum):
    """The source of the words of a turn, which also decides its end."""

    VAD = "vad"
    """The recogniser transcribes, silence ends the turn."""
    STT = "stt"
    """The recogniser also detects ends of turns."""
    BROWSER = "browser"
    """The page sends the words of the browser's recognition."""
    NO_STT = "no_stt"
    """No engine transcribes this language."""


class SpeechState(StrEnum):
    SPEAKING = "speaking"
    PAUSED = "paused"
    HELD_SPEAKING = "held_speaking"
    HELD_PAUSED = "held_paused"
    RELEASED_SPEAKING = "released_speaking"
    RELEASED_PAUSED = "released_paused"


class SpeechEvent(StrEnum):
    SPEECH = "speech"  # the VAD detects speech
    PAUSE = "pause"  # the VAD detects its end
    HOLD = "hold"  # the push-to-talk key goes down
    RELEASE = "release"


class WordsState(StrEnum):
    OPEN = "open"
    """More words may come, nothing was asked for."""
    FLUSHING = "flushing"
    """The recogniser was asked for its last words."""
    FLUSHED = "flushed"
    """It has given them."""
    FINAL = "final"
    """The words are final without having been asked for."""
    ENDED = "ended"
    """The STT engine has detected the end of the turn."""
    SPEECH_AFTER_END = "speech_after_end"
    """Speech after that, of which there are no words yet."""


class WordsEvent(StrEnum):
    SPEECH = "speech"  # speech begins, or begins again after a pause
    HOLD = "hold"  # the key goes down, perhaps again: the last words asked for are not the last
    PARTIAL = "partial"  # words that may still change
    BROWSER_FINAL = "browser_final"  # a final of the browser's recognition
    FLUSH = "flush"  # the recogniser is asked for its last words
    FLUSHED = "flushed"  # it has given them, or will not give any
    FLUSHED_TOO_SOON = "flushed_too_soon"  # it has, but the learner has spoken since it was asked
    END_OF_TURN = "end_of_turn"  # the STT engine detects the end of the turn
    END_OF_SENTENCE = "end_of_sentence"  # it does in a pause of held speech, where it ends a sentence only


class Action(StrEnum):
    NONE = "none"
    FLUSH = "flush"
    END = "end"


_S, _P = SpeechState.SPEAKING, SpeechState.PAUSED
_HS, _HP = SpeechState.HELD_SPEAKING, SpeechState.HELD_PAUSED
_RS, _RP = SpeechState.RELEASED_SPEAKING, SpeechState.RELEASED_PAUSED

SPEECH_TABLE: Mapping[tuple[SpeechState, SpeechEvent], SpeechState] = {
    (_P, SpeechEvent.SPEECH): _S,
    (_HP, SpeechEvent.SPEECH): _HS,
    (_RP, SpeechEvent.SPEECH): _RS,
    (_S, SpeechEvent.PAUSE): _P,
    (_HS, SpeechEvent.PAUSE): _HP,
    (_RS, SpeechEvent.PAUSE): _RP,
    # of speech that began in the turn before
    (_P, SpeechEvent.PAUSE): _P,
    (_HP, SpeechEvent.PAUSE): _HP,
    (_RP, SpeechEvent.PAUSE): _RP,
    (_S, SpeechEvent.HOLD): _HS,
    (_P, SpeechEvent.HOLD): _HP,
    (_RS, SpeechEvent.HOLD): _HS,
    (_RP, SpeechEvent.HOLD): _HP,
    (_HS, SpeechEvent.RELEASE): _RS,
    (_HP, SpeechEvent.RELEASE): _RP,
    # a client may repeat itself, or release a key that was held in the turn before
    (_HS, SpeechEvent.HOLD): _HS,
    (_HP, SpeechEvent.HOLD): _HP,
    (_S, SpeechEvent.RELEASE): _S,
    (_P, SpeechEvent.RELEASE): _P,
    (_RS, SpeechEvent.RELEASE): _RS,
    (_RP, SpeechEvent.RELEASE): _RP,
}

_OPEN, _FLUSHING, _FLUSHED = WordsState.OPEN, WordsState.FLUSHING, WordsState.FLUSHED
_FINAL, _ENDED, _AFTER_END = WordsState.FINAL, WordsState.ENDED, WordsState.SPEECH_AFTER_END

WORDS_TABLE: Mapping[tuple[WordsState, WordsEvent], WordsState] = {
    (_OPEN, WordsEvent.SPEECH): _OPEN,
    (_FLUSHING, WordsEvent.SPEECH): _FLUSHING,
    (_FLUSHED, WordsEvent.SPEECH): _OPEN,
    (_FINAL, WordsEvent.SPEECH): _OPEN,
    (_ENDED, WordsEvent.SPEECH): _AFTER_END,
    (_AFTER_END, WordsEvent.SPEECH): _AFTER_END,
    (_OPEN, WordsEvent.HOLD): _OPEN,
    (_FLUSHING, WordsEvent.HOLD): _OPEN,
    (_FLUSHED, WordsEvent.HOLD): _OPEN,
    (_FINAL, WordsEvent.HOLD): _OPEN,
    (_ENDED, WordsEvent.HOLD): _OPEN,
    (_AFTER_END, WordsEvent.HOLD): _OPEN,
    (_OPEN, WordsEvent.PARTIAL): _OPEN,
    (_FLUSHING, WordsEvent.PARTIAL): _FLUSHING,
    (_FLUSHED, WordsEvent.PARTIAL): _FLUSHED,
    (_FINAL, WordsEvent.PARTIAL): _OPEN,
    (_ENDED, WordsEvent.PARTIAL): _OPEN,
    (_AFTER_END, WordsEvent.PARTIAL): _OPEN,
    (_OPEN, WordsEvent.BROWSER_FINAL): _FINAL,
    (_FINAL, WordsEvent.BROWSER_FINAL): _FINAL,
    (_OPEN, WordsEvent.FLUSH): _FLUSHING,
    (_FINAL, WordsEvent.FLUSH): _FLUSHING,
    (_FLUSHING, WordsEvent.FLUSHED): _FLUSHED,
    # late: the answer to a flush of the turn before, or to one that a held key has made void
    (_OPEN, WordsEvent.FLUSHED): _OPEN,
    (_FLUSHED, WordsEvent.FLUSHED): _FLUSHED,
    (_FINAL, WordsEvent.FLUSHED): _FINAL,
    (_ENDED, WordsEvent.FLUSHED): _ENDED,
    (_AFTER_END, WordsEvent.FLUSHED): _AFTER_END,
    (_FLUSHING, WordsEvent.FLUSHED_TOO_SOON): _OPEN,
    (_OPEN, WordsEvent.END_OF_TURN): _ENDED,
    (_FLUSHING, WordsEvent.END_OF_TURN): _ENDED,
    (_FLUSHED, WordsEvent.END_OF_TURN): _ENDED,
    (_FINAL, WordsEvent.END_OF_TURN): _ENDED,
    (_ENDED, WordsEvent.END_OF_TURN): _ENDED,
    (_AFTER_END, WordsEvent.END_OF_TURN): _ENDED,
    (_OPEN, WordsEvent.END_OF_SENTENCE): _FINAL,
    (_FLUSHING, WordsEvent.END_OF_SENTENCE): _FLUSHED,
    (_FLUSHED, WordsEvent.END_OF_SENTENCE): _FLUSHED,
    (_FINAL, WordsEvent.END_OF_SENTENCE): _FINAL,
}


def joined_finals(finals: Sequence[str], text: str) -> list[str]:
    """Chrome on Android marks each longer version of a sentence as final: "I", "I went", "I went home". A
    final that begins with the words of those before it replaces them.
    """
    words = plain(text).split()
    for kept in range(len(finals)):
        before = plain(" ".join(finals[kept:])).split()
        if before and words[: len(before)] == before:
            return [*finals[:kept], text]
    return [*finals, text]


_IS_SPEAKING = frozenset({_S, _HS, _RS})
_IS_HELD = frozenset({_HS, _HP})
_IS_RELEASED = frozenset({_RS, _RP})
_IS_COMPLETE = frozenset({_FLUSHED, _FINAL, _ENDED})
_IS_ENDED_BY_ENGINE = frozenset({_ENDED, _AFTER_END})


@dataclass(slots=True)
class Turn:
    """`voice_at`: when its speech was last heard, `voiced_s`: how much of it the VAD has counted.
    `grades`: the number of words and the confidence of each final. `flush_at`, `flushed_at`: when the last
    words were asked for and complete. `finished`: the probability that it sounds finished in its present
    pause, None if not judged. `overlaps_reply`: it began while a reply was being given, and it is not
    yet known whether it takes the floor. `interrupted`: it took it. `wants_tutor`: its speaker asked the
    tutor to answer it. `is_dropped`: whatever words there are do not count. `awaits_words`: it has ended, and
    the recogniser still owes words of it.
    """

    id: str
    learner_id: str
    started_at: float
    detection: TurnDetection
    voice_at: float = 0.0
    voiced_s: float = 0.0
    speech: SpeechState = SpeechState.PAUSED
    words: WordsState = WordsState.OPEN
    finals: list[str] = field(default_factory=list)
    partial: str = ""
    grades: list[tuple[int, float]] = field(default_factory=list)
    scale: ConfidenceScale = USUAL_SCALE
    words_at: float | None = None
    released_at: float | None = None
    flush_at: float | None = None
    flushed_at: float | None = None
    finished: float | None = None
    overlaps_reply: bool = False
    interrupted: bool = False
    wants_tutor: bool = False
    is_dropped: bool = False
    awaits_words: bool = False

    @property
    def text(self) -> str:
        parts = joined_finals(self.finals, self.partial) if self.partial else self.finals
        return " ".join(part for part in parts if part).strip()[:MAX_TEXT]

    @property
    def confidence(self) -> float | None:
        """Mean over the words of its finals, 0 to 1; None if the recogniser gives none."""
        words = sum(count for count, _ in self.grades)
        return sum(count * confidence for count, confidence in self.grades) / words if words else None

    @property
    def grade(self) -> Confidence | None:
        confidence = self.confidence
        return None if confidence is None else self.scale.grade(confidence)

    @property
    def is_speaking(self) -> bool:
        return self.speech in _IS_SPEAKING

    @property
    def is_held(self) -> bool:
        return self.speech in _IS_HELD

    @property
    def is_push_to_talk(self) -> bool:
        """Held, or just released: the key ends the turn, and no pause does."""
        return self.is_held or self.speech in _IS_RELEASED

    @property
    def is_flushing(self) -> bool:
        return self.words is WordsState.FLUSHING

    @property
    def words_complete(self) -> bool:
        return self.words in _IS_COMPLETE or self.detection is TurnDetection.NO_STT

    # Voice activity and the key

    def speech_started(self, voice_at: float) -> None:
        self._speech_event(SpeechEvent.SPEECH)
        self.voice_at = max(self.voice_at, voice_at)
        self.finished = None
        self._words_event(WordsEvent.SPEECH)

    def voiced(self, voice_at: float, voiced_s: float) -> None:
        """Speech continues."""
        self.voice_at = voice_at
        self.voiced_s = max(self.voiced_s, voiced_s)

    def speech_paused(self, voice_at: float) -> None:
        self._speech_event(SpeechEvent.PAUSE)
        self.voice_at = voice_at

    def hold(self) -> None:
        """Held speech is for the tutor and has the floor at once."""
        self._speech_event(SpeechEvent.HOLD)
        self._words_event(WordsEvent.HOLD)
        self.released_at = None
        self.wants_tutor, self.overlaps_reply = True, False

    def release(self, now: float) -> None:
        if self.is_held:
            self.released_at = now
        self._speech_event(SpeechEvent.RELEASE)

    # Words

    def add_partial(self, text: str) -> None:
        """The recogniser's words so far, which may still change."""
        if text:
            self.partial = text
            self._words_event(WordsEvent.PARTIAL)

    def add_eager(self, text: str) -> None:
        """All words, if the turn ends here, as the engine expects."""
        self.partial = text

    def add_final(
        self, text: str, confidence: float | None = None, scale: ConfidenceScale = USUAL_SCALE
    ) -> None:
        self.finals.append(text)
        self.partial = ""
        if confidence is not None:
            self.grades.append((len(text.split()), confidence))
            self.scale = scale

    def add_browser_words(self, text: str, *, is_final: bool, now: float) -> None:
        self.words_at = now
        if is_final:
            self.finals = joined_finals(self.finals, text)
            self.partial = ""
            self._words_event(WordsEvent.BROWSER_FINAL)
            self.flushed_at = now
        else:
            self.partial = text
            self._words_event(WordsEvent.PARTIAL)

    def add_end_of_turn(self, text: str, now: float, confidence: float | None = None) -> None:
        """The STT engine has detected the end of a turn. In held speech that is a sentence."""
        self.add_final(text, confidence)
        if not self.is_push_to_talk:
            self._words_event(WordsEvent.END_OF_TURN)
            self.flushed_at = now
        elif self.is_flushing or not self.is_speaking:
            self._words_event(WordsEvent.END_OF_SENTENCE)
            self.flushed_at = now

    def drop_words(self) -> None:
        self.finals, self.partial, self.grades = [], "", []
        self.is_dropped = True

    # After its end

    def add_late(
        self, text: str, confidence: float | None = None, scale: ConfidenceScale = USUAL_SCALE
    ) -> None:
        """A final that comes after the end. It says finally what the last partial guessed. The turn keeps
        words that it has already.
        """
        words = plain(text)
        if not words:
            return
        self.partial = ""
        if not f" {plain(self.text)}".endswith(f" {words}"):
            joined = joined_finals(self.finals, text)
            if len(joined) <= len(self.finals):
                self.grades = []
            self.finals = joined
            if confidence is not None:
                self.grades.append((len(text.split()), confidence))
                self.scale = scale

    def continues(self, text: str) -> bool:
        """Whether a browser's words restate the last ones of this turn: it gives no id of the utterance."""
        words = plain(text).split()
        if self.partial:
            known = plain(self.partial).split()[:_SAME_WORDS]
            return bool(known) and words[: len(known)] == known
        known = plain(self.finals[-1]).split() if self.finals else []
        return bool(known) and words[: len(known)] == known

    def flush(self, now: float) -> None:
        """The recogniser is asked for its last words."""
        self._words_event(WordsEvent.FLUSH)
        self.flush_at, self.flushed_at = now, None

    def flush_done(self, now: float) -> None:
        """The recogniser has given what it was asked for. Words of what was said since then are asked for at
        the next pause.
        """
        if self.flush_at is not None and self.is_flushing:
            spoke_on = self.voice_at > self.flush_at and not self.is_push_to_talk
            self._words_event(WordsEvent.FLUSHED_TOO_SOON if spoke_on else WordsEvent.FLUSHED)
            if not spoke_on:
                self.flushed_at = now
        else:
            self._words_event(WordsEvent.FLUSHED)
        if self.detection is not TurnDetection.STT:
            self.partial = ""

    def flush_failed(self, now: float) -> None:
        """The words that were asked for will not come."""
        if self.is_flushing:
            self.flushed_at = now
        self._words_event(WordsEvent.FLUSHED)

    # Endpointing

    def due(self, now: float, level: str, phrases: Phrases, patience: float = 1.0) -> Action:
        """Action.FLUSH once a pause: the caller calls `flush` on it. `patience`: the learner's own factor."""
        if now - self.started_at > LONGEST_S:
            return Action.END
        if self.overlaps_reply:
            return self._due_in_overlap(now)
        if self.speech in _IS_RELEASED:
            return self._due_after_release(now)
        if self.is_held or self.is_speaking:
            return Action.NONE
        if self.words in _IS_ENDED_BY_ENGINE:
            return Action.END
        delay = endpointing_delay(level, self.text, phrases, finished=self.finished, patience=patience)
        return self._due_in_pause(now, delay)

    def _due_in_overlap(self, now: float) -> Action:
        """Whether the turn takes the floor decides first (`floor.py`); until then it does not end."""
        is_pause = not self.is_speaking and now - self.voice_at >= OVERLAP_FLUSH_AFTER_S
        if is_pause and self.detection is TurnDetection.VAD and self._may_flush:
            return Action.FLUSH
        return Action.NONE

    def _due_after_release(self, now: float) -> Action:
        if now - (self.released_at or now) < RELEASE_TAIL_S:
            return Action.NONE
        if self.detection is TurnDetection.BROWSER:
            return Action.NONE if self._awaits_browser(now) else Action.END
        if self.words is WordsState.OPEN and not self.words_complete:
            return Action.FLUSH
        return Action.NONE if self._awaits_flush(now) else Action.END

    def _due_in_pause(self, now: float, delay: float) -> Action:
        if self.detection is TurnDetection.STT:
            return self._end_after(now, delay + ENGINE_WAIT_S)
        if self.detection is TurnDetection.BROWSER:
            return self._end_after(now, delay * BROWSER_FACTOR)
        silence = now - self.voice_at
        if self.detection is TurnDetection.VAD and self._may_flush and silence >= min(FLUSH_AFTER_S, delay):
            return Action.FLUSH
        return Action.NONE if silence < delay or self._awaits_flush(now) else Action.END

    def _end_after(self, now: float, delay: float) -> Action:
        last = max(self.voice_at, self.words_at or 0.0)
        return Action.END if now - last >= delay else Action.NONE

    @property
    def _may_flush(self) -> bool:
        return (self.words, WordsEvent.FLUSH) in WORDS_TABLE

    def _awaits_flush(self, now: float) -> bool:
        return self.is_flushing and now - (self.flush_at or now) < FINAL_WAIT_S

    def _awaits_browser(self, now: float) -> bool:
        """Browsers give the final some time after they were stopped; later it would be a turn of its own."""
        released_at = self.released_at or now
        if self.flushed_at is not None and self.flushed_at >= released_at:
            return False
        has_all = bool(self.finals) and not self.partial
        return now - released_at < (BROWSER_TAIL_S if has_all else FINAL_WAIT_S)

    def _speech_event(self, event: SpeechEvent) -> None:
        self.speech = look_up(SPEECH_TABLE, self.speech, event)

    def _words_event(self, event: WordsEvent) -> None:
        self.words = look_up(WORDS_TABLE, self.words, event)
        if self.words in {_OPEN, _AFTER_END}:
            self.flush_at = self.flushed_at = None
