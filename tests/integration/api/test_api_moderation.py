"""The moderators' routes refuse everybody else, and some may not report."""

from __future__ import annotations

import pytest

from server.api.handlers import moderation, safety
from server.api.routing import Route
from server.moderation.model import Sanction
from server.protocol.moderation import ReportReason, SanctionKind
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


async def test_a_muted_person_shows_strangers_no_new_words(api: Api) -> None:
    ann = await api.sign_in("Ann")
    me = await api.keep(ann)
    until = api.clock[0] + 3_600
    mute = Sanction("s1", SanctionKind.MUTE, me, ReportReason.INSULTS, "Calm down.", api.clock[0], until)
    api.sanctions.sanctions["s1"] = mute
    room = {"name": "Look at me", "level": "B1"}
    times = {"localStart": "2027-01-19T19:00", "timeZone": "America/New_York"}
    for method, path, body in (
        ("PATCH", "/api/users/me", {"name": "Look at me"}),
        ("PATCH", "/api/users/me", {"about": "Look at me"}),
        ("POST", "/api/rooms", room),
        ("POST", "/api/events", room | times),
    ):
        answer = await api.ask(method, path, ann, json=body)
        assert (answer.status, answer.code) == (403, "muted_by_moderator")
        assert answer.json["until"] == "2027-01-15T09:00:00.000Z"
    same = {"name": "Ann", "about": "", "learningLevel": "B2"}
    assert (await api.ask("PATCH", "/api/users/me", ann, json=same)).status == 200
    alone = {"type": "ai", **room}
    assert (await api.ask("POST", "/api/rooms", ann, json=alone)).status == 201
    api.sanctions.sanctions.clear()
    assert (await api.ask("PATCH", "/api/users/me", ann, json={"name": "Anna"})).status == 200


async def test_a_room_is_reported_by_people_in_it_alone(api: Api) -> None:
    """Otherwise anybody with its address could show its chat to moderators."""
    host, stranger = await api.sign_in("Ann"), await api.sign_in("Ben")
    room = await api.room(host)
    me = (await api.ask("GET", "/api/users/me", host)).json["id"]
    body = {"targetId": me, "reason": "spam"}
    answer = await api.ask("POST", f"/api/rooms/{room['id']}/reports", stranger, json=body)
    assert (answer.status, answer.code) == (409, "not_joined")
