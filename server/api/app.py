"""Puts the routes and middlewares on an aiohttp application."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from aiohttp import web

from server.api.clients import OriginPolicy
from server.api.hosts import HostPolicy, known_host
from server.api.link_previews import LinkPreviews
from server.api.middlewares import observe, plain_bodies, problems, same_site, unmatched
from server.api.routes import ROUTES, prepare_contracts
from server.api.routing import endpoint
from server.api.security import add_security_headers
from server.api.services import Services
from server.api.web_client import single_page
from server.errors import RoomNotFound
from server.protocol.entities import ListedRoom, Room
from server.protocol.rest import RoomAccess


def attach(
    app: web.Application,
    services: Services,
    origins: OriginPolicy,
    web_dir: Path,
    public_url: str = "",
    *,
    hosts: HostPolicy,
) -> None:
    """The middlewares also apply to whatever else is on `app`, Socket.IO included. `public_url` is written
    into the tags of pages, if it is set."""
    app.middlewares.extend(
        (
            observe(services.metrics, trusted_proxies=services.trusted_proxies),
            problems,
            known_host(hosts),
            unmatched(services.limits, services.trusted_proxies),
            plain_bodies,
            same_site(origins),
            single_page(
                web_dir, LinkPreviews(partial(_show_room, services), public_url), partial(_admit, services)
            ),
        )
    )
    app.on_response_prepare.append(add_security_headers)
    prepare_contracts()
    for route in ROUTES:
        handler = endpoint(route, services)
        if route.method == "GET":
            app.router.add_get(route.path, handler)
        else:
            app.router.add_route(route.method, route.path, handler)


def _admit(services: Services, request: web.Request, cost: float) -> None:
    """Raises TooManyRequests."""
    services.limits.check_file(services.address_of(request), cost)


def _show_room(
    services: Services, room_id: str, access: RoomAccess, request: web.BaseRequest
) -> Room | ListedRoom:
    """A room that is open here, or a public one of another node. Raises RoomNotFound, InviteInvalid,
    RemovedFromRoom, Unauthenticated."""
    try:
        return services.rooms.get_room(room_id, "", access.invite, services.devices.origin_of(request))
    except RoomNotFound:
        return services.rooms.get_listed(room_id)
