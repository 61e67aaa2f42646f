"""The device cookie over HTTP, and what it and the address keep out."""

from __future__ import annotations

from http.cookies import SimpleCookie
from pathlib import Path
from unittest.mock import Mock

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from server.api.devices import COOKIE, Devices
from server.protocol.rooms import Join, TargetParticipant
from server.rooms.membership import Joiner
from server.rooms.model import Origin
from tests.fakes.api_server import Answer, Api, api_server

GUEST = {"name": "Ben"}


def _cookie(answer: Answer) -> str | None:
    """The Set-Cookie header of the device cookie."""
    return next((v for v in answer.headers.getall("Set-Cookie", []) if v.startswith(f"{COOKIE}=")), None)


async def test_signing_in_and_the_first_call_of_an_older_session_mark_the_browser_once(
    tmp_path: Path,
) -> None:
    async with api_server(tmp_path) as api:
        api.client.session.cookie_jar.clear()
        answer = await api.ask("POST", "/api/auth/guest", json=GUEST)
        header = _cookie(answer)
        assert header is not None
        morsel = SimpleCookie(header)[COOKIE]
        assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
        assert not morsel["secure"]
        token = answer.json["token"]
        cookie = {"Cookie": f"{COOKIE}={morsel.value}"}
        api.client.session.cookie_jar.clear()
        assert _cookie(await api.ask("GET", "/api/rooms", token)) is not None
        api.client.session.cookie_jar.clear()
        assert _cookie(await api.ask("GET", "/api/rooms", token, headers=cookie)) is None
        for path in ("/api/online", "/api/rooms"):
            assert _cookie(await api.ask("GET", path)) is None, "not for people who only look"


async def test_a_cookie_that_is_not_ours_is_replaced(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        answer = await api.ask("POST", "/api/auth/guest", json=GUEST, headers={"Cookie": f"{COOKIE}=x"})
        assert _cookie(answer) is not None


@pytest.mark.parametrize(
    ("devices", "headers", "is_secure"),
    [
        (Devices("s"), {}, False),
        (Devices("s"), {"X-Forwarded-Proto": "https"}, False),
        (Devices("s", 1), {"X-Forwarded-Proto": "https"}, True),
        (Devices("s", is_https=True), {}, True),
    ],
)
async def test_the_cookie_is_secure_where_people_come_by_https(
    devices: Devices, headers: dict[str, str], is_secure: bool
) -> None:

    request, response = make_mocked_request("GET", "/", headers=headers), web.Response()
    devices.prepare(request)
    devices.mark(request, response)
    assert bool(response.cookies[COOKIE]["secure"]) is is_secure


def test_origins_are_digests_that_differ_by_browser_address_and_secret() -> None:
    def origin(secret: str, device: str, address: str) -> Origin:
        headers = {"Cookie": f"{COOKIE}={device}", "X-Forwarded-For": address}
        return Devices(secret, 1).origin_of(make_mocked_request("GET", "/", headers=headers))

    first = origin("s", "a" * 32, "203.0.113.7")
    assert "a" * 32 not in first.device
    assert "203" not in first.address
    assert first == origin("s", "a" * 32, "203.0.113.7")
    assert first.device != origin("s", "b" * 32, "203.0.113.7").device
    assert first.address != origin("s", "a" * 32, "203.0.113.8").address
    assert first.address != origin("t", "a" * 32, "203.0.113.7").address
    six = origin("s", "a" * 32, "2001:db8::1")
    assert six.address == origin("s", "a" * 32, "2001:db8::2").address, "one host may use a whole /64"


@pytest.mark.parametrize(
    ("socket_name", "reached"),
    [
        (("192.0.2.5", 8080), "192.0.2.5"),
        (("::ffff:192.0.2.5", 8080, 0, 0), "192.0.2.5"),
        (("2001:db8::5", 8080, 0, 0), "2001:db8::5"),
        (("fe80::5%eth0", 8080, 0, 2), "fe80::5"),
        ("/run/parlor.sock", ""),
        (None, ""),
    ],
)
def test_an_origin_has_the_address_of_the_server_that_the_request_has_reached(
    socket_name: object, reached: str
) -> None:
    transport = Mock()
    transport.get_extra_info = {"sockname": socket_name}.get
    assert Devices("s").origin_of(make_mocked_request("GET", "/", transport=transport)).reached == reached


async def test_the_browser_of_a_removed_guest_is_refused_under_another_name_and_signed_out(
    tmp_path: Path,
) -> None:
    async with api_server(tmp_path) as api:
        host = await api.sign_in("Ann")
        room_id = (await api.room(host))["id"]
        cookie = {"Cookie": f"{COOKIE}={'c' * 32}"}
        origin = Devices("x").origin_of(make_mocked_request("GET", "/", headers=cookie))
        await _remove(api, host, room_id, origin)
        other = await api.sign_in("Ben again")
        for path, token in ((f"/api/rooms/{room_id}", other), (f"/api/rooms/{room_id}", "")):
            api.client.session.cookie_jar.clear()
            assert (await api.ask("GET", path, token, headers=cookie)).code == "removed_from_room"
            assert (await api.ask("GET", path, token)).status == 200


async def _remove(api: Api, host_token: str, room_id: str, origin: Origin) -> None:
    """Ben joins with that origin and is removed."""
    ben = api.sessions.verify(await api.sign_in("Ben")).user_id
    ann = api.sessions.verify(host_token).user_id
    joined = {}
    for connection_id, user_id, where in (("c1", ann, Origin()), ("c2", ben, origin)):
        joiner = Joiner(connection_id, user_id, origin=where)
        joined[user_id] = await api.rooms.membership.join(joiner, Join(room_id=room_id))
    target = TargetParticipant(participant_id=joined[ben].participant_id)
    await api.rooms.actions["remove_participant"]("c1", target)
