"""Answers: models as JSON, errors as problem objects (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from server.errors import ParlorError
from server.protocol.base import Outbound


def reply(model: Outbound, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        body=model.model_dump_json(by_alias=True).encode(),
        status=status,
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def problem_reply(error: ParlorError, headers: Mapping[str, str] | None = None) -> web.Response:
    problem = error.problem()
    extra = dict(headers or {})
    if problem["status"] == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if "retryAfter" in problem:
        extra["Retry-After"] = str(problem["retryAfter"])
    return web.Response(
        body=json.dumps(problem, ensure_ascii=False).encode("utf-8", "replace"),
        status=problem["status"],
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", **extra},
    )
