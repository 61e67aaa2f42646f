"""Converts a stream of samples from one rate to another."""

from __future__ import annotations

import av
import numpy as np

from ai_agent.audio import Pcm


class Resampler:
    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._rate_in = rate_in
        self._same = rate_in == rate_out
        self._fed = False
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=rate_out)

    def feed(self, pcm: Pcm) -> Pcm:
        if self._same or not len(pcm):
            return pcm
        self._fed = True
        samples = np.ascontiguousarray(pcm, np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = self._rate_in
        return _joined(self._resampler.resample(frame))

    def finish(self) -> Pcm:
        """The samples that the filter still holds. Nothing may be fed afterwards."""
        return _joined(self._resampler.resample(None)) if self._fed else np.empty(0, np.int16)


def _joined(frames: list[av.AudioFrame]) -> Pcm:
    if not frames:
        return np.empty(0, np.int16)
    return np.concatenate([frame.to_ndarray().reshape(-1).astype(np.int16, copy=False) for frame in frames])
