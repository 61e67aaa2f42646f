"""The text of a class, and where it comes from: the interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from server.protocol.classes import ClassRef


@dataclass(frozen=True, slots=True)
class Question:
    """`answers`: texts of which a right answer has one, in small letters; none: every answer is right."""

    text: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubTopic:
    """`sentences`: what is taught, each said in one piece. `paragraphs`: how many of them each paragraph
    has."""

    title: str
    sentences: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    paragraphs: tuple[int, ...] = ()

    def ends_paragraph(self, sentence: int) -> bool:
        """Whether a paragraph ends with this sentence."""
        end = 0
        for length in self.paragraphs:
            end += length
            if end >= sentence + 1:
                return end == sentence + 1
        return False


class Courses(Protocol):
    async def find(self, server_url: str, ref: ClassRef) -> SubTopic | None:
        """None if there is no such course, module or sub-topic. `server_url`: of the server that has the
        room or session. Raises AgentError."""
        ...
