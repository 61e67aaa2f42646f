"""When a session is closed because nobody speaks, on virtual time."""

from __future__ import annotations

import base64
import json

import pytest

from ai_agent.dialogue.turn import LONGEST_S
from server.protocol.voice.base import VoiceProtocol
from tests.fakes.voice import loud, quiet
from tests.fakes.voice_session import run_session

_ERROR = {
    VoiceProtocol.TUTOR: {"event", "message"},
    VoiceProtocol.CLASS: {"type", "error"},
    VoiceProtocol.FLUX: {"type", "sequence_id", "code", "description"},
}
IDLE_S = 300.0
PING = '{"type":"ping"}'


def test_signs_of_life_keep_no_session_open(monkeypatch: pytest.MonkeyPatch) -> None:
    client = run_session(monkeypatch, *((minute * 60.0, PING) for minute in range(1, 20)))
    assert client.closed is not None
    at, code = client.closed
    assert IDLE_S <= at < IDLE_S + 15
    assert code == 1000
    assert "5 minutes" in str(client.got[-1])


@pytest.mark.parametrize("protocol", [VoiceProtocol.TUTOR, VoiceProtocol.CLASS, VoiceProtocol.FLUX])
def test_each_protocol_says_in_its_own_form_that_a_session_was_idle(
    monkeypatch: pytest.MonkeyPatch, protocol: VoiceProtocol
) -> None:
    client = run_session(monkeypatch, protocol=protocol)
    assert client.closed is not None
    assert client.closed[1] == 1000
    told = [message for message in map(json.loads, client.got) if "5 minutes" in str(message)]
    assert [set(message) for message in told] == [_ERROR[protocol]]


@pytest.mark.parametrize("protocol", [VoiceProtocol.CLASS, VoiceProtocol.FLUX])
def test_streamed_silence_keeps_no_session_open(
    monkeypatch: pytest.MonkeyPatch, protocol: VoiceProtocol
) -> None:
    """A microphone that was left open: a second of silence every 5 s, for ten minutes."""
    chunk: str | bytes = quiet(1.0)
    first: list[tuple[float, str | bytes]] = []
    if protocol is VoiceProtocol.CLASS:
        first = [(0.5, '{"type":"stt_stream_start","language":"en-US","sample_rate":16000}')]
        chunk = json.dumps({"type": "stt_audio_chunk", "audio": base64.b64encode(quiet(1.0)).decode()})
    said = [*first, *((5.0 * n, chunk) for n in range(1, 120))]
    client = run_session(monkeypatch, *said, protocol=protocol)
    assert client.closed is not None
    at, code = client.closed
    assert IDLE_S <= at < IDLE_S + 15
    assert code == 1000
    assert sum("rror" in str(message) for message in client.got) == 1
    assert "5 minutes" in str(client.got[-1])


def test_silence_streamed_to_the_coach_keeps_no_session_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sound begins a turn, which the client ends: the time counts from when a turn without words is given
    up."""
    said = ((5.0 * n, quiet(1.0)) for n in range(1, 120))
    client = run_session(monkeypatch, *said, protocol=VoiceProtocol.COACH)
    assert client.closed is not None
    at, code = client.closed
    assert IDLE_S <= at < IDLE_S + LONGEST_S + 15
    assert code == 1000
    assert "5 minutes" in str(client.got[-1])


def test_the_time_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    client = run_session(monkeypatch, protocol=VoiceProtocol.FLUX, idle_s=60.0)
    assert client.closed is not None
    assert 60 <= client.closed[0] < 75
    assert any("for 1 minute:" in str(message) for message in client.got)


def test_speech_keeps_a_session_open(monkeypatch: pytest.MonkeyPatch) -> None:
    client = run_session(monkeypatch, (1.0, PING), (200.0, loud(0.1)), (210.0, '{"type":"end_turn"}'))
    assert client.closed is not None
    assert 210 + IDLE_S <= client.closed[0] < 230 + IDLE_S


def test_a_session_of_echo_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    client = run_session(monkeypatch, (1.0, b"one"), (200.0, b"two"), protocol=VoiceProtocol.ECHO)
    assert client.got[:2] == [b"one", b"two"]
    assert "IDLE" in str(client.got[2])
    assert "5 minutes" in str(client.got[2])
    assert client.closed is not None
    at, code = client.closed
    assert at == pytest.approx(200 + IDLE_S)
    assert code == 1000
