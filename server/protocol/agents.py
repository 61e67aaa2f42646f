"""Namespace `/agents`: the server and the workers that play the tutor.

A worker connects with the service token (`auth: {token}`), registers, and is given jobs: one job is one tutor
in one room. It joins that room on `/rooms` with the job's own token, for its seat and its media; all else
passes here. A worker that is silent for 3 s, or whose socket is lost, loses its jobs to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import (
    Id,
    Inbound,
    LanguageTag,
    LongText,
    Name,
    Outbound,
    PersonName,
    Secret,
    ShortText,
    Timestamp,
)
from server.protocol.levels import Level
from server.protocol.rooms import Ok
from server.protocol.tutor import (
    Engines,
    FeedbackItem,
    FeedbackNonePart,
    Role,
    TranscriptPart,
    TutorState,
    TutorTextPart,
    Voice,
)

HEARTBEAT_S = 1.0
SILENT_FOR_S = 3.0
"""A worker reports every HEARTBEAT_S; after SILENT_FOR_S without a report it counts as dead."""


class JobEngines(Inbound, Engines):
    """The engines that serve one job now. `fallbacks`: names of engines that failed before.

    `voice` is null until one is chosen.
    """

    voices: Annotated[list[Voice], Field(max_length=100)] = []
    voice: Name | None = None
    fallbacks: Annotated[list[Name], Field(max_length=20)] = []


# Worker -> server


class Register(Inbound):
    """`capacity`: how many jobs it takes at once. `worker_id` is its own choice, new at each start.
    `languages`: in which its tutor speaks, BCP 47 primary tags; empty: any.
    """

    worker_id: Id
    capacity: Annotated[int, Field(ge=1, le=1_000)]
    languages: Annotated[list[LanguageTag], Field(max_length=200)] = []


class Report(Inbound):
    """Every HEARTBEAT_S. `load`: share of one core it used since the last report."""

    load: Annotated[float, Field(ge=0, le=1_000)]
    jobs: Annotated[list[Id], Field(max_length=1_000)] = []


class JobEvent(Inbound):
    job_id: Id


class JobReady(JobEvent):
    """It sits in the room and hears; sent again whenever the engines change."""

    engines: JobEngines


class JobEnded(JobEvent):
    """`failed` hands the job to another worker; `done` follows a `cancel_job` or the room's end."""

    reason: Literal["done", "failed", "refused"]
    detail: ShortText = ""


class ShowState(JobEvent):
    state: Annotated[TutorState, Field(strict=False)]


class ShowTranscript(JobEvent, TranscriptPart):
    pass


class ShowText(JobEvent, TutorTextPart):
    pass


class ShowFeedback(JobEvent, FeedbackItem):
    """Shown to `participant_id` alone, and stored."""

    participant_id: Id
    message_id: Id | None = None


class ShowNoFeedback(JobEvent, FeedbackNonePart):
    """Shown to `participant_id` alone."""

    participant_id: Id


class KeepMessage(JobEvent):
    """One message of the conversation, once it is whole. For a tutor's message: the words that were spoken,
    and in `was_cut` whether it had more to say.

    `participant_id` is who spoke, or for a tutor's message who it answered (null: nobody in particular).
    `speech_s`: seconds of speech, 0 if it was typed. Its audio may follow as
    `PUT /api/agents/audio/{messageId}` with the service token, Ogg Opus.
    """

    id: Id
    turn_id: Id
    role: Role
    participant_id: Id | None
    text: LongText
    speech_s: Annotated[float, Field(ge=0, le=3_600)] = 0.0
    was_cut: bool = False


class TurnTiming(JobEvent):
    """Milliseconds of one turn, for /metrics; null where it does not apply."""

    turn_id: Id
    stt: Name | None = None
    llm: Name | None = None
    tts: Name | None = None
    endpointing_ms: float | None = None
    stt_final_ms: float | None = None
    llm_first_token_ms: float | None = None
    tts_first_byte_ms: float | None = None
    voice_to_voice_ms: float | None = None
    barge_in_stop_ms: float | None = None
    tool_ms: float | None = None
    false_interruptions: int = 0
    feedback_dropped: int = 0


