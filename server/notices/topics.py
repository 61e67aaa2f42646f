"""Topics of notices: what a person turns on and off for their devices. The page shows everything."""

from __future__ import annotations

from typing import get_args

from server.protocol.notices import NoticeTopic

TOPICS: tuple[NoticeTopic, ...] = get_args(NoticeTopic)
_KINDS: dict[NoticeTopic, frozenset[str]] = {
    "reminders": frozenset({"event_reminder", "event_starting"}),
    "changes": frozenset({"event_moved", "event_cancelled", "event_paused", "event_resumed", "event_place"}),
    "invitations": frozenset({"room_invitation"}),
    "summary": frozenset({"week_summary"}),
}


def topic_of(kind: str) -> NoticeTopic | None:
    """None for a kind without a topic, which cannot be turned off."""
    return next((topic for topic, kinds in _KINDS.items() if kind in kinds), None)
