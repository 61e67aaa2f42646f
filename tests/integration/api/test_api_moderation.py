"""Who may not use the moderators' routes, and who may not report."""

from __future__ import annotations

import pytest

from server.api.handlers import moderation, safety
from server.api.routing import Route
from tests.fakes.api_server import Api

ROUTES = [(route.method, route.path.replace("{id}", "x")) for route in moderation.ROUTES]


def test_every_route_is_for_moderators() -> None:
    assert ROUTES
    assert [route.path for route in moderation.ROUTES if not route.for_moderators] == []


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_a_stranger_a_guest_and_a_forged_token_are_refused(api: Api, method: str, path: str) -> None:
    guest = await api.sign_in("Ann")
    body: dict[str, str] | None = None if method == "GET" else {}
    assert (await api.ask(method, path, json=body)).status == 401
    assert (await api.ask(method, path, guest[:-2] + "xx", json=body)).status == 401
    refused = await api.ask(method, path, guest, json=body)
    assert (refused.status, refused.json["code"]) == (403, "forbidden")


OWN = [route for route in safety.ROUTES if route.auth is not False]


@pytest.mark.parametrize("route", OWN, ids=lambda route: route.path)
async def test_reports_and_ones_own_standing_need_a_token(api: Api, route: Route) -> None:
    path = route.path.replace("{id}", "x")
    for token in ("", "forged"):
        answer = await api.ask(route.method, path, token, json={} if route.body else None)
        assert (answer.status, answer.code) == (401, "unauthenticated")


async def test_a_room_is_reported_by_people_in_it_alone(api: Api) -> None:
    """Otherwise anybody with its address could show its chat to moderators."""
    host, stranger = await api.sign_in("Ann"), await api.sign_in("Ben")
    room = await api.room(host)
    me = (await api.ask("GET", "/api/users/me", host)).json["id"]
    body = {"targetId": me, "reason": "spam"}
    answer = await api.ask("POST", f"/api/rooms/{room['id']}/reports", stranger, json=body)
    assert (answer.status, answer.code) == (409, "not_joined")
