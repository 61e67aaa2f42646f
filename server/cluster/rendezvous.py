"""Which server takes an ownerless room: every server that knows the same candidates names the same one.

Rendezvous hashing (Thaler and Ravishankar, 1998): the room goes to the server whose hash with the room's id
is the highest, so that the rooms of a dead server spread over all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b


def ranked(key: str, candidates: Iterable[str]) -> list[str]:
    """The candidates, the first choice for `key` first."""
    return sorted(candidates, key=lambda candidate: _weight(key, candidate), reverse=True)


def _weight(key: str, candidate: str) -> bytes:
    return blake2b(f"{candidate} {key}".encode(), digest_size=16).digest()
