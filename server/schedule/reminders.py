"""When people are reminded of an occurrence."""

from __future__ import annotations

from collections.abc import Sequence

LATE_S = 600.0
"""A reminder that could not be sent for so long is dropped."""
BEFORE_S = {"day": 86_400.0, "soon": 600.0}
"""The kinds of reminders, and how long before the start each is due."""
USEFUL_S = {"day": 12 * 3_600.0, "soon": LATE_S}
"""For how long each is sent on by e-mail and to devices: that of the day before may wait for the end of
somebody's quiet hours, the other one may not."""


def planned(starts_at: float, now: float) -> Sequence[tuple[str, float]]:
    """Kind and time of each reminder that is still to come."""
    due = [(kind, starts_at - before) for kind, before in BEFORE_S.items()]
    return [(kind, at) for kind, at in due if at > now]


def is_late(due_at: float, now: float) -> bool:
    return now - due_at > LATE_S
