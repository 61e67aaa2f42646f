"""Client events and the methods that handle them, matched by name."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, get_type_hints

from server.protocol.base import Inbound, Outbound
from server.protocol.rooms import ClientEvent

Action = Callable[[str, Any], Awaitable[Outbound]]
"""Takes the connection's id and the event's payload, returns its ack."""


def actions_of(groups: Iterable[object], events: Mapping[str, ClientEvent]) -> dict[str, Action]:
    """The method of each event: an `async def` with the event's name, payload and ack in one of the groups.

    Raises TypeError unless each event has exactly one method with the declared payload and ack, and each
    method that takes a payload has an event.
    """
    found: dict[str, Action] = {}
    problems: list[str] = []
    for group in groups:
        for name, method in inspect.getmembers(group, inspect.iscoroutinefunction):
            payload, ack = _declared(method)
            if name.startswith("_") or payload is None:
                continue
            event = events.get(name)
            if event is None:
                problems.append(f"no event is named {name}")
            elif name in found:
                problems.append(f"{name} has two methods")
            elif (payload, ack) != (event.payload, event.ack):
                problems.append(f"{name} does not take {event.payload.__name__}, return {event.ack.__name__}")
            found[name] = method
    problems += [f"{name} has no method" for name in events if name not in found]
    if problems:
        raise TypeError("; ".join(problems))
    return found


def _declared(method: Callable[..., Any]) -> tuple[type[Inbound] | None, type[Any] | None]:
    """The types of the parameter `payload` (or `_payload`) and of the result."""
    hints = get_type_hints(method)
    return hints.get("payload", hints.get("_payload")), hints.get("return")
