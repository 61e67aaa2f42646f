"""Coach, `GET /session?session=ID`: push to talk. Speech is binary both ways: PCM, 16 bits, 16 kHz, mono."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from server.protocol.base import Topic
from server.protocol.voice.base import FromClient, ToClient


class Difficulty(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"


LEVELS = {Difficulty.BEGINNER: "A2", Difficulty.INTERMEDIATE: "B1", Difficulty.ADVANCED: "C1"}
"""CEFR level that the coach speaks at."""


class EndTurn(FromClient):
    """All that was said since the last one is one message."""

    type: Literal["end_turn"]


class SetCoachTopic(FromClient):
    type: Literal["set_topic"]
    topic: Topic


class SetDifficulty(FromClient):
    type: Literal["set_difficulty"]
    level: Annotated[Difficulty, Field(strict=False)]


class RequestCorrection(FromClient):
    """Of the learner's last message."""

    type: Literal["request_correction"]


class CoachPing(FromClient):
    type: Literal["ping"]


CoachMessage = EndTurn | SetCoachTopic | SetDifficulty | RequestCorrection | CoachPing
COACH: TypeAdapter[CoachMessage] = TypeAdapter(Annotated[CoachMessage, Field(discriminator="type")])


class CoachTranscript(ToClient):
    """`text`: all of the turn so far."""

    type: Literal["transcript"] = "transcript"
    text: str
    isFinal: bool  # noqa: N815 - the client's name


class CoachText(ToClient):
    """`text`: a part of the reply. The last one is empty and final; it follows every `end_turn`."""

    type: Literal["coach_text"] = "coach_text"
    text: str
    isFinal: bool  # noqa: N815 - the client's name


class AudioEnd(ToClient):
    """After the binary messages of a reply and its last `coach_text`."""

    type: Literal["audio_end"] = "audio_end"


class CoachCorrection(ToClient):
    type: Literal["correction"] = "correction"
    original: str
    corrected: str
    explanation: str


class CoachError(ToClient):
    type: Literal["error"] = "error"
    message: str


class CoachPong(ToClient):
    type: Literal["pong"] = "pong"
