"""One learner's speech: gate → echo detector → VAD → recogniser, and the turns that result."""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Protocol

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_FRAME, INPUT_HZ, Pcm
from ai_agent.dialogue.ports import Learner, new_id
from ai_agent.dialogue.stt_session import LATE_S, LEAD_FRAMES, SttSession
from ai_agent.dialogue.turn import FINAL_WAIT_S, Action, Turn, TurnDetection
from ai_agent.providers.ports import Stt, SttEvent
from ai_agent.turns.phrases import Phrases
from ai_agent.vad.echo import EchoDetector
from ai_agent.vad.finished import LISTENS_S, FinishedJudge
from ai_agent.vad.gate import EnergyGate
from ai_agent.vad.model import WINDOW
from ai_agent.vad.own_voice import OwnVoice, window_power
from ai_agent.vad.service import MAX_WAITING, Vad
from ai_agent.vad.speech import Change, SpeechDetector

PHRASE_PAUSE_S = 0.5
MAX_ENDED = 8
"""Turns whose late words are still taken."""
_SILENCE = np.zeros(INPUT_FRAME, np.int16)


class TurnListener(Protocol):
    """`turn` belongs to the speaker's input and changes during the turn."""

    def turn_began(self, turn: Turn) -> None: ...

    def turn_changed(self, turn: Turn) -> None:
        """Its text did."""
        ...

    def turn_might_end(self, turn: Turn) -> None:
        """The STT engine expects it to: a reply may be prepared speculatively."""
        ...

    def turn_resumed(self, turn: Turn) -> None:
        """It did not end."""
        ...

    def turn_left(self, turn: Turn) -> None:
        """Its speaker has left: it ends as soon as its last words are there, and nobody waits for it."""
        ...

    def turn_ended(self, turn: Turn, audio: Pcm | None) -> None:
        """`audio`: at INPUT_HZ, if the learner consented. Empty text: there were no words."""
        ...

    def turn_amended(self, turn: Turn) -> None:
        """After its end: its last words have come, or will not come. Once or more."""
        ...

    def stt_failed(self) -> None:
        """No recogniser is left, for now."""
        ...


