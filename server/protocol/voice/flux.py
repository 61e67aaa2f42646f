"""Flux, `GET /v2/flux/{session_id}`: speech without end in, events of turns and an MP3 stream a reply out.

The events are those of Deepgram's Flux. Speech in is binary, PCM of 16 bits at 16 kHz, mono; an empty binary
message keeps the connection open.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from server.protocol.voice.base import FromClient, ToClient
from server.protocol.voice.talking import TalkSay

TurnEvent = Literal["StartOfTurn", "Update", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"]


class KeepAlive(FromClient):
    type: Literal["KeepAlive"]


class CloseStream(FromClient):
    type: Literal["CloseStream"]


FluxMessage = KeepAlive | CloseStream | TalkSay
FLUX: TypeAdapter[FluxMessage] = TypeAdapter(Annotated[FluxMessage, Field(discriminator="type")])


class Connected(ToClient):
    type: Literal["Connected"] = "Connected"
    request_id: str
    sequence_id: int


class FluxWord(ToClient):
    word: str
    confidence: float


class TurnInfo(ToClient):
    """Times in seconds of the received speech. An eager end has words; TurnResumed follows only an eager end;
    the transcript of EndOfTurn equals that of the eager end before it, unless TurnResumed came between."""

    type: Literal["TurnInfo"] = "TurnInfo"
    request_id: str
    sequence_id: int
    event: TurnEvent
    turn_index: int
    audio_window_start: float
    audio_window_end: float
    transcript: str
    words: list[FluxWord]
    end_of_turn_confidence: float


class FluxText(ToClient):
    """A part of the reply to the turn; the last one is empty and final."""

    type: Literal["TutorText"] = "TutorText"
    turn_index: int
    text: str
    is_final: bool


class AudioStart(ToClient):
    """The binary messages that follow are one stream of speech; `linear16` in an extended session alone."""

    type: Literal["AudioStart"] = "AudioStart"
    turn_index: int
    format: Literal["mp3", "linear16"] = "mp3"


class FluxAudioEnd(ToClient):
    type: Literal["AudioEnd"] = "AudioEnd"
    turn_index: int
    interrupted: bool


class FluxError(ToClient):
    """`code`: of an error in `base.py`, or of a refusal in capitals."""

    type: Literal["Error"] = "Error"
    sequence_id: int
    code: str
    description: str
