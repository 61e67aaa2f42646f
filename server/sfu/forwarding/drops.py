"""Reasons for dropping packets: the closed set of keys of `DataPlaneCounters.dropped`."""

from __future__ import annotations

from enum import StrEnum


class Drop(StrEnum):
    NO_SESSION = "no_session"
    """From a peer whose handshake is not complete, or that has just left."""
    SSRC = "ssrc"
    PAYLOAD_TYPE = "payload_type"
    MALFORMED = "malformed"
    AUTH = "auth"
    REPLAY = "replay"
    MUTED = "muted"
    TOO_MANY = "too_many"
    """More than a microphone sends: each packet costs one for every listener."""
    NOT_LOUDEST = "not_loudest"
    DUPLICATE = "duplicate"
    """Had already been recovered from redundancy."""
    OLD = "old"
    NO_DESTINATION = "no_destination"
    PROTECT = "protect"
    """libsrtp refused to encrypt it."""
