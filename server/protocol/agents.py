"""Namespace `/agents`: messages between the server and the workers that run the tutor.

A worker connects with the service token (`auth: {token}`), registers, and is assigned jobs: one job is one
tutor in one room. For its seat and its media the worker joins that room on `/rooms` with the job's own token;
all else passes here. A worker that sends no report for 3 s, or loses its socket, loses its jobs to another.
A worker may register with several servers that share their rooms, by a connection to each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import (
    CountryCode,
    Id,
    Inbound,
    LanguageTag,
    LongText,
    Name,
    Outbound,
    Part,
    PersonName,
    Secret,
    ShortText,
    Timestamp,
    TimeZone,
    Topic,
)
from server.protocol.classes import ClassMove, ClassPlace, ClassRef
from server.protocol.levels import Level
from server.protocol.memory import Memory, WordText
from server.protocol.rooms import Ok
from server.protocol.tutor import (
    Confidence,
    Engines,
    FeedbackItem,
    FeedbackNonePart,
    Role,
    TranscriptPart,
    TutorState,
    TutorTextPart,
    Voice,
)
from server.protocol.voice.base import VoiceProtocol

HEARTBEAT_S = 1.0
SILENT_FOR_S = 3.0
"""A worker reports every HEARTBEAT_S; after SILENT_FOR_S without a report it counts as lost if
another one can take its jobs."""
MAX_SPEECH_S = 3_600.0
"""Maximum of one message."""
MAX_CITED = 3
"""Passages of documents that one answer draws on."""


class JobEngines(Inbound, Engines):
    """The engines that serve one job now. `fallbacks`: names of engines that failed before.

    `voice` is null until one is chosen.
    """

    voices: Annotated[list[Voice], Field(max_length=100)] = []
    voice: Name | None = None
    fallbacks: Annotated[list[Name], Field(max_length=20)] = []


VOICES_PER_ROOM = 4
"""A worker that could serve one more room can serve so many voice sessions instead: with the default capacity
of 8 it has 32 of them, about as many as one core carries (`ai_agent/voice_ws/README.md`)."""
VOICE_COST: Mapping[VoiceProtocol, float] = {
    **dict.fromkeys(VoiceProtocol, 1.0),
    VoiceProtocol.ECHO: 0.1,
}
"""A session takes this many of a worker's places for voice sessions."""

# Worker -> server


class Register(Inbound):
    """`capacity`: the most jobs at once. `worker_id` is chosen by the worker, new at each start.
    `languages`: those that its tutor supports, BCP 47 primary tags; empty: any.
    """

    worker_id: Id
    capacity: Annotated[int, Field(ge=1, le=1_000)]
    languages: Annotated[list[LanguageTag], Field(max_length=200)] = []


class Report(Inbound):
    """Sent every HEARTBEAT_S. `load`: share of one core used since the last report. `jobs`: ids of the jobs
    that it has of this server. `is_loading`: the worker has just been started, and its jobs wait for its
    engines. `free`: how many more jobs it can take, of all its servers together; null: as its capacity says.
    `voices`: ids of the voice sessions that it has of this server. `free_voices`: how many more it can take,
    in units of `VOICE_COST`; null: as its capacity says.
    """

    load: Annotated[float, Field(ge=0, le=1_000)]
    jobs: Annotated[list[Id], Field(max_length=1_000)] = []
    is_loading: bool = False
    free: Annotated[int, Field(ge=0, le=1_000)] | None = None
    voices: Annotated[list[Id], Field(max_length=10_000)] = []
    free_voices: Annotated[float, Field(ge=0, le=10_000)] | None = None


class JobMessage(Inbound):
    job_id: Id


class JobReady(JobMessage):
    """The tutor has its seat and hears the room. Sent again whenever the engines change."""

    engines: JobEngines


class JobEnded(JobMessage):
    """After `failed` another worker gets the job. `done` follows a `cancel_job` or the end of the room.
    `full`: other servers have filled the worker; another one gets the job, without a pause.
    """

    reason: Literal["done", "failed", "refused", "full"]
    detail: ShortText = ""


class ShowState(JobMessage):
    state: Annotated[TutorState, Field(strict=False)]


class ShowTranscript(JobMessage, TranscriptPart):
    pass


class ShowText(JobMessage, TutorTextPart):
    pass


class ShowFeedback(JobMessage, FeedbackItem):
    """Shown to `participant_id` alone, and stored. `later`: only stored, to be seen after the talk."""

    participant_id: Id
    message_id: Id | None = None
    later: bool = False


class ShowNoFeedback(JobMessage, FeedbackNonePart):
    """Shown to `participant_id` alone."""

    participant_id: Id


class ShowClass(JobMessage, ClassMove):
    """The place of the class, for everybody in the room. The people whom it reaches have heard the sentences
    in `heard`."""


class PassageRef(Part):
    """A passage of a document, as `KnowledgePassage` names it."""

    document_id: Id
    number: Annotated[int, Field(ge=0)]


