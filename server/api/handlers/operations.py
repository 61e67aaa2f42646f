"""Health, readiness and metrics, for operators."""

from __future__ import annotations

from secrets import compare_digest

from aiohttp import web

from server.api.clients import bearer, is_local
from server.api.routing import ApiCall, Route
from server.api.services import Services
from server.errors import Unauthenticated, Unavailable
from server.metrics import CONTENT_TYPE
from server.protocol.rest import Health


async def healthz(services: Services, _call: ApiCall[None]) -> Health:
    """Does not ask the database: a restart of this process would not repair it."""
    return _health(services)


async def readyz(services: Services, _call: ApiCall[None]) -> Health:
    if services.health.status != "ok":
        raise Unavailable(f"The server is not ready: it is {services.health.status}.")
    await services.health.check_store()
    return _health(services)


async def metrics(services: Services, call: ApiCall[None]) -> web.Response:
    """With a metrics token, answers requests that carry it; without one, programs on this machine.

    Where a proxy is configured, a request from loopback may come from anywhere: only the token counts.
    """
    token = services.metrics_token.encode()
    if token:
        given = bearer(call.request).encode("utf-8", "surrogateescape")
        if not compare_digest(given, token):
            raise Unauthenticated("The bearer token is not the server's PARLOR_METRICS_TOKEN.")
    elif services.is_proxied:
        raise Unauthenticated("Behind a proxy, /metrics needs a token: set PARLOR_METRICS_TOKEN.")
    elif not is_local(call.request):
        raise Unauthenticated(
            "Without PARLOR_METRICS_TOKEN, /metrics answers only programs on the same machine."
        )
    return web.Response(body=services.metrics.render(), headers={"Content-Type": CONTENT_TYPE})


def _health(services: Services) -> Health:
    return Health(status=services.health.status, node=services.health.node_id)


ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        path="/healthz",
        handler=healthz,
        summary="Check that the process is alive.",
        response=Health,
        auth=False,
        cost=0,
    ),
    Route(
        method="GET",
        path="/readyz",
        handler=readyz,
        summary="Check that the server accepts people: its database takes writes, and it is not stopping.",
        response=Health,
        auth=False,
        errors=(Unavailable,),
    ),
    Route(
        method="GET",
        path="/metrics",
        handler=metrics,
        summary="Get metrics for Prometheus. Requires PARLOR_METRICS_TOKEN or, without one, this machine.",
        media="text/plain",
        auth=False,
        errors=(Unauthenticated,),
    ),
)