class FellBack(JobEvent):
    """`engine` failed, and another one answered; for /metrics."""

    kind: Literal["stt", "llm", "tts"]
    engine: Name


# Server -> worker


class Person(Outbound):
    """Somebody in the room. `heard`: the tutor gets their voice. `keep_audio`: they consented to its keeping.

    `browser_recognition`: their turns come as `recognized` input; their track needs no STT. `reached`: the
    tutor's voice gets to them; not while they have lost the network or reload the page.
    """

    participant_id: Id
    user_id: Id
    name: str
    native_language: LanguageTag | None
    learning_level: Level | None
    is_host: bool
    heard: bool
    keep_audio: bool
    browser_recognition: bool
    hand_raised: bool
    reached: bool


class JobSettings(Outbound):
    """`one_to_one`: everything said is for the tutor. Sent whole whenever something changes."""

    language: LanguageTag
    level: Level
    topic: str
    voice: str | None
    rate: float
    one_to_one: bool
    captions: bool
    breaks_silence: bool


class HistoryItem(Outbound):
    """`name` is who said it, for a learner's message."""

    role: Role
    participant_id: Id | None
    name: str | None
    text: str
    at: Timestamp


class Job(Outbound):
    """`token` and `invite` are for `join` on `/rooms`. `history`: what was said before, oldest first."""

    job_id: Id
    room_id: Id
    conversation_id: Id
    token: str
    invite: Secret | None
    name: PersonName
    settings: JobSettings
    people: list[Person]
    history: list[HistoryItem]


class JobChanged(Outbound):
    job_id: Id
    settings: JobSettings
    people: list[Person]


class JobCancelled(Outbound):
    job_id: Id


class PersonInput(Outbound):
    """What a person did other than speak. `kind` says which fields are there.

    `say` {text}; `hold` {flag}; `recognized` {text, flag: is final}; `ask_tutor`; `ask_feedback`.
    """

    job_id: Id
    participant_id: Id
    kind: Literal["say", "hold", "recognized", "ask_tutor", "ask_feedback"]
    text: str | None = None
    flag: bool | None = None


@dataclass(frozen=True, slots=True)
class AgentEvent:
    payload: type[Inbound]
    ack: type[Outbound]
    summary: str


AGENT_EVENTS: dict[str, AgentEvent] = {
    "register": AgentEvent(Register, Ok, "Offer to take jobs."),
    "report": AgentEvent(Report, Ok, "Still here, this busy."),
    "job_ready": AgentEvent(JobReady, Ok, "In the room, with these engines."),
    "job_ended": AgentEvent(JobEnded, Ok, "Out of the room."),
    "show_state": AgentEvent(ShowState, Ok, "What the tutor does now."),
    "show_transcript": AgentEvent(ShowTranscript, Ok, "What somebody says."),
    "show_text": AgentEvent(ShowText, Ok, "What the tutor says."),
    "show_feedback": AgentEvent(ShowFeedback, Ok, "A correction, to one learner; kept."),
    "show_no_feedback": AgentEvent(ShowNoFeedback, Ok, "Asked for feedback, and there is none."),
    "keep_message": AgentEvent(KeepMessage, Ok, "A whole message of the conversation."),
    "turn_timing": AgentEvent(TurnTiming, Ok, "How long the parts of a turn took."),
    "fell_back": AgentEvent(FellBack, Ok, "An engine failed, and another one answered."),
}

WORKER_EVENTS: dict[str, type[Outbound]] = {
    "job": Job,
    "job_changed": JobChanged,
    "cancel_job": JobCancelled,
    "input": PersonInput,
}
