"""Codes that people read and type. Their letters cannot be taken for each other."""

from __future__ import annotations

import secrets

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUP = 5
DEVICE_LETTERS = 10
"""49 bits: valid for ten minutes, and tries are limited by address."""
RECOVERY_LETTERS = 20
"""99 bits: a plain digest of it cannot be searched."""


def new_code(letters: int) -> str:
    """A random code as it is shown, such as `ABCDE-FGHJK`."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(letters))
    return "-".join(code[at : at + _GROUP] for at in range(0, letters, _GROUP))


def plain(code: str) -> str:
    """A code as it is compared: case, spaces and dashes do not matter."""
    return "".join(letter for letter in code.upper() if letter in _LETTERS)
