"""The interface of each protocol's adapter for the runner: it gets the client's messages and the dialogue's
output."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ai_agent.voice_ws.outgoing import Outgoing
from ai_agent.voice_ws.talk import Talk
from server.protocol.classes import ClassMove
from server.protocol.tutor import FeedbackItem, FeedbackNonePart, TranscriptPart, TutorState, TutorTextPart
from server.protocol.voice.base import INVALID_MESSAGE, UNAVAILABLE, ToClient


class Finished(Exception):
    """The client wants to end the session."""


class VoiceClient(ABC):
    """A `View` that shows nothing by itself. `receive_...` may raise BadMessage, whose text the client gets,
    and `Finished`; they return whether the message counts as activity."""

    def __init__(self, talk: Talk, out: Outgoing) -> None:
        self.talk = talk
        self._out = out

    async def begin(self) -> None:  # noqa: B027 - most have nothing to do
        """The talk has started."""

    async def aclose(self) -> None:  # noqa: B027 - most have nothing to end
        """Ends what the adapter runs itself. Idempotent."""

    @abstractmethod
    async def receive_text(self, text: str) -> bool: ...

    async def receive_binary(self, data: bytes) -> bool:
        del data
        self.error("This protocol has no binary messages.")
        return False

    @abstractmethod
    def tick(self, now: float) -> None:
        """Every 20 ms: calls `talk.tick`, and sends what it returns."""

    @abstractmethod
    def error(self, text: str, code: str = INVALID_MESSAGE) -> None:
        """Tell the client, in the protocol's own form. `code`: a word for programs, where it has one."""

    @property
    def is_busy(self) -> bool:
        """Whether the session is not idle although its client sends nothing."""
        return not self.talk.dialogue.is_settled

    def send(self, message: ToClient) -> None:
        self._out.put(message.encoded())

    # A View

    def show_state(self, state: TutorState) -> None:
        del state

    def show_transcript(self, part: TranscriptPart) -> None:
        del part

    def show_text(self, part: TutorTextPart) -> None:
        del part

    def show_cannot_hear(self, text: str) -> None:
        self.error(text, UNAVAILABLE)

    def show_feedback(self, item: FeedbackItem) -> None:
        del item

    def show_no_feedback(self, part: FeedbackNonePart) -> None:
        del part

    def show_class(self, move: ClassMove) -> None:
        del move
