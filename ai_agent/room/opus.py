"""Opus through libopus itself (RFC 6716, RFC 7587): FFmpeg's wrapper offers neither FEC nor concealment.

The decoder outputs 16 kHz directly: it leaves out the bands above 8 kHz, so nothing aliases and no resampler
is needed. The library is the one in PyAV's wheel, else the system's.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import av
import numpy as np

from ai_agent.audio import INPUT_HZ, OUTPUT_FRAME, OUTPUT_HZ, Pcm
from ai_agent.errors import SettingError

SILENCE = b"\xf8\xff\xfe"
"""20 ms of silence: fullband CELT, mono (RFC 6716 section 3.1)."""

_APPLICATION_VOIP = 2048
_SET_BITRATE, _SET_INBAND_FEC, _SET_LOSS, _SET_COMPLEXITY = 4002, 4012, 4014, 4010
_RESET_STATE = 4028
_MAX_PACKET = 1_275
_MAX_SAMPLES = INPUT_HZ * 120 // 1000
"""120 ms, the longest packet."""
_BITS_PER_S = 32_000
_EXPECTED_LOSS_PERCENT = 10
_COMPLEXITY = 5
"""Complexity, of at most 10. Half the CPU of 9, without an audible difference for speech at 32 kbit/s."""


class OpusError(Exception):
    """A call of libopus failed; the text is its own."""


class OpusDecoder:
    """One stream of packets to mono samples at INPUT_HZ."""

    def __init__(self) -> None:
        self._lib = _library()
        code = ctypes.c_int()
        self._state = self._lib.opus_decoder_create(INPUT_HZ, 1, ctypes.byref(code))
        if code.value:
            raise OpusError(_text(code.value))
        self._samples: Pcm = np.zeros(_MAX_SAMPLES, np.int16)

    def decode(self, packet: bytes) -> Pcm:
        """Raises OpusError if the packet is malformed."""
        return self._decode(packet, _MAX_SAMPLES, fec=False)

    def recover(self, following: bytes, samples: int) -> Pcm:
        """The lost packet before `following`, from its FEC; concealed if it carries none."""
        return self._decode(following, samples, fec=True)

    def conceal(self, samples: int) -> Pcm:
        return self._decode(None, samples, fec=False)

    def reset(self) -> None:
        self._lib.opus_decoder_ctl(self._state, _RESET_STATE)

    def _decode(self, packet: bytes | None, samples: int, *, fec: bool) -> Pcm:
        size = len(packet) if packet else 0
        buffer = self._samples.ctypes.data
        count = int(self._lib.opus_decode(self._state, packet, size, buffer, samples, int(fec)))
        if count < 0:
            raise OpusError(_text(count))
        return self._samples[:count].copy()

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._lib.opus_decoder_destroy(self._state)


class OpusEncoder:
    """Frames of OUTPUT_FRAME samples to packets of 20 ms, with in-band FEC."""

    def __init__(self) -> None:
        self._lib = _library()
        code = ctypes.c_int()
        self._state = self._lib.opus_encoder_create(OUTPUT_HZ, 1, _APPLICATION_VOIP, ctypes.byref(code))
        if code.value:
            raise OpusError(_text(code.value))
        for request, value in (
            (_SET_BITRATE, _BITS_PER_S),
            (_SET_INBAND_FEC, 1),
            (_SET_LOSS, _EXPECTED_LOSS_PERCENT),
            (_SET_COMPLEXITY, _COMPLEXITY),
        ):
            self._lib.opus_encoder_ctl(self._state, request, ctypes.c_int(value))
        self._packet = (ctypes.c_ubyte * _MAX_PACKET)()

    def encode(self, frame: Pcm) -> bytes:
        samples = np.ascontiguousarray(frame)
        if len(samples) != OUTPUT_FRAME:
            raise OpusError(f"a frame must have {OUTPUT_FRAME} samples, not {len(samples)}")
        size = self._lib.opus_encode(
            self._state, samples.ctypes.data, OUTPUT_FRAME, self._packet, _MAX_PACKET
        )
        if size < 0:
            raise OpusError(_text(size))
        return bytes(self._packet[:size])

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._lib.opus_encoder_destroy(self._state)


@cache
def _library() -> ctypes.CDLL:
    """Raises SettingError if it is not installed."""
    for path in _candidates():
        try:
            lib = ctypes.CDLL(path)
        except OSError:
            continue
        pointer = ctypes.c_void_p
        lib.opus_decoder_create.restype = lib.opus_encoder_create.restype = pointer
        lib.opus_decoder_destroy.argtypes = lib.opus_encoder_destroy.argtypes = [pointer]
        lib.opus_decoder_ctl.argtypes = lib.opus_encoder_ctl.argtypes = [pointer, ctypes.c_int]
        size, count = ctypes.c_int32, ctypes.c_int
        lib.opus_decode.argtypes = [pointer, ctypes.c_char_p, size, pointer, count, ctypes.c_int]
        lib.opus_encode.argtypes = [pointer, pointer, count, pointer, size]
        lib.opus_strerror.restype = ctypes.c_char_p
        return lib
    raise SettingError("libopus was not found: install PyAV from its wheel, or the package libopus0")


def _candidates() -> Iterator[str]:
    package = Path(av.__file__).parent
    for folder in (package.parent / "av.libs", package / ".dylibs"):
        yield from (str(path) for path in sorted(folder.glob("*opus*")))
    found = ctypes.util.find_library("opus")
    if found:
        yield found
    if sys.platform == "linux":
        yield "libopus.so.0"


def _text(code: int) -> str:
    return bytes(_library().opus_strerror(code)).decode()
