"""Puts routes and middlewares on an application."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from server.api.endpoint import endpoint
from server.api.headers import secure
from server.api.middlewares import observe, problems, same_site
from server.api.origins import OriginPolicy
from server.api.pages import single_page
from server.api.services import Services
from server.api.table import ROUTES, prepare_contracts


def attach(app: web.Application, services: Services, origins: OriginPolicy, web_dir: Path) -> None:
    """The middlewares hold for whatever else is on `app`, Socket.IO included."""
    app.middlewares.extend(
        (
            observe(services.metrics, trusts_proxy=services.trusted_proxies > 0),
            problems,
            same_site(origins),
            single_page(web_dir),
        )
    )
    app.on_response_prepare.append(secure)
    prepare_contracts()
    for route in ROUTES:
        handler = endpoint(route, services)
        if route.method == "GET":
            app.router.add_get(route.path, handler)
        else:
            app.router.add_route(route.method, route.path, handler)