class MessagePart(Part):
    """A tutor's message has the words that were spoken; `was_cut`: it was interrupted before its end.

    `participant_id` is the speaker, or for a tutor's message the person it answered (null: nobody in
    particular). `speech_s`: seconds of speech, 0 if it was typed. `confidence`: of a learner's words, as in
    TranscriptPart.
    """

    id: Id
    turn_id: Id
    role: Role
    participant_id: Id | None
    text: LongText
    speech_s: Annotated[float, Field(ge=0, le=MAX_SPEECH_S)] = 0.0
    was_cut: bool = False
    confidence: Annotated[Confidence, Field(strict=False)] | None = None


class KeepMessage(JobMessage, MessagePart):
    """One complete message of the conversation, to be stored. Its audio may follow as
    `PUT /api/agents/audio/{messageId}` with the service token, Ogg Opus.
    """


class CitePassages(JobMessage):
    """The passages of documents that a tutor's message draws on, best first. Sent after its `keep_message`,
    as an event of its own: a server of the version before refuses a message that has a new field.
    """

    message_id: Id
    passages: Annotated[list[PassageRef], Field(min_length=1, max_length=MAX_CITED)]


class KeepWord(JobMessage):
    """A word that `participant_id` asked about or was taught, for their list of words. `meaning` and
    `sentence`, in which it occurred, may be empty. Kept only if the learner lets the tutor remember; the
    sentence only if they are alone with the tutor in a room to practise.
    """

    participant_id: Id
    word: WordText
    meaning: ShortText = ""
    sentence: ShortText = ""


class ExerciseResult(StrEnum):
    """Said rightly at once, at the second try, or not."""

    RIGHT = "right"
    SECOND_TRY = "second_try"
    WRONG = "wrong"


class PractisedMistake(JobMessage):
    """The result of an exercise of one of the mistakes in the job's `memory`. It counts once while it is
    due."""

    participant_id: Id
    mistake_id: Id
    result: Annotated[ExerciseResult, Field(strict=False)]


class LessonChanged(JobMessage):
    """Of a voice session: its client has chosen another topic or level."""

    topic: Topic
    level: Annotated[Level, Field(strict=False)]


class VoiceEnded(JobMessage):
    """A voice session is over, and all of it is sent. `detail` is for the log. `is_full`: it did not begin,
    because the worker has no place for it; another one may have."""

    detail: ShortText = ""
    is_full: bool = False


class TurnTiming(JobMessage):
    """Milliseconds of the parts of one turn, for /metrics; null where a part does not apply."""

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


class FellBack(JobMessage):
    """`engine` failed and another engine answered; for /metrics."""

    kind: Literal["stt", "llm", "tts"]
    engine: Name


# Server -> worker


class ListedServer(Outbound):
    """One of the servers that share their rooms. `url`: base of Socket.IO for clients, absolute or a path of
    the page's origin. `internal_url`: the address within the servers' network."""

    name: Name
    url: str
    internal_url: str


class Registered(Ok):
    """`name`: of this server. `servers`: those to which the worker may offer itself too, this one included;
    empty for a server that shares no rooms with others. `takes_places`: reports may have `free`, `voices` and
    `free_voices`, which a server of the version before refuses."""

    name: str = ""
    servers: list[ListedServer] = []
    takes_places: bool = False


class ServersChanged(Outbound):
    """A server has come or gone. `servers`: as in Registered."""

    servers: list[ListedServer]


