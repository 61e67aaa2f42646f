"""Detects frames of a learner's track that hold only the tutor's own voice, back through a loudspeaker.

The tutor's audio and each track are compared as levels in bands, 20 ms at a time. Echo is the tutor's audio
after a delay of up to MAX_DELAY frames, attenuated by a loss in each band. Both are learnt for each learner
while the tutor speaks: the delay where the two correlate best, the loss as the median of what comes back.
Until they are known, a loss of PRIOR_DB is assumed at any delay; a track that stays silent while the tutor
speaks is known to have no echo. A frame is echo if nearly all of its energy is explained so. Real speech over
the echo exceeds it in some bands and passes whole: an echo under speech does not harm recognition.

It costs CPU only while the tutor speaks, and for MAX_DELAY frames after.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ai_agent.audio import INPUT_FRAME, INPUT_HZ, OUTPUT_FRAME, OUTPUT_HZ, Pcm

Bands = npt.NDArray[np.float64]

MAX_DELAY = 35
"""Frames (700 ms), for the whole round trip."""
PRIOR_DB = -20.0
MOST_DB = -6.0
"""A louder sound is no echo, however similar."""
MARGIN_DB = 6.0
"""Echo varies around the learnt loss."""
NONE_DB = -60.0
EXPLAINED = 0.7
"""Share of a frame's energy that echo must explain."""
LEARN_FRAMES = 40
"""Frames compared to find the delay: 800 ms in which the tutor was heard."""
LEARN_EVERY = 10
MIN_LOUD_FRAMES = 12
"""Minimum of loud frames among LEARN_FRAMES."""
REFERENCE_FRAMES = MAX_DELAY + LEARN_FRAMES + 20
MIN_CORRELATION = 0.55
"""Correlation of levels from which the two count as the same sound."""
FLOOR_DB = -75.0
AUDIBLE_DB = -50.0
SPEECH_FRAMES = 3
"""Frames in a row that are no echo count as speech."""
MIN_POWER = 10 ** (-58 / 10)
"""Power of a frame that the energy gate would not pass."""
HANG_FRAMES = 6
"""Speech lasts this long after its last such frame, so that dips do not cut it."""

_EDGES_HZ = np.array(
    [120, 250, 400, 550, 700, 900, 1100, 1400, 1700, 2100, 2600, 3200, 4000, 5000, 6200, 7600]
)
N_BANDS = len(_EDGES_HZ) - 1


class _Meter:
    """Measures a frame's levels in bands, in dBFS."""

    def __init__(self, frame: int, rate: int) -> None:
        self._window = np.hanning(frame)
        self._scale = 2.0 / (self._window.sum() * 32768)
        self._edges = np.round(_EDGES_HZ * frame / rate).astype(np.int64)

    def levels(self, pcm: Pcm) -> Bands:
        spectrum = np.abs(np.fft.rfft(pcm * self._window)) * self._scale
        power = np.add.reduceat(spectrum[: self._edges[-1]] ** 2, self._edges[:-1])
        levels: Bands = np.maximum(10 * np.log10(power + 1e-12), FLOOR_DB)
        return levels


_TUTOR_METER = _Meter(OUTPUT_FRAME, OUTPUT_HZ)
_TRACK_METER = _Meter(INPUT_FRAME, INPUT_HZ)
_DECAY = 3.0 * np.maximum(0, np.arange(14) - 3)[:, None]
"""dB by frame: reverberation that is 60 dB down after 400 ms."""
_SILENCE = np.full(N_BANDS, FLOOR_DB)


class EchoReference:
    """The tutor's last frames as they were played, one for a dialogue. `count`: frames since its start."""

    def __init__(self) -> None:
        self._ring = np.full((REFERENCE_FRAMES, N_BANDS), FLOOR_DB)
        self._loudest = np.full(REFERENCE_FRAMES, FLOOR_DB)
        self.count = 0
        self._silent_for = MAX_DELAY + 1

    def played(self, frame: Pcm | None) -> None:
        """Called every 20 ms; None: silence."""
        self.count += 1
        if frame is not None:
            self._silent_for = 0
            self._put(_TUTOR_METER.levels(frame))
        elif self._silent_for <= REFERENCE_FRAMES:
            self._silent_for += 1
            self._put(_SILENCE)

    def _put(self, levels: Bands) -> None:
        at = self.count % REFERENCE_FRAMES
        self._ring[at], self._loudest[at] = levels, levels.max()

    @property
    def may_echo(self) -> bool:
        return self._silent_for <= MAX_DELAY

    def before(self, first: int, last: int) -> Bands:
        """(frames, N_BANDS): what was played `first` to `last` frames ago."""
        return self._ring[(self.count - np.arange(first, last + 1)) % REFERENCE_FRAMES]

    def delayed(self, counts: Sequence[int]) -> tuple[Bands, Bands]:
        """(frames, MAX_DELAY + 1, N_BANDS): what was played d frames before each of these; and the level of
        the loudest band of each."""
        at = (np.array(counts)[:, None] - np.arange(MAX_DELAY + 1)) % REFERENCE_FRAMES
        return self._ring.take(at, axis=0), self._loudest.take(at)


