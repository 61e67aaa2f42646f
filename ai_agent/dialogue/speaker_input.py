"""One learner's ear: gate → echo guard → VAD → recogniser, and the turn that comes of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_FRAME, INPUT_HZ, Pcm
from ai_agent.dialogue.ports import Learner
from ai_agent.dialogue.stt_session import SttSession
from ai_agent.dialogue.turn import LONGEST_S, Step, Turn, TurnDetection
from ai_agent.providers.ports import Stt, SttEvent
from ai_agent.turns.phrases import Phrases
from ai_agent.vad.echo import EchoGuard
from ai_agent.vad.gate import EnergyGate
from ai_agent.vad.model import WINDOW
from ai_agent.vad.service import Vad
from ai_agent.vad.speech import Change, SpeechDetector

_SILENCE = np.zeros(INPUT_FRAME, np.int16)


class TurnListener(Protocol):
    """Who is told of turns. `turn` is the ear's own: it changes as the turn goes on."""

    def turn_began(self, turn: Turn) -> None: ...

    def turn_spoke(self, turn: Turn) -> None:
        """Its text changed."""
        ...

    def turn_might_end(self, turn: Turn) -> None:
        """The engine believes so: an answer may be begun, to be thrown away."""
        ...

    def turn_goes_on(self, turn: Turn) -> None: ...

    def turn_ended(self, turn: Turn, audio: Pcm | None) -> None:
        """`audio`: at INPUT_HZ, where the learner consented. An empty text: it came to nothing."""
        ...

    def ear_failed(self) -> None:
        """No recogniser is left, for now."""
        ...


