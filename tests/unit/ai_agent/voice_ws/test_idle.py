"""When a session is closed because nobody speaks, on virtual time."""

from __future__ import annotations

import json

import pytest

from ai_agent.voice_ws import runner
from server.protocol.voice.base import VoiceProtocol
from tests.fakes.voice import loud
from tests.fakes.voice_session import run_session

_ERROR = {
    VoiceProtocol.TUTOR: {"event", "message"},
    VoiceProtocol.CLASS: {"type", "error"},
    VoiceProtocol.FLUX: {"type", "sequence_id", "code", "description"},
}
PING = '{"type":"ping"}'


def test_signs_of_life_keep_no_session_open(monkeypatch: pytest.MonkeyPatch) -> None:
    client = run_session(monkeypatch, *((minute * 60.0, PING) for minute in range(1, 20)))
    assert client.closed is not None
    at, code = client.closed
    assert runner.IDLE_S <= at < runner.IDLE_S + 15
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


def test_speech_keeps_a_session_open(monkeypatch: pytest.MonkeyPatch) -> None:
    client = run_session(monkeypatch, (1.0, PING), (200.0, loud(0.1)), (210.0, '{"type":"end_turn"}'))
    assert client.closed is not None
    assert 210 + runner.IDLE_S <= client.closed[0] < 230 + runner.IDLE_S


def test_a_session_of_echo_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    client = run_session(monkeypatch, (1.0, b"one"), (200.0, b"two"), protocol=VoiceProtocol.ECHO)
    assert client.got[:2] == [b"one", b"two"]
    assert "IDLE" in str(client.got[2])
    assert "5 minutes" in str(client.got[2])
    assert client.closed is not None
    at, code = client.closed
    assert at == pytest.approx(200 + runner.IDLE_S)
    assert code == 1000