class Person(Outbound):
    """A person in the room. `heard`: the tutor receives their voice. `keep_audio`: they consented to its
    recording.

    `browser_recognition`: their turns come as `recognized` input, so that their track needs no STT.
    `reached`: the tutor's voice reaches them; false while they have no network or reload the page.
    `patience`: factor of the silence that ends their turns. `wants_feedback`: corrections of what they say to
    others, after the talk.
    `country`, `time_zone`: by which the tutor names helplines of where they are.
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
    patience: float
    wants_feedback: bool
    country: CountryCode | None
    time_zone: TimeZone | None


class KnowledgeRef(Outbound):
    """A knowledge base that the tutor answers from: its id, its owner, its name."""

    id: Id
    owner_id: Id
    name: str


class ClassToTeach(Outbound, ClassRef):
    """`id` differs each time that a class is begun."""

    id: Id


class JobSettings(Outbound):
    """Sent whole whenever a setting changes. `one_to_one`: all speech is addressed to the tutor.

    `rate`: 1.0 is the voice's normal speed. `teaches`: null if the tutor just talks.
    """

    language: LanguageTag
    level: Level
    topic: str
    voice: str | None
    rate: float
    one_to_one: bool
    captions: bool
    breaks_silence: bool
    knowledge: KnowledgeRef | None = None
    teaches: ClassToTeach | None = None


class HistoryItem(Outbound):
    """An earlier message. `name` is the speaker's, of a learner's message."""

    role: Role
    participant_id: Id | None
    name: str | None
    text: str
    at: Timestamp


class Job(Outbound):
    """`token` and `invite` are for `join` on `/rooms`. `history`: earlier messages, oldest first.

    `memory` is null unless one learner is alone with the tutor in a room to practise and allows it.
    `class_at`: where the class of the settings goes on.
    """

    job_id: Id
    room_id: Id
    conversation_id: Id
    token: str
    invite: Secret | None
    name: PersonName
    settings: JobSettings
    people: list[Person]
    history: list[HistoryItem]
    memory: Memory | None = None
    class_at: ClassPlace | None = None


class VoiceJob(Outbound):
    """A talk with a client that speaks one of the protocols of `server.protocol.voice`. The worker opens
    `GET /api/agents/voice/{jobId}` as a WebSocket with the service token: its messages are the client's.

    `session_id` is the client's own. `history`, `memory`: as in Job. `extended`: the client is Parlor's page,
    as `server.protocol.voice.talking` and `coaching` describe. `keeps_voices`: recordings are stored, of the
    person's voice only by their consent.
    """

    job_id: Id
    protocol: VoiceProtocol
    session_id: str
    name: PersonName
    settings: JobSettings
    person: Person
    history: list[HistoryItem]
    memory: Memory | None = None
    extended: bool = False
    keeps_voices: bool = False


class JobChanged(Outbound):
    """`class_at`: where a class begins that is new in the settings."""

    job_id: Id
    settings: JobSettings
    people: list[Person]
    class_at: ClassPlace | None = None


class JobCancelled(Outbound):
    job_id: Id


class SayGoodbye(Outbound):
    """Nobody has talked to the tutor for long. It says so; the job is cancelled a few seconds later, unless
    somebody speaks or types. `for_others`: it leaves in any case, since people wait who have fewer tutors."""

    job_id: Id
    for_others: bool = False


class InputKind(StrEnum):
    SAY = "say"
    HOLD = "hold"
    RECOGNIZED = "recognized"
    MEND = "mend"
    ASK_TUTOR = "ask_tutor"
    ASK_FEEDBACK = "ask_feedback"
    CONTROL_CLASS = "control_class"


class TutorInput(Part):
    """An action of a person other than speech. `kind` says which fields are set.

    `say` {text}; `hold` {flag: is held}; `recognized` {text, flag: is final}; `mend` {text, turn_id: of the
    person's own turn}; `ask_tutor`; `ask_feedback`; `control_class` {text: a ClassAction}.
    """

    participant_id: Id
    kind: Annotated[InputKind, Field(strict=False)]
    text: str | None = None
    flag: bool | None = None
    turn_id: Id | None = None


class PersonInput(Outbound, TutorInput):
    """A `say` has a `turn_id` too, of the turn that it is. Words that a lost worker did not answer come
    to the next one with the same id; they count as answered once a `show_text` of that turn `is_final`."""

    job_id: Id


@dataclass(frozen=True, slots=True)
class AgentEvent:
    payload: type[Inbound]
    ack: type[Outbound]
    summary: str


AGENT_EVENTS: dict[str, AgentEvent] = {
    "register": AgentEvent(Register, Registered, "Offer to take jobs."),
    "report": AgentEvent(Report, Ok, "The worker is alive; its load and its jobs."),
    "job_ready": AgentEvent(JobReady, Ok, "The tutor is in the room, with these engines."),
    "job_ended": AgentEvent(JobEnded, Ok, "The tutor has left the room."),
    "show_state": AgentEvent(ShowState, Ok, "The state of the tutor's dialogue."),
    "show_transcript": AgentEvent(ShowTranscript, Ok, "Speech of a person."),
    "show_text": AgentEvent(ShowText, Ok, "Speech of the tutor."),
    "show_class": AgentEvent(ShowClass, Ok, "Where a class is, and what was heard of it."),
    "show_feedback": AgentEvent(ShowFeedback, Ok, "A correction, for one learner; stored."),
    "show_no_feedback": AgentEvent(
        ShowNoFeedback, Ok, "No correction, for the learner who asked for feedback."
    ),
    "keep_message": AgentEvent(KeepMessage, Ok, "A complete message of the conversation, to be stored."),
    "cite_passages": AgentEvent(CitePassages, Ok, "The passages that a stored message draws on."),
    "keep_word": AgentEvent(KeepWord, Ok, "A word for a learner's list of words."),
    "practised_mistake": AgentEvent(
        PractisedMistake, Ok, "The result of an exercise of a mistake that was due for review."
    ),
    "lesson_changed": AgentEvent(LessonChanged, Ok, "A voice session has another topic or level."),
    "voice_ended": AgentEvent(VoiceEnded, Ok, "A voice session is over."),
    "turn_timing": AgentEvent(TurnTiming, Ok, "Times of the parts of a turn."),
    "fell_back": AgentEvent(FellBack, Ok, "An engine failed and another one answered."),
}

WORKER_EVENTS: dict[str, type[Outbound]] = {
    "job": Job,
    "voice_job": VoiceJob,
    "job_changed": JobChanged,
    "cancel_job": JobCancelled,
    "input": PersonInput,
    "say_goodbye": SayGoodbye,
    "servers": ServersChanged,
}
