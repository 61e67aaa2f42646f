"""From a row of the table to what aiohttp calls: limits, who it is, what it says, the handler."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler as WebHandler

from server.api.clients import bearer, client_ip
from server.api.replies import reply
from server.api.route import Call, Route
from server.api.services import Services
from server.api.validation import parse_json, parse_query, read_body
from server.errors import Unauthenticated
from server.protocol.base import Outbound


def endpoint(route: Route, services: Services) -> WebHandler:
    async def handle(request: web.Request) -> web.StreamResponse:
        services.limits.check_address(client_ip(request, services.trusted_proxies), route.cost)
        user_id = _authenticate(request, services) if route.auth else ""
        if user_id:
            services.limits.check_user(user_id, route.cost)
        answer = await route.handler(services, Call(request, user_id, await _input(route, request)))
        return reply(answer, route.status) if isinstance(answer, Outbound) else answer

    return handle


def _authenticate(request: web.Request, services: Services) -> str:
    token = bearer(request)
    if not token:
        raise Unauthenticated
    return services.auth.verify(token, services.clock())


async def _input(route: Route, request: web.Request) -> Any:
    if route.body:
        return parse_json(route.body, await read_body(request))
    if route.query:
        return parse_query(route.query, request.query)
    return None
