"""One JSON Schema document of all wire messages. The web client's types are generated from it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.errors import error_codes
from server.protocol import (
    accounts,
    agents,
    chat,
    classes,
    club,
    conversations,
    courses,
    door,
    entities,
    knowledge,
    learning,
    lobby,
    memory,
    moderation,
    notices,
    people,
    progress,
    rest,
    rooms,
    schedule,
    tutor,
)
from server.protocol.base import Inbound, Outbound, Part
from server.protocol.voice import coach, coaching, flux, klass, talking
from server.protocol.voice.base import FromClient, ToClient

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOR_PEOPLE: tuple[ModuleType, ...] = (
    entities,
    rest,
    accounts,
    rooms,
    door,
    chat,
    club,
    lobby,
    tutor,
    conversations,
    learning,
    memory,
    moderation,
    knowledge,
    courses,
    notices,
    people,
    progress,
    classes,
    schedule,
    coach,
    coaching,
    klass,
    flux,
    talking,
)
_BASES = (Inbound, Outbound, Part, FromClient, ToClient)
FOR_WORKERS: tuple[ModuleType, ...] = (agents,)


def wire_models(modules: Sequence[ModuleType] = FOR_PEOPLE) -> list[type[BaseModel]]:
    """All messages and parts that the modules declare, sorted by name. Raises TypeError for two of one name:
    they would be one type in the clients."""
    found: dict[str, type[BaseModel]] = {}
    for model in (model for module in modules for model in _models(module)):
        if found.setdefault(model.__name__, model) is not model:
            raise TypeError(
                f"{found[model.__name__].__module__} and {model.__module__}: two {model.__name__}"
            )
    return [found[name] for name in sorted(found)]


def definitions(prefix: str = "#/$defs/", modules: Sequence[ModuleType] = FOR_PEOPLE) -> dict[str, Any]:
    """Schemas by model name. References between them start with `prefix`.

    Inbound models are described as validated, outbound ones as serialised.
    """
    _, document = models_json_schema(
        [(model, _mode(model)) for model in wire_models(modules)], ref_template=prefix + "{model}"
    )
    return dict(sorted(document["$defs"].items()))


def document() -> dict[str, Any]:
    """The definitions, and maps from event names to the models of their payloads and acks."""
    return {
        "$schema": DIALECT,
        "title": "Parlor wire messages",
        "$defs": definitions(),
        "x-client-events": {
            name: {"payload": event.payload.__name__, "ack": event.ack.__name__, "summary": event.summary}
            for name, event in rooms.CLIENT_EVENTS.items()
        },
        "x-server-events": {name: model.__name__ for name, model in rooms.SERVER_EVENTS.items()},
        "x-lobby-events": {name: model.__name__ for name, model in lobby.LOBBY_EVENTS.items()},
        "x-error-codes": {
            code: {"status": cls.status, "title": cls.title, "retryable": cls.retryable}
            for code, cls in sorted(error_codes().items())
        },
    }


def _models(module: ModuleType) -> Iterable[type[BaseModel]]:
    for name, member in inspect.getmembers(module, inspect.isclass):
        if name.startswith("_"):
            continue  # a common base, not a message
        if issubclass(member, Inbound | Outbound | Part) and member not in _BASES:
            yield member


def _mode(model: type[BaseModel]) -> Literal["validation", "serialization"]:
    return "validation" if issubclass(model, Inbound) else "serialization"
