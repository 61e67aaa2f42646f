"""Secrets and names that must not be guessed."""

from __future__ import annotations

import hashlib
import secrets


def new_id() -> str:
    """96 random bits: the id of an unlisted room is not found by trying."""
    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """A resume token or an invite, 192 random bits."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """What the store keeps of a resume token: SHA-256, hex. The token has enough entropy to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
