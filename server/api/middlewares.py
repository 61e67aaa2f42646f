"""What every request passes, the outermost first: `observe`, `problems`, `same_site`."""

from __future__ import annotations

import logging
import re
import secrets
import time

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_middlewares import middleware

from server.api.origins import OriginPolicy
from server.api.replies import problem_reply
from server.common.logs import log_context
from server.errors import (
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    OriginRefused,
    ParlorError,
    PayloadTooLarge,
)
from server.metrics import Metrics

_log = logging.getLogger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ROUTINE = ("/healthz", "/readyz", "/metrics", "/socket.io")


def observe(metrics: Metrics, *, trusts_proxy: bool) -> Middleware:
    """Name each request, measure it, log it. Paths are logged without their query: invites stand there."""

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("X-Request-Id", "") if trusts_proxy else ""
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        started = time.perf_counter()
        with log_context(request_id=request_id):
            response = await handler(request)
            seconds = time.perf_counter() - started
            method, route = _method(request), _route(request)
            if response.status != 101:  # a WebSocket's length is no measure of ours
                metrics.http_request(method, route, response.status, seconds)
            _log.log(
                logging.DEBUG if request.path.startswith(_ROUTINE) else logging.INFO,
                "request",
                extra={
                    "method": method,
                    "path": request.path,
                    "status": response.status,
                    "ms": round(seconds * 1e3, 1),
                },
            )
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
        return response

    return handle


@middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes a problem object, and nothing of its insides leaves."""
    try:
        return await handler(request)
    except ParlorError as error:
        return problem_reply(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return problem_reply(*_translated(error))
    except ConnectionError:
        raise  # the client has gone: nobody to answer, nothing of ours broke
    except Exception:  # noqa: BLE001 - the last line: whatever broke, the client gets an answer and we get the trace
        _log.exception("request failed", extra={"path": request.path})
        return problem_reply(ParlorError())


def same_site(origins: OriginPolicy) -> Middleware:
    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not origins.allows(request.headers.get("Origin"), request.host):
            raise OriginRefused
        return await handler(request)

    return handle


def _translated(error: web.HTTPException) -> tuple[ParlorError, dict[str, str]]:
    if isinstance(error, web.HTTPNotFound):
        return NotFound(), {}
    if isinstance(error, web.HTTPMethodNotAllowed):
        return MethodNotAllowed(), {"Allow": error.headers.get("Allow", "")}
    if isinstance(error, web.HTTPRequestEntityTooLarge):
        return PayloadTooLarge(), {}
    if error.status < 500:
        return InvalidRequest(status=error.status), {}
    return ParlorError(status=error.status), {}


def _method(request: web.Request) -> str:
    """A client may send any word as a method; a metric's label takes only those that exist."""
    return request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unmatched"
