"""A class resamples from the rate that its client named last."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from ai_agent.voice_ws.encoder import Mp3Encoder
from ai_agent.voice_ws.klass import Class
from ai_agent.voice_ws.outgoing import Outgoing


async def test_speech_at_a_rate_named_later_keeps_its_length() -> None:
    pushed: list[int] = []
    talk = SimpleNamespace(
        lesson=SimpleNamespace(language="en"),
        engines=SimpleNamespace(stt=object(), tts=object()),
        push=lambda pcm, _now: pushed.append(len(pcm)),
        hears_speech=True,
    )
    out = Outgoing()
    client = Class(cast("Any", talk), out, Mp3Encoder())
    for rate in (16_000, 48_000):
        await client.receive_text(json.dumps({"type": "stt_stream_start", "sample_rate": rate}))
        assert json.loads(await out.get())["sample_rate"] == rate
    second = np.zeros(48_000, "<i2").tobytes()
    audio = base64.b64encode(second).decode()
    await client.receive_text(json.dumps({"type": "stt_audio_chunk", "audio": audio}))
    assert abs(sum(pushed) - 16_000) < 100
