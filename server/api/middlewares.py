"""Middlewares, the outermost first: `observe`, `problems`, `unmatched`, `plain_bodies`, `same_site`."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_middlewares import middleware

from server.api.clients import OriginPolicy, client_ip
from server.api.rate_limits import RateLimits
from server.api.routing import problem_reply
from server.common.addresses import network_of
from server.common.logs import log_context
from server.common.repeats import Repeats
from server.errors import (
    EncodingUnsupported,
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
_CLIENT_GONE = 499
"""nginx's status of a request whose client did not wait; for the log and the metrics alone."""
_ROUTINE = ("/healthz", "/readyz", "/metrics", "/socket.io", "/n", "/cluster")
"""Paths that are logged at debug only."""


_PERIOD_S, _MAX_KEYS = 10.0, 200
_SHOWN, _SHOWN_REFUSED = 500, 5
"""Lines of a period for each outcome and network; the others are counted. Refused requests cost a client
nothing."""
_CODE = web.RequestKey("code", str)
"""The code of the error that the request was answered with."""


def observe(
    metrics: Metrics, *, trusted_proxies: int, clock: Callable[[], float] = time.monotonic
) -> Middleware:
    """Gives each request an id, measures it and logs it, or counts it where many are alike. The query is not
    logged: it may hold an invite. `clock` is in seconds."""
    trusts_proxy = trusted_proxies > 0
    repeats = Repeats[tuple[str, str]](period_s=_PERIOD_S, max_keys=_MAX_KEYS)

    def is_shown(request: web.Request, status: int) -> bool:
        outcome = request.get(_CODE) or str(status)
        network = network_of(client_ip(request, trusted_proxies))
        return repeats.is_shown((outcome, network), _SHOWN if status < 400 else _SHOWN_REFUSED)

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("X-Request-Id", "") if trusts_proxy else ""
        request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        started = time.perf_counter()
        with log_context(request_id=request_id):
            response = await handler(request)
            seconds = time.perf_counter() - started
            method, route = _method(request), _route(request)
            if response.status != 101:  # a WebSocket stays open for as long as a visit
                metrics.http_request(method, route, response.status, seconds)
            for key, count in repeats.ended(clock()):
                outcome, network = key or ("other", "other")
                _log.info("more requests", extra={"outcome": outcome, "network": network, "count": count})
            level = logging.DEBUG if request.path.startswith(_ROUTINE) else logging.INFO
            if _log.isEnabledFor(level) and is_shown(request, response.status):
                _log.log(
                    level,
                    "request",
                    extra={
                        "method": method,
                        "path": request.path,
                        "status": response.status,
                        "ms": round(seconds * 1e3, 1),
                        **({"code": request[_CODE]} if _CODE in request else {}),
                    },
                )
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
        return response

    return handle


@middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns every error into a problem object. Details of unexpected errors stay in the log."""
    try:
        return await handler(request)
    except ParlorError as error:
        request[_CODE] = error.code
        return problem_reply(error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        problem, headers = _translated(error)
        request[_CODE] = problem.code
        return problem_reply(problem, headers)
    except ConnectionError:
        # The client has disconnected. aiohttp would log an exception as an error of the server.
        return web.Response(status=_CLIENT_GONE)
    except Exception:  # noqa: BLE001 - the client gets an answer and the log the trace
        _log.exception("request failed", extra={"path": request.path})
        return problem_reply(ParlorError())


def unmatched(limits: RateLimits, trusted_proxies: int) -> Middleware:
    """Limits the rate of requests that match no route, by address: answering them is work too."""

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            await limits.check_anonymous(client_ip(request, trusted_proxies), 1)
            raise

    return handle


@middleware
async def plain_bodies(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses compressed bodies before they are read: a few kilobytes may hold megabytes (RFC 9110 8.4)."""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").strip().lower() not in ("", "identity"):
        raise EncodingUnsupported
    return await handler(request)


def same_site(origins: OriginPolicy) -> Middleware:
    """Refuses requests that pages of other sites send."""

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        # The voice protocols refuse other origins themselves, in their own form.
        is_voice = (request.match_info.route.name or "").startswith("voice_")
        if not is_voice and not origins.allows(request.headers.get("Origin"), request.host):
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
    """The method as a metric's label. A client may send any word, and labels must have few values."""
    return request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unmatched"
