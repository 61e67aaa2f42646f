"""Kinds of frames between the worker and espeak-ng's process; the number is the request's."""

SPEAK = b"S"
"""JSON: text, voice, wordsAMinute."""
CANCEL = b"C"

MARKS = b"M"
"""JSON: pairs of ms from the start and characters of the text; they precede the samples they begin in."""
AUDIO = b"A"
"""int16, little-endian, at the rate that READY told."""
END = b"E"
FAILED = b"F"
"""Text for the log."""
