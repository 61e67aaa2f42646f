"""How a reader of the beginning of a text answers: with the number of characters that it has dealt with, or
one of these."""

from __future__ import annotations

from typing import Final

WAIT: Final = -1
"""More text is needed to know what this is."""
OTHER: Final = 0
"""This is something for another reader."""
MAX_HELD: Final = 300
"""A mark that has not closed after so many characters is no mark."""
