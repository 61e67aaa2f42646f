"""Why packets are dropped: the closed set of reasons in `LoopCounters.dropped`."""

from __future__ import annotations

from enum import StrEnum


class Drop(StrEnum):
    NO_SESSION = "no_session"
    """From a peer whose handshake is not done, or that has just gone."""
    SSRC = "ssrc"
    PAYLOAD_TYPE = "payload_type"
    MALFORMED = "malformed"
    AUTH = "auth"
    REPLAY = "replay"
    MUTED = "muted"
    TOO_MANY = "too_many"
    """More than any microphone makes: each would cost as many as there are listeners."""
    NOT_LOUDEST = "not_loudest"
    DUPLICATE = "duplicate"
    """Had already been made good from redundancy."""
    OLD = "old"
    NO_DESTINATION = "no_destination"
    PROTECT = "protect"
    """libsrtp would not encrypt it."""
