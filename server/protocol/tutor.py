"""The tutor in a room: what people say to it, and what it shows them. Part of namespace `/rooms`.

Receivers: `tutor_text` goes to everyone, `feedback` to the learner it is about, a `transcript` to the
person who spoke, and to everyone only while the room's captions are on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from server.protocol.base import (
    Id,
    Inbound,
    LanguageTag,
    LongText,
    Name,
    Outbound,
    Part,
    ShortText,
    Topic,
    storable,
)
from server.protocol.classes import ChosenClass, TaughtClass
from server.protocol.levels import Level

SpokenText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000),
    AfterValidator(storable),
]
"""Maximum of one spoken turn or typed text."""
VoiceName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9_.+ -]+$")]
SpeakingRate = Annotated[float, Field(ge=0.6, le=1.4)]
Patience = Annotated[float, Field(ge=0.7, le=2.5)]
"""Factor of the silence that ends a turn; 1.0 is what the level suggests."""
"""1.0 is the voice's normal speed."""


class TutorState(StrEnum):
    """The state of the tutor's dialogue."""

    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    INTERRUPTED = "interrupted"


class TutorStatus(StrEnum):
    """The state of the room's job: a worker is starting, ready in the room, was lost, none is available, none
    of the connected ones supports the language, the person who called it, or their network, has as many
    tutors at work as they may, or the tutor has left because nobody talked to it: `say` and `ask_tutor` call
    it back."""

    STARTING = "starting"
    READY = "ready"
    LOST = "lost"
    UNAVAILABLE = "unavailable"
    UNSUPPORTED_LANGUAGE = "untaught"
    LIMITED = "limited"
    RESTING = "resting"


class Confidence(StrEnum):
    """A recogniser's confidence in a turn's words: most of them may be wrong, some, or hardly any."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class FeedbackCategory(StrEnum):
    VERB_FORM = "verb_form"
    TENSE = "tense"
    AGREEMENT = "agreement"
    ARTICLE = "article"
    COUNTABILITY = "countability"
    PREPOSITION = "preposition"
    COMPARATIVE = "comparative"
    WORD_ORDER = "word_order"
    WORD_CHOICE = "word_choice"
    PRONOUN = "pronoun"
    SPELLING = "spelling"
    DIACRITICS = "diacritics"
    CLASSIFIER = "classifier"
    OTHER = "other"


class NoFeedbackReason(StrEnum):
    """Why there is no correction: the turn was checked and is right, there was no turn yet, no engine here
    corrects the language, the engine could not be asked now, or the words may have been misheard."""

    RIGHT = "right"
    NOTHING_SAID = "nothing_said"
    CANNOT_CHECK = "cannot_check"
    NOT_NOW = "not_now"
    NOT_SURE = "not_sure"


class Engine(Part):
    """An engine that serves now. `is_cloud`: what it processes leaves this server for `vendor`."""

    name: Name
    vendor: Name
    is_cloud: bool


class Engines(Part):
    """`stt` is null where no engine here recognises the language; the page then offers the browser's
    recognition or typing. `tts` is null where none speaks it."""

    stt: Engine | None
    llm: Engine
    tts: Engine | None


class Voice(Part):
    """`id` is the value for the settings' `voice`."""

    id: VoiceName
    name: Name
    language: LanguageTag


class Tutor(Outbound):
    """The tutor of a room, shown to everyone in it. `participant_id` is null until it has its seat.

    `fallbacks`: names of engines that failed and were replaced by the ones in `engines`.
    `breaks_silence`: whether the host wants it to speak after a long silence. `conversation_id` names the
    conversation for `GET /api/conversations/{id}`, which exists from the first message on. `knowledge_base`:
    name of the documents that it answers from; null: none. `teaches`: the class that it teaches now; null
    while it just talks.
    """

    status: TutorStatus
    state: TutorState
    participant_id: Id | None
    name: str
    language: LanguageTag
    level: Level
    topic: str
    voice: str | None
    rate: float
    voices: list[Voice]
    engines: Engines | None
    fallbacks: list[str]
    captions: bool
    breaks_silence: bool
    conversation_id: Id
    knowledge_base: str | None = None
    teaches: TaughtClass | None = None


# Client -> server


class Say(Inbound):
    """Typed instead of spoken."""

    text: SpokenText


