"""The refusal of a client that is not let in, in the form of its protocol's errors."""

from __future__ import annotations

from server.protocol.voice.base import VoiceProtocol
from server.protocol.voice.coach import CoachError
from server.protocol.voice.flux import FluxError
from server.protocol.voice.klass import ClassError
from server.protocol.voice.tutor import TutorError


def refusal(protocol: VoiceProtocol, code: str, text: str) -> str:
    """The message. `code`: a word for programs, where the protocol has one."""
    if protocol is VoiceProtocol.COACH:
        return CoachError(message=text).encoded()
    if protocol is VoiceProtocol.TUTOR:
        return TutorError(message=text).encoded()
    if protocol is VoiceProtocol.CLASS:
        return ClassError(error=text).encoded()
    return FluxError(sequence_id=0, code=code.upper(), description=text).encoded()
