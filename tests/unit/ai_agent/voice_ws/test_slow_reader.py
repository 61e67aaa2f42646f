"""A client that does not read: what waits for it is bounded, and it is told what it missed."""

from __future__ import annotations

import json

import pytest

from ai_agent.voice_ws import outgoing
from server.protocol.voice.base import VoiceProtocol
from tests.fakes.speech import ScriptedLlm
from tests.fakes.voice import loud
from tests.fakes.voice_session import run_session

TOLD = "Speech was dropped: the connection is too slow."
LONG = "This answer has a lot of words. " * 20
MOST = 100_000


@pytest.mark.parametrize(
    ("protocol", "extended", "told"),
    [
        (VoiceProtocol.COACH, False, {"type": "error", "message": TOLD}),
        (VoiceProtocol.FLUX, True, {"type": "Error", "code": "AUDIO_DROPPED", "description": TOLD}),
    ],
)
def test_old_speech_is_dropped_and_said_so_once(
    monkeypatch: pytest.MonkeyPatch, protocol: VoiceProtocol, extended: bool, told: dict[str, str]
) -> None:
    monkeypatch.setattr(outgoing, "MAX_AUDIO_BYTES", MOST)
    said: list[tuple[float, str | bytes]] = [(1.0, loud(0.8))]
    if protocol is VoiceProtocol.COACH:
        said.append((1.1, '{"type":"end_turn"}'))
    client = run_session(
        monkeypatch, *said, protocol=protocol, extended=extended, llm=ScriptedLlm([LONG]), reads_from=120.0
    )
    speech = [message for message in client.got if isinstance(message, bytes)]
    texts = [json.loads(message) for message in client.got if isinstance(message, str)]
    errors = [{name: text[name] for name in told} for text in texts if TOLD in text.values()]
    assert errors == [told]
    assert MOST / 2 < sum(map(len, speech)) <= MOST
    assert all(len(piece) % 2 == 0 for piece in speech)
    words = [text["text"] for text in texts if text["type"] in {"coach_text", "TutorText"}]
    assert "".join(words).startswith("This answer has a lot of words."), "text is never dropped"
