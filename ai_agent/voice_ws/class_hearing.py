"""A learner's speech in a class: recognised from when the client or the server begins it until its end."""

from __future__ import annotations

import base64
import binascii
import time

from ai_agent.audio import INPUT_HZ
from ai_agent.resampler import Resampler
from ai_agent.voice_ws.speech_support import missing
from ai_agent.voice_ws.talk import Talk, pcm16
from server.protocol.voice.base import BadMessage, ToClient
from server.protocol.voice.klass import Note, SttChunk, SttProblem, SttReady


class ClassHearing:
    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._rate = INPUT_HZ
        self._input: Resampler | None = None
        self._has_heard = False

    @property
    def is_on(self) -> bool:
        return self._input is not None

    @property
    def hears(self) -> bool:
        """The learner's microphone is open, so that questions can be answered."""
        return self.is_on and self._has_heard

    def start(self, rate: int | None = None) -> ToClient:
        """From now on speech is recognised, at `rate`; None: at that of before."""
        if text := missing(self._talk, hearing_only=True):
            return SttProblem(type="stt_unavailable", error=text)
        wanted = rate or self._rate
        if self._input is None or wanted != self._rate:
            self._rate, self._input = wanted, Resampler(wanted, INPUT_HZ)
        language = self._talk.lesson.language
        return SttReady(message="Speech is being recognised.", sample_rate=wanted, language=language)

    def stop(self) -> ToClient:
        self._input, self._has_heard = None, False
        return Note(type="stt_stopped", message="Speech is not recognised any more.")

    def hear(self, message: SttChunk) -> None:
        """Raises BadMessage."""
        if self._input is None:
            raise BadMessage("Send stt_stream_start first.")
        try:
            pcm = pcm16(base64.b64decode(message.audio, validate=True))
        except binascii.Error:
            raise BadMessage("The audio is not valid base64.") from None
        except ValueError as error:
            raise BadMessage(str(error)) from None
        self._has_heard = True
        self._talk.push(self._input.feed(pcm), time.monotonic())
