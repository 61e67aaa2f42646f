"""Interfaces of the engines: STT, LLM and TTS. Each vendor's file implements one of them.

Methods raise ProviderError and nothing else (except CancelledError). Closing or cancelling stops the work at
once, and at the vendor too if its protocol supports that. Times are in seconds.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal, Protocol, runtime_checkable

from ai_agent.audio import Pcm
from ai_agent.tutor.elicit.compare import Retry
from server.protocol.agents import PassageRef
from server.protocol.memory import Memory, RememberedMistake
from server.protocol.tutor import Confidence


@dataclass(frozen=True, slots=True)
class EngineCard:
    """Describes an engine, also on the page. `languages`: BCP 47 primary tags; empty: any. `corrects`: the
    languages in which an LLM finds mistakes; empty: all that it serves. `is_scripted`: its texts were written
    by people. `hears_noise`: a recogniser that finds words in coughs and every "mm-hm".
    """

    name: str
    vendor: str
    is_cloud: bool
    languages: frozenset[str] = frozenset()
    corrects: frozenset[str] = frozenset()
    is_scripted: bool = False
    hears_noise: bool = False

    def serves(self, language: str) -> bool:
        return not self.languages or primary_tag(language) in self.languages

    def can_correct(self, language: str) -> bool:
        return not self.corrects or primary_tag(language) in self.corrects


def primary_tag(language: str) -> str:
    """The "en" of "en-GB"."""
    return language.split("-", maxsplit=1)[0]


# Speech to text


@dataclass(frozen=True, slots=True)
class HeardWord:
    """Times from the first sample that was pushed to the stream."""

    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class ConfidenceScale:
    """Meaning of an engine's confidences, each engine has its own: below `low` most words may be wrong, from
    `high` on hardly any.
    """

    low: float = 0.6
    high: float = 0.85

    def grade(self, confidence: float) -> Confidence:
        if confidence < self.low:
            return Confidence.LOW
        return Confidence.MIDDLE if confidence < self.high else Confidence.HIGH


USUAL_SCALE = ConfidenceScale()
"""For engines whose confidences were not measured."""

SttEventKind = Literal[
    "partial",  # the text of the utterance so far
    "final",  # the text of a finished stretch; the dialogue joins successive finals of one utterance
    "flushed",  # finals have come for everything that was pushed before `flush`
    "start_of_turn",  # this and the three below come only from engines with `detects_turns`
    "eager_end_of_turn",
    "turn_resumed",
    "end_of_turn",  # `text` is the whole turn
]


@dataclass(frozen=True, slots=True)
class SttEvent:
    """`confidence`: 0 to 1 on `scale`; None if the engine gives none."""

    kind: SttEventKind
    text: str = ""
    words: tuple[HeardWord, ...] = ()
    confidence: float | None = None
    scale: ConfidenceScale = USUAL_SCALE


class SttStream(Protocol):
    """Transcription of one speaker while they are in the room. Iterate it for the events, in order."""

    def push(self, pcm: Pcm) -> None:
        """Push samples at INPUT_HZ, any number. Never blocks: up to 30 s are buffered until the engine
        takes them."""
        ...

    def flush(self) -> None:
        """End of the utterance: ask for finals for everything pushed so far, then `flushed`."""
        ...

    def __aiter__(self) -> SttStream: ...

    async def __anext__(self) -> SttEvent:
        """Raises ProviderError if the engine failed for good, StopAsyncIteration after `aclose`."""
        ...

    async def aclose(self) -> None:
        """Idempotent."""
        ...


@runtime_checkable
class AcceptsLevel(SttStream, Protocol):
    """A stream that detects turns and adapts to how long speakers of a level pause to find words."""

    def set_level(self, level: str) -> None:
        """A1 to C2. May be called at any time; takes effect with the next audio."""
        ...


class Stt(Protocol):
    """`detects_turns`: its streams emit turn events, so the dialogue does not rely on silence alone.

    `card` and `detects_turns` of a chain are those of the answering engine and may change: do not cache them.
    """

    @property
    def card(self) -> EngineCard: ...

    @property
    def detects_turns(self) -> bool: ...

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> SttStream:
        """`hints`: expected words, such as names. Raises ProviderError."""
        ...

    async def aclose(self) -> None: ...


# LLM


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`name`: of the learner who said it, if there are several. `spoken`: recognised, not typed;
    `confidence`: how surely, if the recogniser says so.
    """

    role: Literal["learner", "tutor"]
    text: str
    name: str | None = None
    spoken: bool = False
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """`schema`: JSON Schema of the arguments, which are an object."""

    name: str
    description: str
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """The class that is being taught. `said`: its last sentences, newest last. `question`: of the class, that
    is open; empty if none is."""

    title: str
    said: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """Facts about the lesson, for engines that need more than a prompt (the local scripted tutor).

    `earlier`: the tutor's own texts from before the request's messages, oldest first. `turn`: how often it
    has spoken. `seed` differs between lessons, so that they do not begin alike. `may_elicit`: the tutor may
    ask the learner to mend their sentence before it is corrected. `retry`: the last words answer that.
    `memory`: of the learner, if they are alone. `exercise`: what the greeting asks them to mend. `taught`:
    the answer interrupts this class.
    """

    language: str
    level: str
    topic: str
    learner: str = ""
    native_language: str | None = None
    purpose: Literal["reply", "greet", "break_silence", "feedback"] = "reply"
    earlier: tuple[str, ...] = ()
    turn: int = 0
    seed: int = 0
    may_elicit: bool = False
    retry: Retry | None = None
    memory: Memory | None = None
    exercise: RememberedMistake | None = None
    taught: ClassFacts | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """`system` is the whole prompt. `messages` end with the learner's words that the engine answers."""

    system: str
    messages: tuple[ChatMessage, ...]
    lesson: LessonFacts
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = 300


