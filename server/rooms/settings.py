"""What an operator decides about rooms; the composition root fills it from the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsSettings:
    """Durations in seconds. `node_id` tells this process from others on the bus; the lobby and
    presence are told no faster than their intervals, and looked at every `tick_interval_s`. A seat that the
    store refused is offered to it again every `store_retry_s`."""

    node_id: str = "local"
    seat_grace_s: float = 30.0
    empty_room_ttl_s: float = 300.0
    max_rooms: int = 1_000
    max_rooms_per_user: int = 5
    store_timeout_s: float = 5.0
    store_retry_s: float = 10.0
    tick_interval_s: float = 0.2
    lobby_interval_s: float = 0.2
    online_interval_s: float = 1.0
