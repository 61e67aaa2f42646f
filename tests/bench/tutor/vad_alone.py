"""What voice activity detection takes by itself for a clip, without network, queues or clocks."""

from __future__ import annotations

import numpy as np

from ai_agent.audio import EAR_FRAME, EAR_HZ
from ai_agent.room.hearing import PREROLL
from ai_agent.room.opus import Decoder
from ai_agent.vad.model import CONTEXT, WINDOW, Floats, no_state
from ai_agent.vad.onnx_model import OnnxVad
from ai_agent.vad.speech import Change, SpeechDetector
from tests.fakes.rtc.clips import SPEECH_LEVEL, Clip, silence_clip

_TAIL_S = 0.6


def vad_onset_ms(clip: Clip) -> float:
    """From the first loud frame, as it is sent, to the frame with which the VAD is sure."""
    return _look(clip)[0]


def vad_tail_ms(clip: Clip) -> float:
    """How long the VAD takes the sound after the last loud frame for speech."""
    return _look(clip)[1]


def _look(clip: Clip) -> tuple[float, float]:
    decoder, model, detector = Decoder(), OnnxVad(), SpeechDetector()
    heard = silence_clip(PREROLL * 0.02) + clip + silence_clip(_TAIL_S)
    samples = np.concatenate([decoder.decode(frame) for frame in heard.frames])
    loud = [i + PREROLL for i, level in enumerate(clip.levels) if level < SPEECH_LEVEL]
    context: Floats = np.zeros(CONTEXT, np.float32)
    state, onset = no_state(), None
    for at in range(0, len(samples) - WINDOW, WINDOW):
        window: Floats = (samples[at : at + WINDOW] / np.float32(32768)).astype(np.float32)
        answers, state = model.run(np.concatenate((context, window))[None, :], state)
        context = window[-CONTEXT:]
        # A window is looked at with the frame that completes it.
        frame = -(-(at + WINDOW) // EAR_FRAME)
        change = detector.window(float(answers[0]), (at + WINDOW) / EAR_HZ)
        if change is Change.STARTED and onset is None:
            onset = (frame - 1 - loud[0]) * 20.0
    if onset is None:
        raise ValueError("the VAD never heard this clip")
    return onset, detector.voice_at * 1000 - (loud[-1] + 1) * 20.0
