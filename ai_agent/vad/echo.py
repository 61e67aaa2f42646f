"""Whether a learner's track carries nothing but the tutor's own voice, come back through a loudspeaker.

The tutor's sound and each track are compared as levels in bands, 20 ms at a time. Echo is what the tutor
said, later by a delay of up to LONGEST frames and weaker by a loss in each band. Both are learnt for each
learner while the tutor speaks: the delay where the two run alike, the loss as the middle of what comes back.
Until they are known a loss of PRIOR_DB is taken at any delay; a track that stays still while the tutor speaks
is known to have none. A frame is echo if nearly all of its energy is explained so. Real speech over the echo
stands out in some bands, and passes whole: an echo under speech harms no recogniser.

It costs something only while the tutor speaks, and LONGEST frames after.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ai_agent.audio import INPUT_FRAME, INPUT_HZ, OUTPUT_FRAME, OUTPUT_HZ, Pcm

Bands = npt.NDArray[np.float64]

LONGEST = 35
"""Frames: 700 ms there and back."""
PRIOR_DB = -20.0
MOST_DB = -6.0
"""What sounds louder than this is no echo, however alike."""
MARGIN_DB = 6.0
"""Echo varies around what was learnt."""
NONE_DB = -60.0
EXPLAINED = 0.7
"""Share of a frame's energy that the echo must explain."""
LEARN_FRAMES = 40
"""Frames that are compared to find a delay: 800 ms in which the tutor was heard."""
LEARN_EVERY = 10
ENOUGH = 12
"""Of those frames must be loud."""
KEPT = LONGEST + LEARN_FRAMES + 20
"""Of the tutor's frames."""
ALIKE = 0.55
"""Correlation of levels from which the two count as one sound."""
FLOOR_DB = -75.0
AUDIBLE_DB = -50.0
SURE = 3
SOFT = 10 ** (-58 / 10)
"""Power of a frame that the energy gate would not let in."""
HANG = 6
"""Frames: so many in a row that stood out are speech, which is then not cut at its dips."""

_EDGES_HZ = np.array(
    [120, 250, 400, 550, 700, 900, 1100, 1400, 1700, 2100, 2600, 3200, 4000, 5000, 6200, 7600]
)
N_BANDS = len(_EDGES_HZ) - 1


class _Meter:
    """Levels of one frame in bands, dBFS."""

    def __init__(self, frame: int, rate: int) -> None:
        self._window = np.hanning(frame)
        self._scale = 2.0 / (self._window.sum() * 32768)
        self._edges = np.round(_EDGES_HZ * frame / rate).astype(np.int64)

    def levels(self, pcm: Pcm) -> Bands:
        spectrum = np.abs(np.fft.rfft(pcm * self._window)) * self._scale
        power = np.add.reduceat(spectrum[: self._edges[-1]] ** 2, self._edges[:-1])
        levels: Bands = np.maximum(10 * np.log10(power + 1e-12), FLOOR_DB)
        return levels


_VOICE = _Meter(OUTPUT_FRAME, OUTPUT_HZ)
_EAR = _Meter(INPUT_FRAME, INPUT_HZ)
_DECAY = 3.0 * np.maximum(0, np.arange(14) - 3)[:, None]
"""dB a frame: a room that is 60 dB down after 400 ms."""
_STILL = np.full(N_BANDS, FLOOR_DB)


class EchoReference:
    """What the tutor said of late, as it left. One for a dialogue. `count`: frames since it began."""

    def __init__(self) -> None:
        self._ring = np.full((KEPT, N_BANDS), FLOOR_DB)
        self.count = 0
        self._silent_for = LONGEST + 1

    def played(self, frame: Pcm | None) -> None:
        """Every 20 ms; None: nothing was heard."""
        self.count += 1
        if frame is not None:
            self._silent_for = 0
            self._ring[self.count % KEPT] = _VOICE.levels(frame)
        elif self._silent_for <= KEPT:
            self._silent_for += 1
            self._ring[self.count % KEPT] = FLOOR_DB

    @property
    def may_echo(self) -> bool:
        return self._silent_for <= LONGEST

    def before(self, first: int, last: int) -> Bands:
        """(frames, N_BANDS): what left `first` to `last` frames ago."""
        return self._ring[(self.count - np.arange(first, last + 1)) % KEPT]

    def delayed(self, counts: Sequence[int]) -> Bands:
        """(frames, LONGEST + 1, N_BANDS): what left d frames before each of these."""
        return self._ring[(np.array(counts)[:, None] - np.arange(LONGEST + 1)) % KEPT]


