"""What an engine is to the dialogue. One file a vendor implements one of these; the dialogue knows no vendor.

All of them raise ProviderError and nothing else (but CancelledError). Closing or cancelling stops the work at
once, at the vendor too where its protocol can say so. Times in seconds.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from ai_agent.audio import Pcm


@dataclass(frozen=True, slots=True)
class EngineCard:
    """Who an engine is, as the page tells it. `languages`: BCP 47 primary tags; empty: any. `corrects`: those
    in which a chat engine finds mistakes; empty: all that it serves.
    """

    name: str
    vendor: str
    is_cloud: bool
    languages: frozenset[str] = frozenset()
    corrects: frozenset[str] = frozenset()

    def serves(self, language: str) -> bool:
        return not self.languages or language.split("-", maxsplit=1)[0] in self.languages

    def can_correct(self, language: str) -> bool:
        return not self.corrects or language.split("-", maxsplit=1)[0] in self.corrects


# Speech to text


@dataclass(frozen=True, slots=True)
class HeardWord:
    """Times count from the first sample pushed to the stream."""

    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0


SttEventKind = Literal[
    "partial",  # the text of the utterance so far
    "final",  # the text of a finished stretch: successive finals of one utterance are joined by the dialogue
    "flushed",  # everything pushed before `flush` is now in finals
    "start_of_turn",  # the four below only from engines with `detects_turns`
    "eager_end_of_turn",
    "turn_resumed",
    "end_of_turn",  # `text` is the whole turn
]


@dataclass(frozen=True, slots=True)
class SttEvent:
    kind: SttEventKind
    text: str = ""
    words: tuple[HeardWord, ...] = ()
    confidence: float = 1.0


class SttStream(Protocol):
    """One speaker's ear, for as long as they are in the room. Events come by iterating, in order."""

    def push(self, pcm: Pcm) -> None:
        """INPUT_HZ; any length. Never blocks: what the engine cannot take is buffered, at most 30 s of it."""
        ...

    def flush(self) -> None:
        """The utterance is over: finals for all that was pushed, then `flushed`, come as soon as possible."""
        ...

    def __aiter__(self) -> SttStream: ...

    async def __anext__(self) -> SttEvent:
        """Raises ProviderError when the engine failed for good, StopAsyncIteration after `aclose`."""
        ...

    async def aclose(self) -> None:
        """Idempotent."""
        ...


@runtime_checkable
class AcceptsLevel(SttStream, Protocol):
    """One that tells turns, and can be told how long its speaker pauses to find words."""

    def set_level(self, level: str) -> None:
        """A1 to C2; at any time, counts from the next sound on."""
        ...


class Stt(Protocol):
    """`detects_turns`: its stream says where turns end, so that silence need not decide.

    Of a chain, `card` and `detects_turns` are the answering engine's: read them when they matter.
    """

    @property
    def card(self) -> EngineCard: ...

    @property
    def detects_turns(self) -> bool: ...

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> SttStream:
        """`hints`: words to expect, such as names. Raises ProviderError."""
        ...

    async def aclose(self) -> None: ...


# Chat


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`name`: who of several learners said it."""

    role: Literal["learner", "tutor"]
    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """`schema`: JSON Schema of the arguments, an object."""

    name: str
    description: str
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Teaching:
    """What the lesson is about: for engines that need more than a prompt (the local scripted tutor).

    `earlier`: the tutor's own words from before the request's messages, oldest first; `turn`: how often it
    spoke.
    """

    language: str
    level: str
    topic: str
    learner: str = ""
    native_language: str | None = None
    purpose: Literal["reply", "greet", "break_silence", "feedback"] = "reply"
    earlier: tuple[str, ...] = ()
    turn: int = 0


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """`system` is the whole prompt; `messages` end with the learner's words that are to be answered."""

    system: str
    messages: tuple[ChatMessage, ...]
    teaching: Teaching
    tools: tuple[ToolSpec, ...] = ()
    max_tokens: int = 300


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`arguments` as the engine wrote them, parsed from JSON but not yet checked."""

    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


class Llm(Protocol):
    @property
    def card(self) -> EngineCard: ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        """Close the generator to stop it. Raises ProviderError, also after the first parts."""
        ...

    async def aclose(self) -> None: ...


# Text to speech


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """`language` empty: it speaks every language."""

    id: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class WordMark:
    """`at_s`: when the word begins, from the start of the speech; `end`: where it ends in the text."""

    at_s: float
    end: int


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """Some samples at the engine's rate. `marks`: words that begin in or after them, as they become known."""

    pcm: Pcm
    marks: tuple[WordMark, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """`rate`: 1.0 is the voice's own speed. `voice` None: the engine's choice for the language."""

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
        """One sentence or so. Close the generator to stop it. Raises ProviderError."""
        ...

    async def aclose(self) -> None: ...


@runtime_checkable
class NeedsWarmUp(Protocol):
    async def warm_up(self) -> None:
        """Does beforehand what would delay the first learner. Raises ProviderError if it cannot run here."""
        ...


@dataclass(frozen=True, slots=True)
class EngineSet:
    """What one job works with; each is a chain that falls back by itself. None: none for the language."""

    stt: Stt | None
    llm: Llm
    tts: Tts | None
