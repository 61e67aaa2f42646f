"""The AsyncAPI 3.0 document of the Socket.IO namespaces, served as /api/asyncapi.json."""

from __future__ import annotations

from typing import Any

from server.protocol.lobby import LOBBY_EVENTS
from server.protocol.rooms import CLIENT_EVENTS, SERVER_EVENTS
from server.protocol.schema import definitions

_SCHEMAS = "#/components/schemas/"


def asyncapi(version: str) -> dict[str, Any]:
    """`version` is the product's. Operations read from the server's side: it receives what clients send."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlor events",
            "version": version,
            "description": (
                "Socket.IO (protocol 5) on /socket.io. Connect to a namespace with the auth object "
                '{"token": "..."} from POST /api/auth/guest. Every client event is answered by an ack: the '
                'reply declared here, or {"error": Problem}.'
            ),
        },
        "defaultContentType": "application/json",
        "channels": {
            "rooms": {"address": "/rooms", "messages": _room_messages()},
            "lobby": {
                "address": "/lobby",
                "messages": {name: _message(name, model.__name__) for name, model in LOBBY_EVENTS.items()},
            },
        },
        "operations": _operations(),
        "components": {"schemas": definitions(_SCHEMAS)},
    }


def _room_messages() -> dict[str, Any]:
    messages = {name: _message(name, model.__name__) for name, model in SERVER_EVENTS.items()}
    for name, event in CLIENT_EVENTS.items():
        messages[name] = _message(name, event.payload.__name__, event.summary)
        messages[f"{name}.ack"] = _ack(event.ack.__name__)
    return messages


def _operations() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for name, event in CLIENT_EVENTS.items():
        operations[f"rooms.{name}"] = {
            "action": "receive",
            "channel": {"$ref": "#/channels/rooms"},
            "summary": event.summary,
            "messages": [{"$ref": f"#/channels/rooms/messages/{name}"}],
            "reply": {
                "channel": {"$ref": "#/channels/rooms"},
                "messages": [{"$ref": f"#/channels/rooms/messages/{name}.ack"}],
            },
        }
    for channel, names in (("rooms", SERVER_EVENTS), ("lobby", LOBBY_EVENTS)):
        for name in names:
            operations[f"{channel}.{name}"] = {
                "action": "send",
                "channel": {"$ref": f"#/channels/{channel}"},
                "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"}],
            }
    return operations


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