@dataclass(frozen=True, slots=True)
class TextDelta:
    """`passages`: of documents, which the whole answer draws on; with its first words only."""

    text: str
    passages: tuple[PassageRef, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`arguments`: what the engine wrote, parsed from JSON but not validated."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


class Llm(Protocol):
    @property
    def card(self) -> EngineCard: ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        """Close the generator to stop it. May raise ProviderError even after the first parts."""
        ...

    async def aclose(self) -> None: ...


# Text to speech


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """`language` is empty for a voice that speaks every language."""

    id: str
    name: str
    language: str


def choose_voice(voices: Sequence[VoiceCard], language: str, requested: str | None) -> str | None:
    """The requested voice if it is in `voices`, else the first of the exact language and region, else of the
    language, else one that speaks every language.
    """
    if requested is not None and any(voice.id == requested for voice in voices):
        return requested
    exact = (voice.id for voice in voices if voice.language == language)
    near = (voice.id for voice in voices if primary_tag(voice.language) == primary_tag(language))
    any_language = (voice.id for voice in voices if not voice.language)
    return next(chain(exact, near, any_language), None)


@dataclass(frozen=True, slots=True)
class WordMark:
    """`at_s`: start of the word in the speech. `end`: index of its end in the text."""

    at_s: float
    end: int


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """Samples at the engine's rate. `marks`: of words that begin in or after them, as they become known."""

    pcm: Pcm
    marks: tuple[WordMark, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """`rate`: 1.0 is the voice's normal speed. `voice`: None for the engine's default for the language."""

    text: str
    language: str
    voice: str | None = None
    rate: float = 1.0


class Tts(Protocol):
    @property
    def card(self) -> EngineCard: ...

    @property
    def sample_rate(self) -> int: ...

    @property
    def voices(self) -> Sequence[VoiceCard]: ...

    def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        """For about a sentence of text. Close the generator to stop it. Raises ProviderError."""
        ...

    async def aclose(self) -> None: ...


@runtime_checkable
class NeedsWarmUp(Protocol):
    async def warm_up(self) -> None:
        """Do in advance what would delay the first learner. Raises ProviderError if it cannot run here."""
        ...


@dataclass(frozen=True, slots=True)
class EngineSet:
    """The engines of one job; each is a chain with fallback. None: there is no engine for the language."""

    stt: Stt | None
    llm: Llm
    tts: Tts | None
