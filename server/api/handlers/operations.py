"""Health, readiness and metrics, for operators."""

from __future__ import annotations

from secrets import compare_digest

from aiohttp import web

from server.api.clients import bearer, is_local
from server.api.route import Call
from server.api.services import Services
from server.errors import Unauthenticated, Unavailable
from server.metrics import CONTENT_TYPE
from server.protocol.rest import Health


async def healthz(services: Services, _call: Call[None]) -> Health:
    """Does not ask the database: restarting this process would not repair it."""
    return _health(services)


async def readyz(services: Services, _call: Call[None]) -> Health:
    if services.health.status != "ok":
        raise Unavailable(f"The server is {services.health.status}.")
    await services.health.ping()
    return _health(services)


async def metrics(services: Services, call: Call[None]) -> web.Response:
    """Only for programs on this machine or with the token: metrics reveal how the server is used."""
    wanted = services.metrics_token.encode()
    given = bearer(call.request).encode("utf-8", "surrogateescape")
    if not is_local(call.request) and not (wanted and compare_digest(given, wanted)):
        raise Unauthenticated("Metrics require PARLOR_METRICS_TOKEN, unless read on the server itself.")
    return web.Response(body=services.metrics.render(), headers={"Content-Type": CONTENT_TYPE})


def _health(services: Services) -> Health:
    return Health(status=services.health.status, node=services.health.node_id)
