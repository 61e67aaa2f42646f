"""Class, `GET /ws/class`: a lesson that is taught, with questions at any time. JSON alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, TypeAdapter

from server.protocol.voice.base import FromClient, ToClient

MAX_CHUNK = 128 << 10
_Language = Annotated[str, StringConstraints(pattern=r"^(auto|[a-z]{2,3}(-[A-Z]{2})?)$")]


class SttStart(FromClient):
    """Starting twice is no error. `sample_rate` in Hz."""

    type: Literal["stt_stream_start"]
    language: _Language = "auto"
    sample_rate: Annotated[int, Field(ge=8_000, le=48_000)] = 16_000


class SttChunk(FromClient):
    """`audio`: base64 of PCM, 16 bits, mono, at the rate of `stt_stream_start`."""

    type: Literal["stt_audio_chunk"]
    audio: Annotated[str, StringConstraints(max_length=MAX_CHUNK)]


class SttEnd(FromClient):
    type: Literal["stt_stream_end"]


class StartClass(FromClient):
    """`interactive_mode`: the learner may ask at any time, so that speech is recognised from the start.
    `sentence`: where to begin, for a client that comes back; one beyond the last is the last."""

    type: Literal["start_class"]
    course_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    module_index: Annotated[int, Field(ge=0, le=1_000)] = 0
    sub_topic_index: Annotated[int, Field(ge=0, le=1_000)] = 0
    sentence: Annotated[int, Field(ge=0, le=10_000)] = 0
    language: _Language = "auto"
    interactive_mode: bool = True


class GetMetrics(FromClient):
    type: Literal["get_metrics"]


ClassMessage = SttStart | SttChunk | SttEnd | StartClass | GetMetrics
CLASS: TypeAdapter[ClassMessage] = TypeAdapter(Annotated[ClassMessage, Field(discriminator="type")])


class SttReady(ToClient):
    type: Literal["stt_ready"] = "stt_ready"
    message: str
    sample_rate: int
    language: str
    features: list[str] = ["VAD", "barge_in", "partial_transcripts"]


class SttProblem(ToClient):
    """No engine hears the language; or it has failed."""

    type: Literal["stt_unavailable", "stt_failed"]
    error: str


class Note(ToClient):
    """Something has happened; `message` is for people."""

    type: Literal[
        "speech_started",
        "utterance_end",
        "tts_interrupted",
        "tts_cancelled",
        "interactive_mode_starting",
        "stt_stopped",
    ]
    message: str


class PartialTranscript(ToClient):
    type: Literal["partial_transcript"] = "partial_transcript"
    text: str
    is_final: Literal[False] = False


class FinalTranscript(ToClient):
    type: Literal["final_transcript"] = "final_transcript"
    text: str
    is_final: Literal[True] = True
    language: str


class ResponseMetadata(ToClient):
    """`kind`: a part of the lesson, the answer to a question of the learner's, or a question that the learner
    is asked. `sentence`: of `sentences` of a lesson. `question`: of `questions`."""

    kind: Literal["lesson", "answer", "question"]
    module_index: int | None = None
    sub_topic_index: int | None = None
    sentence: int | None = None
    sentences: int | None = None
    question: int | None = None
    questions: int | None = None


class AgentResponse(ToClient):
    type: Literal["agent_response"] = "agent_response"
    text: str
    metadata: ResponseMetadata


class AudioChunk(ToClient):
    """`audio_data`: base64 of a complete MP3, sent when the one before is about to end. `size` in bytes."""

    type: Literal["audio_chunk"] = "audio_chunk"
    chunk_id: int
    audio_data: str
    size: int
    cancelable: Literal[True] = True


class AudioComplete(ToClient):
    type: Literal["audio_generation_complete"] = "audio_generation_complete"
    total_chunks: int
    cancelable: Literal[True] = True


class ClassMetrics(ToClient):
    """`first_chunk_latency_ms`: of the last answer, from the end of the question; null before the first."""

    type: Literal["metrics"] = "metrics"
    first_chunk_latency_ms: float | None
    turns: int
    interruptions: int


class ClassError(ToClient):
    type: Literal["error"] = "error"
    error: str
