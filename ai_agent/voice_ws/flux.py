"""Flux: turns as Deepgram's events, replies as deltas of text and one MP3 stream each."""

from __future__ import annotations

import time
from typing import Protocol

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.dialogue.ports import new_id
from ai_agent.voice_ws.client import Finished, VoiceClient
from ai_agent.voice_ws.encoder import Mp3Encoder, Mp3Reply
from ai_agent.voice_ws.flux_turns import FluxTurn, FluxTurns
from ai_agent.voice_ws.outgoing import Outgoing
from ai_agent.voice_ws.speech_support import missing
from ai_agent.voice_ws.talk import Talk, pcm16
from server.protocol.tutor import TranscriptPart, TutorTextPart
from server.protocol.voice.base import INVALID_MESSAGE, UNAVAILABLE, BadMessage, parsed
from server.protocol.voice.flux import (
    FLUX,
    AudioStart,
    CloseStream,
    Connected,
    FluxAudioEnd,
    FluxError,
    FluxText,
    FluxWord,
    TurnInfo,
)
from server.protocol.voice.talking import TalkSay

LEAD_FRAMES = 10
"""The client has up to 200 ms of speech in advance, so that a late message is not heard."""
_MAX_TURNS = 50


class ReplyVoice(Protocol):
    """Sends the speech of one reply, encoded."""

    def add(self, frame: Pcm) -> None: ...

    def flush(self) -> None:
        """Send what was added without waiting for more."""
        ...

    def finish(self) -> None:
        """All has been added."""
        ...

    def drop(self) -> None:
        """The reply was interrupted: send nothing more of it."""
        ...


class Flux(VoiceClient):
    def __init__(self, talk: Talk, out: Outgoing, encoder: Mp3Encoder) -> None:
        super().__init__(talk, out)
        self._encoder = encoder
        self._request_id = new_id()
        self._sequence = 0
        self._turns = FluxTurns()
        self._heard = 0
        """Samples received."""
        self._indexes: dict[str, int] = {}
        """Index of each of the last turns, by the dialogue's id."""
        self._said: dict[str, str] = {}
        """Text of each reply that is being given, by its turn's id."""
        self._voice: ReplyVoice | None = None
        self._ahead = 0
        self._speaks = 0

    async def begin(self) -> None:
        self.send(Connected(request_id=self._request_id, sequence_id=self._next()))
        if text := missing(self.talk):
            self.error(text, UNAVAILABLE)

    async def receive_text(self, text: str) -> bool:
        message = parsed(FLUX, text)
        if isinstance(message, CloseStream):
            raise Finished
        if isinstance(message, TalkSay):
            raise BadMessage("Say is for extended sessions.")
        return False

    async def receive_binary(self, data: bytes) -> bool:
        if not data:
            return False
        try:
            pcm = pcm16(data)
        except ValueError as error:
            raise BadMessage(str(error)) from None
        self._heard += len(pcm)
        self.talk.push(pcm, time.monotonic())
        return self.talk.hears_speech

    def tick(self, now: float) -> None:
        turn = self.talk.turn
        if turn is not None:
            self._tell(self._turns.look(turn))
        frame = self.talk.tick(now)
        is_first = self._voice is None
        lead = 0
        while frame is not None:
            self._play(frame)
            lead += 1
            if self._ahead >= LEAD_FRAMES or lead > LEAD_FRAMES:
                break
            self._ahead += 1
            frame = self.talk.tick(now)
        if is_first and self._voice is not None:
            self._voice.flush()

    def _play(self, frame: Pcm) -> None:
        if self._voice is None:
            self._voice = self.start_voice()
        self._voice.add(frame)

    def start_voice(self) -> ReplyVoice:
        self.send(AudioStart(turn_index=self._speaks))
        return Mp3Reply(self._encoder, self._out)

    def _tell(self, events: list[FluxTurn]) -> None:
        for event in events:
            self.send(
                TurnInfo(
                    request_id=self._request_id,
                    sequence_id=self._next(),
                    event=event.event,
                    turn_index=event.index,
                    audio_window_start=round(event.began / INPUT_HZ, 3) if event.began else 0.0,
                    audio_window_end=round(self._heard / INPUT_HZ, 3),
                    transcript=event.transcript,
                    words=[
                        FluxWord(word=word, confidence=event.confidence) for word in event.transcript.split()
                    ],
                    end_of_turn_confidence=event.end_confidence,
                )
            )

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence - 1

    def error(self, text: str, code: str = INVALID_MESSAGE) -> None:
        self.send(FluxError(sequence_id=self._next(), code=code, description=text))

    # A View

    def show_transcript(self, part: TranscriptPart) -> None:
        self._indexes[part.turn_id] = self._turns.index_of(part.turn_id)
        while len(self._indexes) > _MAX_TURNS:
            del self._indexes[next(iter(self._indexes))]
        if part.is_final:
            self._tell(self._turns.ended(part.turn_id, part.text, self._heard))
        else:
            self._tell(self._turns.words(part.turn_id, part.text, self._heard))

    def show_text(self, part: TutorTextPart) -> None:
        index = self._indexes.get(part.turn_id, self._turns.index)
        if not part.is_final:
            self._speaks = index
            self._said[part.turn_id] = self._said.get(part.turn_id, "") + part.text
            self.send(FluxText(turn_index=index, text=part.text, is_final=False))
            return
        said = self._said.pop(part.turn_id, "")
        if part.spoken is None:
            return  # words to fill a wait: the reply goes on
        self.send(FluxText(turn_index=index, text="", is_final=True))
        voice, self._voice, self._ahead = self._voice, None, 0
        if voice is not None:
            is_cut = part.spoken.strip() != said.strip()
            if is_cut:
                voice.drop()
            else:
                voice.finish()
            self.send(FluxAudioEnd(turn_index=index, interrupted=is_cut))
