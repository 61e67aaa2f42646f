"""Ids and secrets that nobody can guess."""

from __future__ import annotations

import hashlib
import secrets


def new_id() -> str:
    """96 random bits, so that nobody finds an unlisted room by trying ids."""
    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """A resume token or an invite, 192 random bits."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """SHA-256 of a resume token, hex, for the store. The token has enough entropy to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
