"""Settings of the voice protocols, and the limits of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from server.protocol.voice.base import MAX_TEXT_BYTES, VoiceProtocol
from server.protocol.voice.tutor import MAX_MESSAGE_BYTES

Anonymous = Literal["nobody", "local", "everybody"]
"""The clients that are let in without a token. `local`: programs and pages of this machine."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """`connections`: maximum, of all protocols together. `per_user`, `per_address`, `rate`: not limited if 0.
    `rate`: factor on the limits below. `trusted_proxies`: as in `client_ip`. `language`, `coach_language`: of
    a session that names none."""

    connections: int
    per_user: int
    per_address: int
    rate: float
    trusted_proxies: int
    anonymous: Anonymous
    language: str
    coach_language: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of what one client sends: bytes of a message, bytes and messages a second, and how much at
    once."""

    message_bytes: int
    bytes_per_s: float
    bytes_burst: float
    messages_per_s: float = 100.0
    messages_burst: float = 600.0


_PCM = Limits(MAX_TEXT_BYTES, 128 << 10, 4 << 20)
"""Four times what speech of 16 bits at 16 kHz takes, and two minutes of it at once."""
LIMITS: Mapping[VoiceProtocol, Limits] = {
    VoiceProtocol.COACH: _PCM,
    VoiceProtocol.FLUX: _PCM,
    VoiceProtocol.ECHO: _PCM,
    VoiceProtocol.CLASS: Limits(MAX_TEXT_BYTES, 256 << 10, 4 << 20),
    # A recording may be larger than what is accepted: then it is refused with a message.
    VoiceProtocol.TUTOR: Limits(
        MAX_MESSAGE_BYTES, 512 << 10, 32 << 20, messages_per_s=5.0, messages_burst=60.0
    ),
}
