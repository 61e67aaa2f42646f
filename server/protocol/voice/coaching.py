"""Messages that Parlor's own page adds to coach: `GET /session?session=ID&extended=1`.

All messages of coach come too, but for the error that names missing engines: the page is told which there are
and says it in its own language. Typed words are a turn, answered like a spoken one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from server.protocol.tutor import Engines, SpokenText
from server.protocol.voice.base import FromClient, ToClient
from server.protocol.voice.coach import CoachMessage


class CoachSay(FromClient):
    """Typed instead of spoken."""

    type: Literal["say"]
    text: SpokenText


CoachingMessage = CoachMessage | CoachSay
COACHING: TypeAdapter[CoachingMessage] = TypeAdapter(Annotated[CoachingMessage, Field(discriminator="type")])


class CoachOpened(ToClient):
    """The coach listens. The first message."""

    type: Literal["opened"] = "opened"
    engines: Engines


class CoachNoCorrection(ToClient):
    """The answer to a `request_correction` if no fault was found."""

    type: Literal["no_correction"] = "no_correction"
