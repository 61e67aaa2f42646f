"""A learner's voice that the tutor's recogniser understands: hibari, in this process.

espeak-ng sounds too little like a person: every fifth of its words is heard wrongly.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from hibari import SAMPLE_RATE, Hibari

from tests.fakes.rtc.clips import RATE, Pcm


@cache
def _voice() -> Any:
    return Hibari()


@cache
def natural_pcm(text: str) -> Pcm:
    """At RATE, mono."""
    samples = np.asarray(_voice()(text), np.float32).reshape(-1)
    at = np.arange(round(len(samples) * RATE / SAMPLE_RATE)) * SAMPLE_RATE / RATE
    pcm: Pcm = (np.interp(at, np.arange(len(samples)), samples) * 32767 * 0.8).astype(np.int16)
    return pcm
