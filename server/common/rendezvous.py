"""Chooses one of several candidates for a key; all processes with the same candidates choose the same one.

Rendezvous hashing (Thaler and Ravishankar, 1998): the key goes to the candidate whose hash with the key is
the highest, so that the keys of a candidate that is gone spread over all others.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b


def ranked(key: str, candidates: Iterable[str]) -> list[str]:
    """The candidates, the first choice for `key` first."""
    return sorted(candidates, key=lambda candidate: _weight(key, candidate), reverse=True)


def _weight(key: str, candidate: str) -> bytes:
    return blake2b(f"{candidate} {key}".encode(), digest_size=16).digest()