class SpeakerInput:
    """`turn`: the one that is open, or None. `track_at`: when anything was last heard of them."""

    def __init__(
        self,
        learner: Learner,
        vad: Vad,
        stt: Stt | None,
        guard: EchoGuard,
        *,
        listener: TurnListener,
        new_id: Callable[[], str],
        clock: Callable[[], float],
    ) -> None:
        self.learner = learner
        self.turn: Turn | None = None
        self.track_at = -math.inf
        self._stt = stt if learner.ear == "stt" else None
        self._guard = guard
        self._listener = listener
        self._new_id = new_id
        self._clock = clock
        self._vad = vad.open(self._on_window)
        self._detector = SpeechDetector()
        self._gate = EnergyGate()
        self._window = np.empty(0, np.float32)
        self._recorded: list[Pcm] = []
        self._is_quiet = True
        self._words_are_taken = False
        """Of the last turn: what else a recogniser that tells turns has of it is late."""
        self._words = SttSession(self._stt, learner.id, self, clock)

    @property
    def kind(self) -> TurnDetection:
        if self.learner.ear == "browser":
            return TurnDetection.BROWSER
        if self._stt is None:
            return TurnDetection.NO_STT
        return TurnDetection.STT if self._stt.detects_turns else TurnDetection.VAD

    @property
    def speaks(self) -> bool:
        return self._detector.speaks

    @property
    def voice_at(self) -> float:
        """When speech that is no echo was last heard."""
        return self._detector.voice_at

    def open(self, language: str, hints: tuple[str, ...]) -> None:
        self._words.open(language, hints)

    async def aclose(self) -> None:
        """Idempotent. An open turn is forgotten."""
        self._vad.close()
        await self._words.aclose()

    # Sound

    def hear(self, pcm: Pcm, now: float) -> None:
        self._is_quiet = False
        self.track_at = now
        if self._guard.is_echo(pcm):
            pcm = _SILENCE
        self._feed(pcm)
        if self._gate.passes(pcm):
            self._look_at(pcm, now)
        else:
            self._changed(self._detector.silence(now))

    def quiet(self, now: float) -> None:
        self._is_quiet = True
        self._gate.close()
        self._vad.reset()
        self._window = np.empty(0, np.float32)
        self._words.silence()
        self._changed(self._detector.silence(now))

    def _look_at(self, pcm: Pcm, now: float) -> None:
        self._window = np.concatenate([self._window, pcm.astype(np.float32) / 32768])
        while len(self._window) >= WINDOW:
            rest = len(self._window) - WINDOW
            self._vad.push(self._window[:WINDOW], now - rest / INPUT_HZ)
            self._window = self._window[WINDOW:]

    def _on_window(self, probability: float, at: float) -> None:
        change = self._detector.window(probability, at)
        if self.turn is not None and self._detector.speaks:
            self.turn.voice_at = self._detector.voice_at
            self.turn.voiced_s = max(self.turn.voiced_s, self._detector.voiced_s)
        self._changed(change)

    def _changed(self, change: Change | None) -> None:
        if change is Change.STARTED:
            self._begin(self._detector.started_at).speech(self._detector.voice_at)
            self._words.begin()
        elif change is Change.STOPPED and self.turn is not None:
            self.turn.pause(self._detector.voice_at)

    def _feed(self, pcm: Pcm) -> None:
        self._words.push(pcm)
        if self.turn is not None and self.learner.keep_audio:
            self._recorded.append(pcm)

    # Turns

    def hold(self, speaking: bool, now: float) -> None:
        if speaking:
            turn = self._begin(now)
            turn.hold()
            turn.wants_tutor = True
            turn.overlaps_reply = False
            self._words.begin()
        elif self.turn is not None and self.turn.held:
            self.turn.held = False
            self.turn.released_at = now

    def recognized(self, text: str, is_final: bool, now: float) -> None:
        """What the page understood. Only where that is this learner's ear."""
        if self.kind is not TurnDetection.BROWSER:
            return
        turn = self._begin(now)
        turn.words_at = now
        if is_final:
            turn.finals.append(text)
            turn.partial = ""
            turn.flushed_at = now
        else:
            turn.partial = text
            turn.flushed_at = None
        self._listener.turn_spoke(turn)

    def tick(self, now: float, level: str, phrases: Phrases) -> None:
        """Every 20 ms."""
        self._words.set_level(level)
        if self._is_quiet:
            self._guard.quiet()
            self._changed(self._detector.silence(now))
            if self.kind is TurnDetection.STT and self.turn is not None:
                self._feed(_SILENCE)  # it must hear that nothing follows, to end the turn
        turn = self.turn
        if turn is None:
            return
        turn.ears = self.kind  # a chain may have gone to another engine
        step = turn.step(now, level, phrases)
        if turn.overlaps_reply and now - turn.started_at < LONGEST_S:
            step = Step.FLUSH if turn.ears is TurnDetection.VAD and _pauses(turn, now) else Step.NONE
        if step is Step.FLUSH:
            self._flush(turn, now)
        elif step is Step.END:
            self.end_turn()

    def end_turn(self, *, drop: bool = False) -> None:
        """`drop`: whatever was said, it was nothing."""
        turn, self.turn = self.turn, None
        if turn is None:
            return
        self._words_are_taken = drop or bool(turn.text)
        self._words.end(
            is_flushing=turn.is_flushing, may_have_more=self._words_are_taken and not turn.words_complete
        )
        if drop:
            turn.finals, turn.partial = [], ""
        audio = np.concatenate(self._recorded) if self._recorded and turn.text else None
        self._recorded = []
        self._listener.turn_ended(turn, audio)

    def _begin(self, at: float) -> Turn:
        if self.turn is None:
            self.turn = Turn(self._new_id(), self.learner.id, at, self.kind, voice_at=at)
            if self.learner.keep_audio:
                self._recorded = self._words.lead
            self._listener.turn_began(self.turn)
        return self.turn

    def _flush(self, turn: Turn, now: float) -> None:
        turn.flush_at, turn.flushed_at = now, None
        if not self._words.flush():
            turn.flushed_at = now

    # Words

    def words_came(self, event: SttEvent) -> None:
        turn = self.turn
        if turn is None:
            if not event.text.strip() or event.kind not in {"final", "end_of_turn"}:
                return
            if event.kind == "end_of_turn" and self._words_are_taken:
                return
            turn = self._begin(self._clock())
        self._take_in(turn, event)

    def words_lost(self, *, failed: bool) -> None:
        if failed:
            self._listener.ear_failed()
        if self.turn is not None and self.turn.is_flushing:
            self.turn.flushed_at = self._clock()

    def _take_in(self, turn: Turn, event: SttEvent) -> None:
        before = turn.text
        match event.kind:
            case "partial" | "start_of_turn":
                turn.understood(event.text)
            case "final":
                turn.finals.append(event.text.strip())
                turn.partial = ""
                turn.confidence = event.confidence
            case "flushed":
                turn.all_told(self._clock())
            case "eager_end_of_turn":
                turn.partial = event.text
                self._listener.turn_might_end(turn)
            case "turn_resumed":
                self._listener.turn_goes_on(turn)
            case "end_of_turn":
                turn.engine_ended(event.text.strip(), self._clock())
        if turn.text != before:
            self._listener.turn_spoke(turn)


def _pauses(turn: Turn, now: float) -> bool:
    """Over the tutor's voice a short pause is enough to ask: it waits to know whether it may go on."""
    return not turn.speaks and turn.flush_at is None and now - turn.voice_at >= 5 * FRAME_S
