"""Signalling's settings that an operator decides; the composition root fills them from the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SignallingOptions:
    """Times are in seconds. `rate_limit` is a factor on every limit of rate or number of connections; 0 turns
    the limits off.

    `max_queued` and `max_queued_bytes` limit the packets that wait for a slow client, `unread_s` the time for
    which one waits; beyond them the client is disconnected.
    `handler_timeout_s` must be below `ping_timeout_s`: while an event is handled, pongs of its socket wait.
    """

    rate_limit: float = 1.0
    max_message_bytes: int = 100_000
    max_queued: int = 512
    max_queued_bytes: int = 1 << 20
    unread_s: float = 20.0
    max_sockets: int = 8_000
    max_sockets_per_address: int = 400
    max_connections_per_user: int = 20
    handshake_s: float = 10.0
    handler_timeout_s: float = 8.0
    ping_interval_s: float = 10.0
    ping_timeout_s: float = 10.0