class SpeakerInput:
    """`turn`: the open one, or None. `track_at`: when anything was last heard on the learner's track."""

    def __init__(
        self,
        learner: Learner,
        vad: Vad,
        stt: Stt | None,
        echo: EchoDetector,
        *,
        listener: TurnListener,
        clock: Callable[[], float],
        judge: FinishedJudge | None = None,
    ) -> None:
        self.learner = learner
        self.turn: Turn | None = None
        self.track_at = -math.inf
        self._stt = stt if learner.recognition == "stt" else None
        self._echo = echo
        self._listener = listener
        self._clock = clock
        self._vad = vad.open(self._on_window)
        self._detector = SpeechDetector()
        self._gate = EnergyGate()
        self._window = np.empty(0, np.float32)
        self._own_voice = OwnVoice()
        self._powers: deque[tuple[float, float]] = deque(maxlen=2 * MAX_WAITING)
        """Time and power of the windows whose result is due."""
        self._judge = judge
        self._heard: deque[Pcm] = deque(maxlen=round(LISTENS_S / FRAME_S))
        self._paused_at = -math.inf
        self._recorded: list[Pcm] = []
        self._is_paused = True
        self._ended: OrderedDict[str, tuple[Turn, float]] = OrderedDict()
        """Turns of which words may still come, with the time of their end."""
        self._all_words = asyncio.Event()
        """Set when the recogniser owes no words, or will not give them."""
        self._session = SttSession(self._stt, learner.id, self, clock)

    @property
    def detection(self) -> TurnDetection:
        if self.learner.recognition == "browser":
            return TurnDetection.BROWSER
        if self._stt is None:
            return TurnDetection.NO_STT
        return TurnDetection.STT if self._stt.detects_turns else TurnDetection.VAD

    @property
    def is_busy(self) -> bool:
        """A turn is open, or words of one that has ended are awaited."""
        return self.turn is not None or any(turn.awaits_words for turn, _ in self._ended.values())

    @property
    def voice_at(self) -> float:
        """Time at which speech that is no echo was last heard."""
        return self._detector.voice_at

    def open(self, language: str, hints: tuple[str, ...]) -> None:
        self._session.open(language, hints)

    async def aclose(self) -> None:
        """Idempotent. An open turn is forgotten."""
        self._vad.close()
        await self._session.aclose()

    async def finish(self) -> None:
        """The learner has left: wait for the words that they have said, at most FINAL_WAIT_S, and end their
        turn."""
        self._vad.close()
        if self.turn is not None:
            self._listener.turn_left(self.turn)
            self._session.flush()
        self._all_words.clear()
        self._note_words_owed()
        try:
            async with asyncio.timeout(FINAL_WAIT_S):
                await self._all_words.wait()
        except TimeoutError:
            pass  # the words that there are count
        self.end_turn()

    # Audio

    def push_audio(self, pcm: Pcm, now: float) -> None:
        self._is_paused = False
        self.track_at = now
        if self._echo.is_echo(pcm):
            pcm = _SILENCE
        self._feed(pcm)
        if self._gate.passes(pcm):
            self._push_to_vad(pcm, now)
        else:
            self._on_change(self._detector.silence(now))

    def pause_audio(self, now: float) -> None:
        """The track carries nothing from here on."""
        self._is_paused = True
        self._gate.close()
        self._vad.reset()
        self._window = np.empty(0, np.float32)
        self._session.clear_lead()
        self._on_change(self._detector.silence(now))

    def _push_to_vad(self, pcm: Pcm, now: float) -> None:
        self._window = np.concatenate([self._window, pcm.astype(np.float32) / 32768])
        while len(self._window) >= WINDOW:
            rest = len(self._window) - WINDOW
            window, at = self._window[:WINDOW], now - rest / INPUT_HZ
            self._powers.append((at, window_power(window)))
            self._vad.push(window, at)
            self._window = self._window[WINDOW:]

    def _on_window(self, probability: float, at: float) -> None:
        while self._powers and self._powers[0][0] < at:
            self._powers.popleft()
        if self._powers and self._powers[0][0] == at:
            _, power = self._powers.popleft()
            tutor_speaks = self._echo.tutor_is_heard
            if self._own_voice.is_background(probability, power, tutor_speaks=tutor_speaks):
                probability = 0.0
        change = self._detector.window(probability, at)
        if self.turn is not None and self._detector.speaks:
            self.turn.voiced(self._detector.voice_at, self._detector.voiced_s)
        self._on_change(change)

    def _on_change(self, change: Change | None) -> None:
        if change is Change.STARTED:
            self._forget_before_pause()
            turn = self._begin(self._detector.started_at)
            turn.speech_started(self._detector.voice_at)
            self._session.begin(turn.id)
        elif change is Change.STOPPED and self.turn is not None:
            self._paused_at = self._detector.voice_at
            self.turn.speech_paused(self._paused_at)

    def _forget_before_pause(self) -> None:
        """The judge hears a phrase alone: after a long pause before it, anything sounds unfinished."""
        if self.turn is None or self._detector.started_at - self._paused_at >= PHRASE_PAUSE_S:
            while len(self._heard) > LEAD_FRAMES:
                self._heard.popleft()

    def _ask_whether_finished(self, turn: Turn) -> None:
        """Once a pause."""
        if self._judge is None or turn.is_push_to_talk or turn.overlaps_reply:
            return
        voice_at = turn.voice_at

        def judged(probability: float) -> None:
            if self.turn is turn and turn.voice_at == voice_at:
                turn.finished = probability

        self._judge.judge(np.concatenate(self._heard), judged)

    def _feed(self, pcm: Pcm) -> None:
        self._session.push(pcm)
        if self._judge is not None:
            self._heard.append(pcm)
        if self.turn is not None and self.learner.keep_audio:
            self._recorded.append(pcm)

    # Turns

    def hold(self, now: float) -> None:
        """The push-to-talk key goes down."""
        turn = self._begin(now)
        turn.hold()
        self._session.begin(turn.id)

    def release(self, now: float) -> None:
        if self.turn is not None:
            self.turn.release(now)

    def recognized(self, text: str, *, is_final: bool, now: float) -> None:
        """Words of the browser's recognition; ignored unless the learner uses it."""
        if self.detection is not TurnDetection.BROWSER:
            return
        if self.turn is None and (ended := self._continued_by(text, now)) is not None:
            if is_final:
                ended.add_late(text)
                self._listener.turn_amended(ended)
            return
        turn = self._begin(now)
        turn.add_browser_words(text, is_final=is_final, now=now)
        self._listener.turn_changed(turn)

    def _continued_by(self, text: str, now: float) -> Turn | None:
        """The last turn, if nothing was heard since and a browser's words are later versions of its own."""
        if not self._ended:
            return None
        turn, ended_at = next(reversed(self._ended.values()))
        is_late = now - ended_at <= LATE_S and self._detector.voice_at <= ended_at
        return turn if is_late and turn.continues(text) else None

    def tick(self, now: float, level: str, phrases: Phrases) -> None:
        """Every 20 ms."""
        self._session.set_level(level)
        self._forget_ended(now)
        if self._is_paused:
            self._echo.silent_frame()
            self._on_change(self._detector.silence(now))
            if self.detection is TurnDetection.STT and self.turn is not None:
                self._feed(_SILENCE)  # the engine ends a turn only on the silence that it gets
        turn = self.turn
        if turn is None:
            return
        turn.detection = self.detection  # the chain may have switched to another engine
        action = turn.due(now, level, phrases, self.learner.patience)
        if action is Action.FLUSH:
            self._flush(turn, now)
        elif action is Action.END:
            self.end_turn()

    def end_turn(self, *, drop: bool = False) -> None:
        """`drop`: whatever words there are do not count."""
        turn, self.turn = self.turn, None
        if turn is None:
            return
        words_are_taken = drop or bool(turn.text)
        self._session.end(may_have_more=words_are_taken and not turn.words_complete)
        if drop:
            turn.drop_words()
        turn.awaits_words = not drop and self._session.owes(turn.id)
        self._ended[turn.id] = (turn, self._clock())
        while len(self._ended) > MAX_ENDED:
            self._ended.popitem(last=False)
        audio = np.concatenate(self._recorded) if self._recorded and turn.text else None
        self._recorded = []
        self._listener.turn_ended(turn, audio)

    def _begin(self, at: float) -> Turn:
        if self.turn is None:
            self.turn = Turn(new_id(), self.learner.id, at, self.detection, voice_at=at)
            # Speaking lowers the hand before the turn ends.
            self.turn.wants_tutor = self.learner.hand_raised
            if self.learner.keep_audio:
                self._recorded = self._session.lead
            self._listener.turn_began(self.turn)
        return self.turn

    def _flush(self, turn: Turn, now: float) -> None:
        turn.flush(now)
        if not self._session.flush():
            turn.flush_failed(now)
        self._ask_whether_finished(turn)

    # Words

    def stt_event(self, event: SttEvent, utterance: str) -> None:
        is_open = self.turn is not None and self.turn.id == utterance
        ended, _ = self._ended.get(utterance, (None, 0.0))
        if ended is not None and not is_open:
            self._add_late(ended, event)
        elif self.turn is not None or (event.kind in {"final", "end_of_turn"} and event.text.strip()):
            self._add(self._begin(self._clock()), event)  # perhaps with words that the VAD has missed
        self._note_words_owed()

    def _note_words_owed(self) -> None:
        open_turn = [self.turn.id] if self.turn is not None else []
        if not any(self._session.owes(turn_id) for turn_id in [*open_turn, *self._ended]):
            self._all_words.set()

    def _add(self, turn: Turn, event: SttEvent) -> None:
        before = turn.text
        match event.kind:
            case "partial" | "start_of_turn":
                turn.add_partial(event.text)
            case "final":
                turn.add_final(event.text.strip(), event.confidence, event.scale)
            case "flushed":
                turn.flush_done(self._clock())
            case "eager_end_of_turn":
                turn.add_eager(event.text)
                self._listener.turn_might_end(turn)
            case "turn_resumed":
                self._listener.turn_resumed(turn)
            case "end_of_turn":
                turn.add_end_of_turn(event.text.strip(), self._clock(), event.confidence)
        if turn.text != before:
            self._listener.turn_changed(turn)

    def _add_late(self, turn: Turn, event: SttEvent) -> None:
        """Several finals are taken together, when the engine has given all that it owes."""
        if turn.is_dropped or event.kind not in {"final", "end_of_turn", "flushed"}:
            return
        turn.add_late(event.text.strip(), event.confidence, event.scale)
        if not self._session.owes(turn.id):
            turn.awaits_words = False
            self._listener.turn_amended(turn)

    def _forget_ended(self, now: float) -> None:
        for turn_id, (turn, ended_at) in list(self._ended.items()):
            if turn.awaits_words and not self._session.owes(turn_id):
                turn.awaits_words = False
                self._listener.turn_amended(turn)
            if now - ended_at > LATE_S and not self._session.owes(turn_id):
                del self._ended[turn_id]

    def stt_lost(self, *, failed: bool) -> None:
        if failed:
            self._listener.stt_failed()
        if self.turn is not None:
            self.turn.flush_failed(self._clock())
        self._all_words.set()
