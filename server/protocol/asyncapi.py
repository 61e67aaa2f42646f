"""The AsyncAPI 3.0 document of the Socket.IO namespaces, served as /api/asyncapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.protocol.agents import AGENT_EVENTS, WORKER_EVENTS, AgentEvent
from server.protocol.base import Outbound
from server.protocol.lobby import LOBBY_EVENTS
from server.protocol.rooms import CLIENT_EVENTS, SERVER_EVENTS, ClientEvent
from server.protocol.schema import FOR_PEOPLE, FOR_WORKERS, definitions

_SCHEMAS = "#/components/schemas/"
_Received = Mapping[str, ClientEvent] | Mapping[str, AgentEvent]
_Sent = Mapping[str, type[Outbound]]


def asyncapi(version: str) -> dict[str, Any]:
    """`version` is the product's. Actions are the server's: it receives client events."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlor events",
            "version": version,
            "description": (
                "Socket.IO (protocol 5) on /socket.io. Connect to a namespace with the auth object "
                '{"token": "..."}, with the token from POST /api/auth/guest; workers of the tutor connect '
                "to /agents with the service token. Every client event is answered by an ack: the reply "
                'declared here, or {"error": Problem}.'
            ),
        },
        "defaultContentType": "application/json",
        "channels": {
            "rooms": {"address": "/rooms", "messages": _messages(CLIENT_EVENTS, SERVER_EVENTS)},
            "lobby": {
                "address": "/lobby",
                "messages": {name: _message(name, model.__name__) for name, model in LOBBY_EVENTS.items()},
            },
            "agents": {"address": "/agents", "messages": _messages(AGENT_EVENTS, WORKER_EVENTS)},
        },
        "operations": _operations(),
        "components": {"schemas": definitions(_SCHEMAS, (*FOR_PEOPLE, *FOR_WORKERS))},
    }


def _messages(received: _Received, sent: _Sent) -> dict[str, Any]:
    messages = {name: _message(name, model.__name__) for name, model in sent.items()}
    for name, event in received.items():
        messages[name] = _message(name, event.payload.__name__, event.summary)
        messages[f"{name}.ack"] = _ack(event.ack.__name__)
    return messages


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    received: dict[str, _Received] = {"rooms": CLIENT_EVENTS, "agents": AGENT_EVENTS}
    sent: dict[str, _Sent] = {"rooms": SERVER_EVENTS, "lobby": LOBBY_EVENTS, "agents": WORKER_EVENTS}
    for channel, events in received.items():
        for name, event in events.items():
            operations[f"{channel}.{name}"] = _receive(channel, name, event)
    for channel, models in sent.items():
        for name in models:
            operations[f"{channel}.{name}"] = {
                "action": "send",
                "channel": {"$ref": f"#/channels/{channel}"},
                "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"}],
            }
    return operations


def _receive(channel: str, name: str, event: ClientEvent | AgentEvent) -> dict[str, Any]:
    address = f"#/channels/{channel}"
    return {
        "action": "receive",
        "channel": {"$ref": address},
        "summary": event.summary,
        "messages": [{"$ref": f"{address}/messages/{name}"}],
        "reply": {
            "channel": {"$ref": address},
            "messages": [{"$ref": f"{address}/messages/{name}.ack"}],
        },
    }


def _message(name: str, model: str, summary: str | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {"name": name, "payload": {"$ref": _SCHEMAS + model}}
    return message | ({"summary": summary} if summary else {})


def _ack(model: str) -> dict[str, Any]:
    error = {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"$ref": _SCHEMAS + "Problem"}},
    }
    return {"payload": {"oneOf": [{"$ref": _SCHEMAS + model}, error]}}
