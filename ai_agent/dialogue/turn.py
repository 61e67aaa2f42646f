"""One learner's turn: its words so far, and when it ends. Pure; times in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from ai_agent.turns.endpointing import BROWSER_FACTOR, pause_that_ends
from ai_agent.turns.phrases import Phrases

FLUSH_AFTER_S = 0.25
"""So long into a pause the recogniser is asked for its last words: they are to be there at the end."""
RELEASE_TAIL_S = 0.2
"""Held speech is let go of faster than its last sound arrives."""
FINAL_WAIT_S = 2.5
"""For the recogniser's last words, at most."""
BROWSER_TAIL_S = 0.8
"""A page whose recognition was just stopped may have words left, even after a final."""
ENGINE_WAIT_S = 2.0
"""An engine that decides the ends of turns itself is overruled after so much silence more."""
LONGEST_S = 120.0
MAX_TEXT = 4_000


class Step(Enum):
    NONE = "none"
    FLUSH = "flush"
    END = "end"


class TurnDetection(Enum):
    """Where the words of a turn come from, and with them the end of it."""

    VAD = "vad"  # a recogniser; silence ends the turn
    STT = "stt"  # a recogniser that tells where turns end
    BROWSER = "browser"  # the page sends words
    NO_STT = "no_stt"  # nothing hears this language


@dataclass(slots=True)
class Turn:
    """`voice_at`: when the last of its speech was heard. `overlaps_reply`: it began while the tutor had the
    floor, and it is not known yet whether it takes it. `interrupted`: it took it. `wants_tutor`: its speaker
    said so.
    """

    id: str
    learner_id: str
    started_at: float
    ears: TurnDetection
    voice_at: float = 0.0
    speaks: bool = False
    held: bool = False
    released_at: float | None = None
    finals: list[str] = field(default_factory=list)
    partial: str = ""
    confidence: float = 1.0
    voiced_s: float = 0.0
    words_at: float | None = None
    flush_at: float | None = None
    flushed_at: float | None = None
    ended_by_engine: bool = False
    overlaps_reply: bool = False
    interrupted: bool = False
    wants_tutor: bool = False

    @property
    def text(self) -> str:
        return " ".join(part for part in (*self.finals, self.partial) if part).strip()[:MAX_TEXT]

    @property
    def is_by_hand(self) -> bool:
        """Held, or just let go of: the hand that holds it ends it, and no pause."""
        return self.held or self.released_at is not None

    @property
    def is_flushing(self) -> bool:
        return self.flush_at is not None and self.flushed_at is None

    @property
    def words_complete(self) -> bool:
        return self.flushed_at is not None or self.ears is TurnDetection.NO_STT

    def speech(self, at: float) -> None:
        """Speech begins, or begins again after a pause."""
        self.speaks = True
        self.voice_at = max(self.voice_at, at)
        if not self.is_flushing:
            self.flush_at = self.flushed_at = None

    def hold(self) -> None:
        """Again, perhaps: the words that were asked for at the last release are not the last."""
        self.held, self.released_at = True, None
        self.flush_at = self.flushed_at = None

    def understood(self, partial: str) -> None:
        """More words, of which not all are known yet."""
        self.partial = partial or self.partial
        if partial and self.flush_at is None:
            self.flushed_at, self.ended_by_engine = None, False

    def engine_ended(self, text: str, now: float) -> None:
        """A recogniser that tells turns has heard the end of one. Within held speech that is a sentence."""
        self.finals.append(text)
        self.partial = ""
        if not self.is_by_hand:
            self.flushed_at = now
            self.ended_by_engine = True
        elif self.is_flushing or not self.speaks:
            self.flushed_at = now

    def all_told(self, now: float) -> None:
        """What was asked for has come: in finals, or in the end of a turn of an engine that tells those.
        Words of what was said since are asked for at the next pause.
        """
        if self.flush_at is not None and self.is_flushing:
            goes_on = self.voice_at > self.flush_at and not self.is_by_hand
            self.flush_at, self.flushed_at = (None, None) if goes_on else (self.flush_at, now)
        if self.ears is not TurnDetection.STT:
            self.partial = ""

    def pause(self, voice_at: float) -> None:
        self.speaks = False
        self.voice_at = voice_at

    def step(self, now: float, level: str, phrases: Phrases) -> Step:
        """What is due. FLUSH is given once a pause; whoever acts on it sets `flush_at`."""
        if now - self.started_at > LONGEST_S:
            return Step.END
        if self.held or (self.speaks and self.released_at is None):
            return Step.NONE
        if self.released_at is not None:
            return self._step_released(now)
        if self.ended_by_engine:
            return Step.END
        return self._step_pause(now, pause_that_ends(level, self.text, phrases))

    def _step_released(self, now: float) -> Step:
        if now - (self.released_at or now) < RELEASE_TAIL_S:
            return Step.NONE
        if self.ears is TurnDetection.BROWSER:
            return Step.NONE if self._awaits_the_page(now) else Step.END
        if self.flush_at is None and not self.words_complete:
            return Step.FLUSH
        return Step.NONE if self._awaits_words(now) else Step.END

    def _step_pause(self, now: float, limit: float) -> Step:
        if self.ears is TurnDetection.STT:
            return self._after(now, limit + ENGINE_WAIT_S)
        if self.ears is TurnDetection.BROWSER:
            return self._after(now, limit * BROWSER_FACTOR)
        return self._step_silence(now, limit)

    def _step_silence(self, now: float, limit: float) -> Step:
        quiet = now - self.voice_at
        if self.ears is TurnDetection.VAD and self.flush_at is None and quiet >= min(FLUSH_AFTER_S, limit):
            return Step.FLUSH
        if quiet < limit or self._awaits_words(now):
            return Step.NONE
        return Step.END

    def _after(self, now: float, limit: float) -> Step:
        return Step.END if now - max(self.voice_at, self.words_at or 0.0) >= limit else Step.NONE

    def _awaits_words(self, now: float) -> bool:
        return self.is_flushing and now - (self.flush_at or now) < FINAL_WAIT_S

    def _awaits_the_page(self, now: float) -> bool:
        """Browsers give the final some time after they were stopped; later it would be a turn of its own."""
        released_at = self.released_at or now
        if self.flushed_at is not None and self.flushed_at >= released_at:
            return False
        has_all = bool(self.finals) and not self.partial
        return now - released_at < (BROWSER_TAIL_S if has_all else FINAL_WAIT_S)
