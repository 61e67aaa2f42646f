"""The audio formats inside the worker.

`Pcm` is int16, shape (n,), mono. Input from learners is at INPUT_HZ, output of the tutor at OUTPUT_HZ (Opus).
Frames are 20 ms: INPUT_FRAME or OUTPUT_FRAME samples.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]

INPUT_HZ = 16_000
OUTPUT_HZ = 48_000
FRAME_S = 0.02
INPUT_FRAME = 320
OUTPUT_FRAME = 960


def seconds(pcm: Pcm, rate: int) -> float:
    return len(pcm) / rate