class MendWords(Inbound):
    """Replace the words heard of one's own turn by those that one said. Corrections of the old words go. The
    tutor answers anew if it was the last turn.
    """

    turn_id: Id
    text: SpokenText


class Hold(Inbound):
    """Hold to speak: while held, no pause ends the turn; letting go ends it at once."""

    speaking: bool


class Recognized(Inbound):
    """A result of the browser's own speech recognition: partial while `is_final` is false."""

    text: SpokenText
    is_final: bool


class SetTopic(Inbound):
    topic: Topic


class SetLevel(Inbound):
    level: Annotated[Level, Field(strict=False)]


class SetTutorOptions(Inbound):
    """Host: what is given changes, the rest stays. `muted`: the tutor is read, not heard."""

    voice: VoiceName | None = None
    rate: SpeakingRate | None = None
    captions: bool | None = None
    breaks_silence: bool | None = None
    muted: bool | None = None


class SetHeard(Inbound):
    """Whether the tutor gets one's own voice. Without it one can still type to it."""

    heard: bool


class SetRecognition(Inbound):
    """Whether one's turns come from the browser's recognition (`recognized`) in place of the tutor's STT."""

    browser: bool


class SetPatience(Inbound):
    """Sets how long the tutor waits in one's own pauses before it answers. Holds until one leaves."""

    patience: Patience


class SetLaterFeedback(Inbound):
    """Whether what one says to others in a group is checked too. Its corrections are for oneself alone, after
    the talk. Off until asked for; holds until one leaves.
    """

    wanted: bool


class TutorOffer(Outbound):
    """Languages that the tutor supports now, as BCP 47 primary tags; null: any, or not known yet."""

    languages: list[LanguageTag] | None


class InviteTutor(Inbound):
    """`POST /api/rooms/{id}/tutor`. Null: the room's language, a voice that fits it. `knowledge_base_id`: one
    of the host's, which the tutor answers from; null: none; left out: as before. `teaches`: a class that the
    tutor begins to teach, in the language of its course; null: none any more; left out: as before.
    """

    language: LanguageTag | None = None
    voice: VoiceName | None = None
    knowledge_base_id: Id | None = None
    teaches: ChosenClass | None = None


# Server -> client


class TranscriptPart(Part):
    """`text` is the whole turn so far, not a delta; a final one ends the turn. `confidence`: how sure the
    recogniser is of the words; null for typed ones, and where the engine does not say.
    """

    participant_id: Id
    turn_id: Id
    text: LongText
    is_final: bool
    confidence: Annotated[Confidence, Field(strict=False)] | None = None


class Helpline(Part):
    """People to talk to. `phone`: as it is written in the country; null for a page alone. `url`: its page."""

    name: Name
    phone: Annotated[str, StringConstraints(max_length=30, pattern=r"^[0-9*#+() -]+$")] | None
    url: Annotated[str, StringConstraints(max_length=200, pattern=r"^https://[^\s]+$")]


class TutorTextPart(Part):
    """`text` is the next part of the answer to `turn_id`; the last part has `is_final` and no text.

    `spoken` comes with the last part: the words that were spoken aloud, fewer than the text if somebody
    interrupted. `message_id` is the id under which the answer is stored. `helplines`: shown with an answer to
    somebody who suffers; in each of its parts.
    """

    turn_id: Id
    text: LongText
    is_final: bool
    spoken: LongText | None = None
    message_id: Id | None = None
    helplines: Annotated[list[Helpline], Field(max_length=4)] | None = None


class FeedbackItem(Part):
    """One correction of a sentence in `turn_id`. Texts are plain; the page marks what changed. `hint`: the
    tutor has asked to try the sentence again, so the page hides the answer until the learner wants to see it,
    or until the item comes again without a hint.
    """

    id: Id
    turn_id: Id
    original_sentence: ShortText
    corrected_sentence: ShortText
    explanation: ShortText
    category: Annotated[FeedbackCategory, Field(strict=False)]
    hint: ShortText | None = None


class FeedbackNonePart(Part):
    """The answer to `ask_feedback` where there is no correction. `text` says so in the tutor's words."""

    turn_id: Id | None
    text: ShortText
    reason: Annotated[NoFeedbackReason, Field(strict=False)] = NoFeedbackReason.RIGHT


Role = Literal["learner", "tutor"]
