"""Kinds of frames between the worker and pocketsphinx's processes; the number is the utterance's."""

import struct

START = b"S"
"""JSON: cmn, the cepstral means that the speaker's last utterance ended with, or null."""
AUDIO = b"A"
"""int16, little-endian, INPUT_HZ."""
FINISH = b"E"
CANCEL = b"C"

HEARD = b"H"
SAMPLES = struct.Struct("<Q")
"""Body of HEARD: samples decoded so far."""
PARTIAL = b"P"
"""The text so far."""
FINAL = b"F"
"""JSON: text; words as [text, start in seconds, end, confidence]; cmn, null where nothing was heard."""
