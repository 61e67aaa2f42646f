"""The tutor: whole recordings in, one after the other, and an answer of steps to each."""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import time
from dataclasses import dataclass, field

import numpy as np
from pydantic import TypeAdapter

from ai_agent.audio import INPUT_HZ, Pcm, seconds
from ai_agent.dialogue.ports import new_id
from ai_agent.errors import ProviderError
from ai_agent.voice_ws.backlog import Backlog
from ai_agent.voice_ws.client import VoiceClient
from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.outgoing import Outgoing
from ai_agent.voice_ws.recordings import NotAudio, TooLong, decode, transcribe
from ai_agent.voice_ws.speech_support import missing
from ai_agent.voice_ws.talk import Talk
from server.common.tasks import BackgroundTask
from server.protocol.tutor import TutorTextPart
from server.protocol.voice.base import INVALID_MESSAGE, BadMessage, parsed
from server.protocol.voice.tutor import (
    DEFAULT_KB,
    MAX_RECORDING_BYTES,
    MAX_RECORDING_S,
    TUTOR,
    Done,
    Init,
    Initialized,
    RagComplete,
    RagToken,
    Recording,
    RecordingAtLeast,
    Step,
    SttComplete,
    TtsComplete,
    TutorError,
    TutorPong,
)

_MAX_BASE64 = MAX_RECORDING_BYTES * 4 // 3 + 4
MAX_WAITING = 3
"""Recordings that wait while one is in work."""
ANSWER_WITHIN_S = 90.0
PULLS = 50
"""Frames of the tutor's voice that a tick takes: the answer is one file, and not at the pace of speech."""
_AT_LEAST = TypeAdapter(RecordingAtLeast)
_log = logging.getLogger(__name__)


class NoAnswer(Exception):
    """The text is for the client."""


@dataclass(slots=True)
class _Answer:
    """`is_written`: the client has its whole text. `said`: set at its end."""

    turn_id: str
    text: str = ""
    is_written: bool = False
    frames: list[Pcm] = field(default_factory=list)
    said: asyncio.Event = field(default_factory=asyncio.Event)


