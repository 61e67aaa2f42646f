"""Whether a learner's track carries nothing but the tutor's own voice coming back."""

from __future__ import annotations

from ai_agent.audio import Pcm


class EchoReference:
    """What the tutor said of late, as it left."""

    def played(self, frame: Pcm | None, now: float) -> None:
        pass


class EchoGuard:
    def __init__(self, reference: EchoReference) -> None:
        self._reference = reference

    def is_echo(self, pcm: Pcm, now: float) -> bool:  # noqa: ARG002
        return False