class EchoDetector:
    """One for a learner. `delay`: frames, None while unknown. `loss_db`: by band."""

    def __init__(self, reference: EchoReference) -> None:
        self.delay: int | None = None
        self.loss_db: Bands = np.full(N_BANDS, PRIOR_DB)
        self._reference = reference
        self._track: deque[tuple[int, Bands]] = deque(maxlen=LEARN_FRAMES)
        self._since_learnt = 0
        self._guess: int | None = None
        self._streak = 0
        self._hang = 0

    def is_echo(self, pcm: Pcm) -> bool:
        """One frame of the learner's track, now."""
        if not self._reference.may_echo or len(pcm) != INPUT_FRAME:
            return False
        track = _EAR.levels(pcm)
        self._remember(track)
        if self._explained(track) < EXPLAINED:
            self._streak += 1
            self._hang = HANG if self._streak >= SURE else max(self._hang, 1)
            return False
        self._streak = 0
        self._hang = max(0, self._hang - 1)
        return self._hang == 0

    def silent_frame(self) -> None:
        """A frame of silence, though the tutor speaks."""
        if self._reference.may_echo:
            self._remember(_STILL)

    def _explained(self, track: Bands) -> float:
        """Share of the frame's energy that echo may be, 0..1; of next to none, all."""
        if self.delay is None:
            source = self._reference.before(0, LONGEST).max(axis=0)
        else:
            first = max(0, self.delay - 1)
            source = (self._reference.before(first, first + len(_DECAY) - 1) - _DECAY).max(axis=0)
        power = 10 ** (track / 10)
        if power.sum() < SOFT:
            return 1.0
        echo = np.minimum(power, 10 ** ((source + self.loss_db + MARGIN_DB) / 10))
        return float(echo.sum() / power.sum())

    def _remember(self, track: Bands) -> None:
        self._track.append((self._reference.count, track))
        self._since_learnt += 1
        if self._since_learnt >= LEARN_EVERY and len(self._track) == LEARN_FRAMES:
            self._since_learnt = 0
            self._learn()

    def _learn(self) -> None:
        oldest, newest = self._track[0][0], self._track[-1][0]
        if newest - oldest > KEPT - LONGEST - 2:
            return  # there was a gap; what was said before it is gone
        tutor = self._reference.delayed([count for count, _ in self._track])
        track = np.array([levels for _, levels in self._track])
        is_loud = tutor.max(axis=2) > AUDIBLE_DB
        heard = is_loud.sum(axis=0)
        if track.max() < AUDIBLE_DB - 10:
            if heard.min() >= ENOUGH:
                # at whatever delay, something would have come back
                self.delay, self.loss_db = None, np.full(N_BANDS, NONE_DB)
            return
        alike = np.where(heard >= ENOUGH, _correlations(tutor, track, is_loud), -1.0)
        delay = int(alike.argmax())
        if alike[delay] < ALIKE:
            return
        agrees = self._guess is not None and abs(self._guess - delay) <= 1
        self._guess = delay
        if not agrees:
            return  # speech over the echo may look like it once
        self.delay = delay
        source = tutor[:, max(0, delay - 1) : delay + 2].max(axis=1)
        self.loss_db = _losses(source, track)


def _correlations(tutor: Bands, track: Bands, is_loud: npt.NDArray[np.bool_]) -> Bands:
    """Of levels over time and bands, for each delay; -1..1. Only frames that were loud count: that both fall
    silent at times makes two sounds no echo.
    """
    counts = np.maximum(is_loud.sum(axis=0), 1)[:, None]
    weights = is_loud[:, :, None]
    theirs = (tutor - (tutor * weights).sum(axis=0) / counts) * weights
    ours = (track[:, None] - (track[:, None] * weights).sum(axis=0) / counts) * weights
    norms = np.sqrt((ours**2).sum(axis=(0, 2)) * (theirs**2).sum(axis=(0, 2)))
    products = (ours * theirs).sum(axis=(0, 2))
    alike: Bands = np.divide(products, norms, out=np.full(len(products), -1.0), where=norms > 1e-6)
    return alike


def _losses(source: Bands, track: Bands) -> Bands:
    """What comes back of each band at most, leaving out frames in which the learner speaks over it."""
    losses = np.full(N_BANDS, PRIOR_DB)
    for band in range(N_BANDS):
        loud = source[:, band] > AUDIBLE_DB - 10
        if loud.sum() >= LEARN_FRAMES // 4:
            losses[band] = np.clip(np.median((track - source)[loud, band]), NONE_DB, MOST_DB)
    return losses