class EchoDetector:
    """One for each learner. `delay`: frames, None while unknown. `loss_db`: by band."""

    def __init__(self, reference: EchoReference) -> None:
        self.delay: int | None = None
        self.loss_db: Bands = np.full(N_BANDS, PRIOR_DB)
        self._reference = reference
        self._track: deque[tuple[int, Bands]] = deque(maxlen=LEARN_FRAMES)
        self._since_learnt = 0
        self._guess: int | None = None
        self._streak = 0
        self._hang = 0

    @property
    def tutor_is_heard(self) -> bool:
        """It speaks, or did so less than MAX_DELAY frames ago."""
        return self._reference.may_echo

    def is_echo(self, pcm: Pcm) -> bool:
        """Whether this frame of the learner's track, received now, is echo."""
        if not self._reference.may_echo or len(pcm) != INPUT_FRAME:
            return False
        track = _TRACK_METER.levels(pcm) if pcm.any() else _SILENCE
        self._remember(track)
        if self._explained(track) < EXPLAINED:
            self._streak += 1
            self._hang = HANG_FRAMES if self._streak >= SPEECH_FRAMES else max(self._hang, 1)
            return False
        self._streak = 0
        self._hang = max(0, self._hang - 1)
        return self._hang == 0

    def silent_frame(self) -> None:
        """A frame of silence on the track."""
        if self._reference.may_echo:
            self._remember(_SILENCE)

    def _explained(self, track: Bands) -> float:
        """Share of the frame's energy that may be echo, 0..1; 1 for a frame below MIN_POWER."""
        power = 10 ** (track / 10)
        if power.sum() < MIN_POWER:
            return 1.0
        if self.delay is None:
            source = self._reference.before(0, MAX_DELAY).max(axis=0)
        else:
            first = max(0, self.delay - 1)
            source = (self._reference.before(first, first + len(_DECAY) - 1) - _DECAY).max(axis=0)
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
        if newest - oldest > REFERENCE_FRAMES - MAX_DELAY - 2:
            return  # after a gap the reference no longer holds what was played before it
        tutor, loudest = self._reference.delayed([count for count, _ in self._track])
        track = np.array([levels for _, levels in self._track])
        is_loud = loudest > AUDIBLE_DB
        heard = is_loud.sum(axis=0)
        if track.max() < AUDIBLE_DB - 10:
            if heard.min() >= MIN_LOUD_FRAMES:
                # at any delay something would have come back
                self.delay, self.loss_db = None, np.full(N_BANDS, NONE_DB)
            return
        alike = np.where(heard >= MIN_LOUD_FRAMES, _correlations(tutor, track, is_loud), -1.0)
        delay = int(alike.argmax())
        if alike[delay] < MIN_CORRELATION:
            return
        agrees = self._guess is not None and abs(self._guess - delay) <= 1
        self._guess = delay
        if not agrees:
            return  # speech may correlate with the reference once by chance
        self.delay = delay
        source = tutor[:, max(0, delay - 1) : delay + 2].max(axis=1)
        self.loss_db = _losses(source, track)


def _correlations(tutor: Bands, track: Bands, is_loud: npt.NDArray[np.bool_]) -> Bands:
    """Of levels over time and bands, for each delay; -1..1. Only loud frames count: two sounds that fall
    silent at the same time are not for that reason echo.
    """
    weights = is_loud.astype(np.float64)
    counts = np.maximum(weights.sum(axis=0), 1)
    loud = tutor * weights[:, :, None]
    # Sums over frames and bands for each delay. Those of products less the product of the means: fewer passes
    # over the largest array than with deviations, and far from the limits of the numbers.
    theirs, ours = loud.sum(axis=0), weights.T @ track
    products = np.einsum("fdb,fb->d", loud, track) - (theirs * ours).sum(axis=1) / counts
    of_theirs = np.einsum("fdb,fdb->d", loud, tutor) - (theirs**2).sum(axis=1) / counts
    of_ours = weights.T @ (track**2).sum(axis=1) - (ours**2).sum(axis=1) / counts
    norms = np.sqrt(np.maximum(of_theirs, 0) * np.maximum(of_ours, 0))
    alike: Bands = np.divide(products, norms, out=np.full(len(products), -1.0), where=norms > 1e-3)
    return alike


def _losses(source: Bands, track: Bands) -> Bands:
    """Median loss in each band, over the frames in which the tutor was audible in it."""
    losses = np.full(N_BANDS, PRIOR_DB)
    for band in range(N_BANDS):
        loud = source[:, band] > AUDIBLE_DB - 10
        if loud.sum() >= LEARN_FRAMES // 4:
            losses[band] = np.clip(np.median((track - source)[loud, band]), NONE_DB, MOST_DB)
    return losses
