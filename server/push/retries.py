"""Decides from the answer of a push service whether a message is sent again, and when."""

from __future__ import annotations

from enum import Enum, auto
from http import HTTPStatus

from server.push.ports import Answer

MAX_TRIES = 5
_FIRST_S, _FACTOR = 30.0, 4.0
_MAX_WAIT_S = 3_600.0
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class Outcome(Enum):
    SENT = auto()
    GONE = auto()
    """The subscription does not exist any more."""
    LATER = auto()
    REFUSED = auto()
    """This message is not sent; the next one may be."""


def outcome_of(answer: Answer) -> Outcome:
    """An answer that did not come may follow a message that was accepted: its `Topic` and the notification's
    tag make two of them one."""
    status = answer.status
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome.SENT
    if status in _GONE:
        return Outcome.GONE
    if status in {0, HTTPStatus.TOO_MANY_REQUESTS} or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome.LATER
    return Outcome.REFUSED


def next_try(answer: Answer, tries: int, now: float) -> float | None:
    """When to try again after `tries` in vain: what the service asks for, or 30 s, 2, 8 and 32 minutes. None:
    never."""
    if tries >= MAX_TRIES:
        return None
    wait = max(_FIRST_S * _FACTOR ** (tries - 1), answer.retry_after_s or 0.0)
    return now + min(wait, _MAX_WAIT_S)
