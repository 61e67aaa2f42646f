"""The result of a handler of an intent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Then = Literal["nothing", "again", "on", "next"]


@dataclass(frozen=True, slots=True)
class Reply:
    """`then`: what follows `text`: nothing; the open question again unless it was answered, so that the talk
    goes on where it was; "on": a question about what the turn told, else a new one; or the next question.
    """

    text: str
    then: Then = "nothing"
    pace: Literal["slower", "faster"] | None = None
