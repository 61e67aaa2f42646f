from __future__ import annotations

from typing import get_type_hints

from server.protocol.agents import AGENT_EVENTS
from server.signalling.agents import _method
from server.tutor.agent_events import AgentEvents
from server.tutor.dispatcher import JobDispatcher
from server.tutor.voice_jobs import VoiceJobs


def test_every_worker_event_has_one_method_with_its_payload() -> None:
    for name, event in AGENT_EVENTS.items():
        method = _method(name, JobDispatcher, AgentEvents, VoiceJobs)
        assert event.payload in get_type_hints(method).values(), name
