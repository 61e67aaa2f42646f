"""Signatures of what servers write into Redis, which other programs can write to as well."""

from __future__ import annotations

import hmac

_LENGTH = 64


def derived_key(secret: str, purpose: str) -> bytes:
    """A key for one purpose, from which neither the secret nor the key of another purpose can be computed."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def signed(text: str, key: bytes) -> str:
    """The text behind its signature."""
    return _signature(text, key) + text


def verified(entry: str, key: bytes) -> tuple[str, bool]:
    """The text of an entry, and whether its signature was made with the key."""
    signature, text = entry[:_LENGTH], entry[_LENGTH:]
    return text, hmac.compare_digest(_bytes(signature), _bytes(_signature(text, key)))


def _signature(text: str, key: bytes) -> str:
    return hmac.digest(key, _bytes(text), "sha256").hex()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
