"""A class behind one NAT: many people with one address are not refused, and one person's flood still is."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from server.api import RateLimits, rate_limits
from tests.fakes.api_server import Answer, Api, api_server

LEARNERS = 30
PICTURES = 90


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The buckets are not refilled, so that the machine's speed does not matter."""
    monkeypatch.setattr(rate_limits, "time", SimpleNamespace(monotonic=lambda: 0.0))


async def _pictures(api: Api) -> list[Answer]:
    return [await api.ask("GET", f"/api/avatars/g/learner{n}.svg") for n in range(PICTURES)]


async def _learner(api: Api, room_id: str) -> list[Answer]:
    """Send what the pages of one learner request, from the landing page to the door of a room."""
    signed_in = await api.ask("POST", "/api/auth/guest", json={"name": "Ann"})
    token = signed_in.json["token"]
    asked = [
        await api.ask("GET", path, token)
        for path in ("/api/users/me", "/api/rooms?limit=48", f"/api/rooms/{room_id}", "/api/tutor")
    ]
    edited = await api.ask("PATCH", "/api/users/me", token, json={"learningLevel": "B1"})
    return [signed_in, *asked, edited, *await _pictures(api)]


async def test_a_class_behind_one_address_is_not_refused(tmp_path: Path) -> None:
    async with api_server(tmp_path, limits=RateLimits()) as api:
        room = await api.room(await api.sign_in("Teacher"))
        answers = await asyncio.gather(*(_learner(api, room["id"]) for _ in range(LEARNERS)))
        assert Counter(answer.status for each in answers for answer in each) == {
            200: LEARNERS * (PICTURES + 6)
        }


async def test_the_page_of_a_class_loads_and_a_flood_of_files_is_refused(tmp_path: Path) -> None:
    """A first visit asks for the page, some files, and what the service worker keeps: 100 in all."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text("<title>Parlor</title>")
    (tmp_path / "web" / "app.js").write_text("1")
    async with api_server(tmp_path, limits=RateLimits()) as api:
        visits = [path for _ in range(40) for path in ("/", "/rooms", *["/app.js"] * 98)]
        assert {(await api.ask("GET", path)).status for path in visits} == {200}
        statuses = Counter([(await api.ask("GET", "/rooms")).status for _ in range(3_000)])
        assert statuses[429] > 0
        assert (await api.ask("POST", "/api/auth/guest", json={"name": "Ann"})).status == 200


async def test_requests_that_match_no_route_are_limited_as_those_of_a_stranger(tmp_path: Path) -> None:
    async with api_server(tmp_path, limits=RateLimits()) as api:
        asked = [("GET", "/api/nothing"), ("DELETE", "/api/rooms"), ("POST", "/nothing")] * 110
        statuses = Counter([(await api.ask(*each)).status for each in asked])
        assert statuses == {404: 200, 405: 100, 429: 30}


async def test_the_flood_of_one_account_is_refused_and_the_others_behind_its_address_are_not(
    tmp_path: Path,
) -> None:
    async with api_server(tmp_path, limits=RateLimits()) as api:
        flooding, other = await api.sign_in("Eve"), await api.sign_in("Ann")
        statuses = Counter([(await api.ask("GET", "/api/rooms", flooding)).status for _ in range(200)])
        assert statuses[429] > 100
        assert (await api.ask("GET", "/api/rooms", other)).status == 200


async def test_many_accounts_of_one_address_have_twenty_times_the_limit_of_one(tmp_path: Path) -> None:
    async with api_server(tmp_path, limits=RateLimits()) as api:
        tokens = [await api.sign_in(f"Eve {n}") for n in range(40)]

        async def flood(token: str) -> Counter[int]:
            return Counter([(await api.ask("GET", "/api/users/me", token)).status for _ in range(55)])

        statuses = sum([await flood(token) for token in tokens], Counter[int]())
        assert statuses[200] >= 1_200
        assert statuses[429] > 0, "each account is below its own limit"


async def test_signing_up_lets_a_class_in_and_no_flood(tmp_path: Path) -> None:
    async with api_server(tmp_path, limits=RateLimits()) as api:
        statuses = [
            (await api.ask("POST", "/api/auth/guest", json={"name": "Eve"})).status for _ in range(150)
        ]
        assert statuses == [200] * 120 + [429] * 30


async def test_refused_tokens_count_as_those_of_a_stranger(tmp_path: Path) -> None:
    async with api_server(tmp_path, limits=RateLimits(0.1)) as api:
        statuses = Counter([(await api.ask("GET", "/api/users/me", "made-up")).status for _ in range(60)])
        assert statuses[401] >= 30
        assert statuses[429] > 0


async def test_a_picture_is_not_sent_again_and_is_compressed(api: Api) -> None:
    first = await api.ask("GET", "/api/avatars/g/ann.svg", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert "immutable" in first.headers["Cache-Control"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]}
    again = await api.ask("GET", "/api/avatars/g/ann.svg", headers=known)
    assert (again.status, again.body) == (304, b"")
    assert "sandbox" in again.headers["Content-Security-Policy"]
