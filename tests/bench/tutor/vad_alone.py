"""Latency of voice activity detection alone for a clip, without network, queues or clocks."""

from __future__ import annotations

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_HZ
from ai_agent.room.opus import OpusDecoder
from ai_agent.room.track_decoder import PREROLL, QUIET_LEVEL
from ai_agent.vad.gate import EnergyGate
from ai_agent.vad.model import CONTEXT, WINDOW, Floats, no_state
from ai_agent.vad.onnx_model import OnnxVad
from ai_agent.vad.speech import Change, SpeechDetector
from tests.fakes.rtc.clips import SPEECH_LEVEL, Clip, silence_clip

_TAIL_S = 0.6


def vad_onset_ms(clip: Clip) -> float:
    """From the first loud frame, as sent, to the frame at which the VAD detects speech."""
    return _look(clip)[0]


def vad_tail_ms(clip: Clip) -> float:
    """How long after the last loud frame the VAD still detects speech."""
    return _look(clip)[1]


def _look(clip: Clip) -> tuple[float, float]:
    """The clip as the worker decodes it: from PREROLL before the first packet that is not quiet, after the
    gate.

    Both determine where windows begin, and thereby, to within 32 ms, the detected end of speech.
    """
    decoder, model, gate, detector = OpusDecoder(), OnnxVad(), EnergyGate(), SpeechDetector()
    heard = silence_clip(PREROLL * FRAME_S) + clip + silence_clip(_TAIL_S)
    opened = next(i for i, level in enumerate(heard.levels) if level <= QUIET_LEVEL) - PREROLL
    loud = [i for i, level in enumerate(heard.levels) if level < SPEECH_LEVEL]
    waiting: Floats = np.zeros(0, np.float32)
    context: Floats = np.zeros(CONTEXT, np.float32)
    state, onset = no_state(), None
    for number, frame in enumerate(heard.frames[opened:], opened):
        pcm = decoder.decode(frame)
        if not gate.passes(pcm):
            detector.silence((number + 1) * FRAME_S)
            continue
        waiting = np.concatenate((waiting, pcm.astype(np.float32) / np.float32(32768)))
        while len(waiting) >= WINDOW:
            window, waiting = waiting[:WINDOW], waiting[WINDOW:]
            answers, state = model.run(np.concatenate((context, window))[None, :], state)
            context = window[-CONTEXT:]
            ended = (number + 1) * FRAME_S - len(waiting) / INPUT_HZ
            change = detector.window(float(answers[0]), ended)
            if change is Change.STARTED and onset is None:
                onset = (number - loud[0]) * FRAME_S * 1000
    if onset is None:
        raise ValueError("the VAD detected no speech in this clip")
    return onset, (detector.voice_at - (loud[-1] + 1) * FRAME_S) * 1000
