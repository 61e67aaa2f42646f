"""What sound is inside the worker.

`Pcm` is int16, shape (n,), mono. The ear works at EAR_HZ, the voice leaves at VOICE_HZ (Opus). Frames are
20 ms: EAR_FRAME or VOICE_FRAME samples.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]

EAR_HZ = 16_000
VOICE_HZ = 48_000
FRAME_S = 0.02
EAR_FRAME = 320
VOICE_FRAME = 960


def seconds(pcm: Pcm, rate: int) -> float:
    return len(pcm) / rate
