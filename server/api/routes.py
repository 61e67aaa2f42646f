"""All REST routes. aiohttp's routing and /api/openapi.json are both made from this table."""

from __future__ import annotations

import json
from functools import cache

from aiohttp import web

from server.api.handlers import (
    accounts,
    conversations,
    courses,
    knowledge,
    memory,
    mistakes,
    moderation,
    notices,
    operations,
    own_data,
    people,
    progress,
    rooms,
    safety,
    schedule,
    sign_in,
    users,
    words,
)
from server.api.openapi import VERSION, openapi
from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.protocol.asyncapi import asyncapi


def prepare_contracts() -> None:
    """Build the documents at start-up: tens of milliseconds are too long for a loop that carries audio."""
    _contract("openapi")
    _contract("asyncapi")


async def _openapi(_services: Services, _call: ApiCall[None]) -> web.Response:
    return _document("openapi")


async def _asyncapi(_services: Services, _call: ApiCall[None]) -> web.Response:
    return _document("asyncapi")


@cache
def _contract(name: str) -> bytes:
    document = openapi(ROUTES, VERSION) if name == "openapi" else asyncapi(VERSION)
    return json.dumps(document, ensure_ascii=False).encode()


def _document(name: str) -> web.Response:
    return web.Response(
        body=_contract(name), content_type="application/json", headers={"Cache-Control": "no-cache"}
    )


ROUTES: tuple[Route, ...] = (
    *users.ROUTES,
    *sign_in.ROUTES,
    *accounts.ROUTES,
    *own_data.ROUTES,
    *people.ROUTES,
    *rooms.ROUTES,
    *safety.ROUTES,
    *moderation.ROUTES,
    *conversations.ROUTES,
    *progress.ROUTES,
    *mistakes.ROUTES,
    *words.ROUTES,
    *memory.ROUTES,
    *knowledge.ROUTES,
    *courses.ROUTES,
    *notices.ROUTES,
    *schedule.ROUTES,
    *operations.ROUTES,
    Route(
        method="GET",
        path="/api/openapi.json",
        handler=_openapi,
        summary="This document.",
        auth=False,
    ),
    Route(
        method="GET",
        path="/api/asyncapi.json",
        handler=_asyncapi,
        summary="The Socket.IO events (AsyncAPI 3.0).",
        auth=False,
    ),
)