class Tutor(VoiceClient):
    def __init__(self, talk: Talk, out: Outgoing, encoder: Mp3Encoder, backlog: Backlog) -> None:
        super().__init__(talk, out)
        self._encoder = encoder
        self._backlog = backlog
        self._thread_id: str | None = None
        self._waiting: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)
        self._is_working = False
        self._answer: _Answer | None = None
        self._work = BackgroundTask("recordings", self._answer_all)

    async def begin(self) -> None:
        self._work.start()

    async def aclose(self) -> None:
        await self._work.aclose()
        while not self._waiting.empty():
            self._backlog.give_back(len(self._waiting.get_nowait()))

    @property
    def is_busy(self) -> bool:
        return self._is_working

    async def receive_text(self, text: str) -> bool:
        try:
            message = parsed(TUTOR, text)
        except BadMessage as error:
            if self._thread_id is None or not _is_recording(text):
                raise
            self._refuse(str(error))
            return True
        if isinstance(message, Init):
            self._initialize(message)
        elif isinstance(message, Recording):
            self._take(message)
        else:
            self.send(TutorPong())
            return False
        return True

    def _initialize(self, message: Init) -> None:
        if self._thread_id not in {None, message.thread_id}:
            raise BadMessage("This connection has another thread: open a new one.")
        self._thread_id = message.thread_id
        base = self.talk.knowledge
        self.send(Initialized(thread_id=message.thread_id, kb_id=base.id if base else DEFAULT_KB))

    def _take(self, message: Recording) -> None:
        if self._thread_id is None:
            raise BadMessage("Session not initialized")
        if problem := self._refusal(message.data):  # before it waits: what waits is held in memory
            self._refuse(problem)
        else:
            self._waiting.put_nowait(message.data)

    def _refuse(self, problem: str) -> None:
        """The client sends its next recording only after `done`."""
        self.error(problem)
        self.send(Done(duration=0.0))

    def _refusal(self, data: str) -> str:
        """Why the recording cannot wait for its answer; empty if it can, and counts in the backlog."""
        if len(data) > _MAX_BASE64:
            return f"A recording may have at most {MAX_RECORDING_BYTES >> 20} MB."
        if self._waiting.full():
            return f"{MAX_WAITING} recordings wait already, the maximum."
        if not self._backlog.take(len(data)):
            return "Too many recordings are waiting at the moment. Try again in a moment."
        return ""

    async def _answer_all(self) -> None:
        while True:
            data = await self._waiting.get()
            self._is_working = True
            began = time.monotonic()
            try:
                await self._answer_to(data)
            except NoAnswer as problem:
                self.error(str(problem))
            except ProviderError as error:
                _log.warning("a recording was not recognised: %s", error)
                self.error("The recording could not be recognised at the moment.")
            except Exception:  # noqa: BLE001 - the client waits for `done`, and the next recording may be well
                _log.exception("recording failed")
                self.error("The recording could not be answered.")
            finally:
                self._is_working, self._answer = False, None
                self._backlog.give_back(len(data))
            self.send(Done(duration=round(time.monotonic() - began, 3)))

    async def _answer_to(self, data: str) -> None:
        """Raises NoAnswer, ProviderError."""
        self.send(Step(event="stt_start"))
        pcm = await _decoded(data)
        stt = self.talk.engines.stt
        if stt is None:
            raise NoAnswer(missing(self.talk))
        heard = await transcribe(stt, self.talk.lesson.language, pcm)
        self.send(SttComplete(text=heard.text))
        if not heard.text:
            raise NoAnswer("No speech was recognised in the recording.")
        self.send(Step(event="rag_start"))
        answer = self._answer = _Answer(new_id())
        self.talk.dialogue.heard(
            self.talk.learner_id, answer.turn_id, heard.text, heard.confidence, seconds(pcm, INPUT_HZ)
        )
        await self._speak(answer)

    async def _speak(self, answer: _Answer) -> None:
        """Raises NoAnswer."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await answer.said.wait()
        except TimeoutError:
            raise NoAnswer("The answer takes too long.") from None
        pcm = np.concatenate(answer.frames) if answer.frames else np.empty(0, np.int16)
        data = await self._encoder.file(pcm) if len(pcm) else b""
        self.send(TtsComplete(audio=base64.b64encode(data).decode(), format="mp3"))

    def tick(self, now: float) -> None:
        for _ in range(PULLS):
            frame = self.talk.tick(now)
            if frame is None:
                break
            if self._answer is not None:
                self._answer.frames.append(frame)
        answer = self._answer
        if answer is not None and answer.text and self.talk.dialogue.is_written:
            self._written(answer)

    def _written(self, answer: _Answer) -> None:
        if not answer.is_written:
            answer.is_written = True
            self.send(RagComplete(text=answer.text.strip()))
            self.send(Step(event="tts_start"))

    def error(self, text: str, code: str = INVALID_MESSAGE) -> None:
        del code
        self.send(TutorError(message=text))

    # A View

    def show_text(self, part: TutorTextPart) -> None:
        answer = self._answer
        if answer is None or part.turn_id != answer.turn_id:
            return
        if not part.is_final:
            answer.text += part.text
            self.send(RagToken(token=part.text))
        else:
            self._written(answer)
            answer.said.set()


def _is_recording(text: str) -> bool:
    try:
        parsed(_AT_LEAST, text)
    except BadMessage:
        return False
    return True


async def _decoded(data: str) -> Pcm:
    """Raises NoAnswer."""
    try:
        raw = await asyncio.to_thread(base64.b64decode, data, validate=True)
        pcm = await asyncio.to_thread(decode, raw, MAX_RECORDING_S)
    except TooLong:
        raise NoAnswer(f"A recording may last at most {MAX_RECORDING_S:.0f} seconds.") from None
    except (NotAudio, binascii.Error, ValueError):
        raise NoAnswer("Invalid audio format") from None
    if not len(pcm):
        raise NoAnswer("Invalid audio format")
    return pcm
