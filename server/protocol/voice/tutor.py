"""Tutor, `GET /api/ws/voice`: whole recordings, JSON alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from server.protocol.voice.base import FromClient, SessionId, ToClient

MAX_RECORDING_BYTES = 10 << 20
MAX_RECORDING_S = 60.0
MAX_MESSAGE_BYTES = 20 << 20
"""More than the largest recording in base64, so that a larger one is told apart from a broken message."""
DEFAULT_KB = "default"


class Init(FromClient):
    """`audio_format` is nominal: what a recording is, is seen from its bytes."""

    action: Literal["init"]
    thread_id: SessionId
    audio_format: Annotated[str, StringConstraints(max_length=32)] = "wav"


class Recording(FromClient):
    """`data`: one whole recording, base64."""

    action: Literal["audio"]
    data: Annotated[str, StringConstraints(max_length=MAX_MESSAGE_BYTES)]


class RecordingAtLeast(FromClient):
    """A recording whatever its data is: its client waits for `done`."""

    action: Literal["audio"]


class TutorPing(FromClient):
    action: Literal["ping"]


TutorMessage = Init | Recording | TutorPing
TUTOR: TypeAdapter[TutorMessage] = TypeAdapter(Annotated[TutorMessage, Field(discriminator="action")])


class Initialized(ToClient):
    event: Literal["initialized"] = "initialized"
    thread_id: str
    kb_id: str


class Step(ToClient):
    """The beginning of a step of the answer."""

    event: Literal["stt_start", "rag_start", "tts_start"]


class SttComplete(ToClient):
    event: Literal["stt_complete"] = "stt_complete"
    text: str


class RagToken(ToClient):
    event: Literal["rag_token"] = "rag_token"
    token: str


class RagComplete(ToClient):
    event: Literal["rag_complete"] = "rag_complete"
    text: str


class TtsComplete(ToClient):
    """`audio`: base64 of one whole file; empty if no voice speaks the language."""

    event: Literal["tts_complete"] = "tts_complete"
    audio: str
    format: Literal["wav", "mp3"]


class Done(ToClient):
    """The answer to a recording has ended, also after an error. `duration` in seconds."""

    event: Literal["done"] = "done"
    duration: float


class TutorError(ToClient):
    event: Literal["error"] = "error"
    message: str


class TutorPong(ToClient):
    event: Literal["pong"] = "pong"
