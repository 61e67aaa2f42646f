"""Messages that Parlor's own page adds to flux for its talking mode: `GET /v2/flux/{session_id}?extended=1`.

The tutor greets, as in a room. Its speech is PCM (16 bits, SPEECH_HZ, mono) in place of MP3. `topic` and
`level` are those of the talk, and `conversation` is the id of one that goes on, the learner's own. All
messages of flux come too; these have what the page shows of a talk in a room, in the same form.
"""

from __future__ import annotations

from typing import Literal

from server.protocol.levels import Level
from server.protocol.tutor import (
    Engines,
    FeedbackItem,
    FeedbackNonePart,
    SpokenText,
    TranscriptPart,
    TutorState,
    TutorTextPart,
)
from server.protocol.voice.base import FromClient, ToClient

SPEECH_HZ = 24_000


class TalkSay(FromClient):
    """Typed instead of spoken."""

    type: Literal["Say"]
    text: SpokenText


class TalkOpened(ToClient):
    """The tutor listens. The first message, after `Connected`."""

    type: Literal["TalkOpened"] = "TalkOpened"
    tutor_name: str
    topic: str
    level: Level
    engines: Engines


class TalkAlive(ToClient):
    """The answer to KeepAlive."""

    type: Literal["KeepAlive"] = "KeepAlive"


class TalkState(ToClient):
    type: Literal["TalkState"] = "TalkState"
    state: TutorState


class TalkTranscript(ToClient):
    type: Literal["TalkTranscript"] = "TalkTranscript"
    part: TranscriptPart


class TalkText(ToClient):
    type: Literal["TalkText"] = "TalkText"
    part: TutorTextPart


class TalkFeedback(ToClient):
    type: Literal["TalkFeedback"] = "TalkFeedback"
    part: FeedbackItem


class TalkNoFeedback(ToClient):
    type: Literal["TalkNoFeedback"] = "TalkNoFeedback"
    part: FeedbackNonePart
