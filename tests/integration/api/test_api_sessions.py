from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from server.api import RateLimits
from server.errors import Unavailable
from server.rooms.model import User
from tests.fakes.api_server import SECRET, TTL_S, Api, api_server
from tests.fakes.stores import FakeUserStore

GUARDED = [
    ("POST", "/api/auth/renew"),
    ("POST", "/api/auth/sign-out"),
    ("GET", "/api/users/me"),
    ("PATCH", "/api/users/me"),
    ("PUT", "/api/users/me/avatar"),
    ("DELETE", "/api/users/me/avatar"),
    ("POST", "/api/rooms"),
]


async def test_a_guest_signs_in_with_a_name_alone(api: Api) -> None:
    answer = await api.ask("POST", "/api/auth/guest", json={"name": "  Linh Đặng  "})
    assert answer.status == 200
    user = answer.json["user"]
    assert user["name"] == "Linh Đặng"
    assert (user["nativeLanguage"], user["learningLevel"], user["country"]) == (None, None, None)
    assert answer.json["expiresIn"] == TTL_S
    assert (await api.ask("GET", user["avatarUrl"])).status == 200
    me = await api.ask("GET", "/api/users/me", answer.json["token"])
    assert me.json == user


async def test_renewing_a_token_counts_as_seen(api: Api) -> None:
    token = await api.sign_in()
    api.clock[0] += 500
    renewed = await api.ask("POST", "/api/auth/renew", token)
    assert api.users.seen_at == {renewed.json["user"]["id"]: api.clock[0]}


async def test_a_guest_may_set_all_profile_fields_at_sign_in(api: Api) -> None:
    profile = {
        "name": "Ann",
        "nativeLanguage": "zh-Hant",
        "learningLevel": "C2",
        "country": "TW",
        "avatarUrl": "/api/avatars/g/any-seed_1.svg",
    }
    user = (await api.ask("POST", "/api/auth/guest", json=profile)).json["user"]
    assert {key: user[key] for key in profile} == profile


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 41),
        ("name", "bell\u0007"),
        ("name", 7),
        ("name", None),
        ("nativeLanguage", "english"),
        ("learningLevel", "D1"),
        ("country", "vn"),
        ("avatarUrl", "https://elsewhere.example/me.png"),
        ("avatarUrl", "/api/avatars/../../secret"),
        ("avatarUrl", "/api/avatars/u/0123456789abcdef-0123456789abcdef0123456789abcdef.webp"),
        ("surname", "Lee"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, field: str, value: object) -> None:
    answer = await api.ask("POST", "/api/auth/guest", json={"name": "Ann", field: value})
    assert (answer.status, answer.code, answer.wrong) == (422, "invalid_request", [field])
    assert not api.users.users


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": "Ann"', b"\xff\xfe", b'{"name": NaN}x', b"[" * 9000])
async def test_a_body_that_is_not_json_is_refused(api: Api, body: bytes) -> None:
    answer = await api.ask("POST", "/api/auth/guest", data=body)
    assert (answer.status, answer.code) == (400, "invalid_request")


async def test_a_body_beyond_the_limit_is_refused_with_or_without_a_length(api: Api) -> None:
    huge = b'{"name": "' + b"x" * 70_000 + b'"}'

    async def chunks() -> AsyncIterator[bytes]:  # sent without a Content-Length
        yield huge

    for data in (huge, chunks()):
        answer = await api.ask("POST", "/api/auth/guest", data=data)
        assert (answer.status, answer.code) == (413, "payload_too_large")


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_requests_without_a_token_are_refused(api: Api, method: str, path: str) -> None:
    answer = await api.ask(method, path)
    assert (answer.status, answer.code) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_forged_tokens_are_refused(api: Api) -> None:
    token = await api.sign_in()
    claims = jwt.decode(token, options={"verify_signature": False})
    forged = [
        "x",
        "a.b.c",
        token[:-4] + "AAAA",
        token + "." * 2000,
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, "another secret that is long enough", algorithm="HS256"),
        jwt.encode(claims, SECRET * 2, algorithm="HS512"),
        jwt.encode(claims | {"aud": "elsewhere"}, SECRET, algorithm="HS256"),
        jwt.encode(claims | {"iss": "elsewhere"}, SECRET, algorithm="HS256"),
    ]
    for bad in forged:
        answer = await api.ask("GET", "/api/users/me", bad)
        assert (answer.status, answer.code) == (401, "unauthenticated")
    for header in ("Basic abc", "Bearer", "Bearer ", token):
        answer = await api.ask("GET", "/api/users/me", headers={"Authorization": header})
        assert (answer.status, answer.code) == (401, "unauthenticated")


async def test_a_token_expires_unless_it_is_renewed_in_time(api: Api) -> None:
    old = await api.sign_in("Ann")
    api.clock[0] += TTL_S / 2
    renewed = await api.ask("POST", "/api/auth/renew", old)
    assert renewed.json["user"]["name"] == "Ann"
    api.clock[0] += TTL_S / 2
    expired = await api.ask("GET", "/api/users/me", old)
    assert (expired.status, expired.code) == (401, "token_expired")
    assert (await api.ask("GET", "/api/users/me", renewed.json["token"])).status == 200


async def test_a_token_of_a_deleted_profile_requires_a_new_sign_in(api: Api) -> None:
    token = await api.sign_in()
    api.users.users.clear()
    for method, path in (
        ("POST", "/api/auth/renew"),
        ("GET", "/api/users/me"),
        ("DELETE", "/api/users/me/avatar"),
    ):
        assert (await api.ask(method, path, token)).code == "profile_gone"
    room = {"name": "Coffee", "level": "B1"}
    assert (await api.ask("POST", "/api/rooms", token, json=room)).code == "profile_gone"


async def test_an_expired_token_is_renewed_while_its_profile_exists(api: Api) -> None:
    old = await api.sign_in("Ann")
    api.clock[0] += 100 * TTL_S
    renewed = await api.ask("POST", "/api/auth/renew", old)
    assert (renewed.status, renewed.json["user"]["name"]) == (200, "Ann")
    assert (await api.ask("GET", "/api/users/me", renewed.json["token"])).status == 200


async def test_a_token_of_a_clock_that_was_set_back_is_accepted(api: Api) -> None:
    token = await api.sign_in("Ann")
    api.clock[0] -= 40 * 86_400
    assert (await api.ask("GET", "/api/users/me", token)).json["name"] == "Ann"


async def test_after_signing_out_no_token_of_the_session_is_accepted(api: Api) -> None:
    first = await api.sign_in("Ann")
    api.clock[0] += 1
    second = (await api.ask("POST", "/api/auth/renew", first)).json["token"]
    other = await api.sign_in("Ben")
    assert first != second
    assert (await api.ask("POST", "/api/auth/sign-out", first)).status == 204
    for token in (first, second):
        for method, path in GUARDED:
            answer = await api.ask(method, path, token)
            assert (answer.status, answer.code) == (401, "session_ended"), path
    assert (await api.ask("GET", "/api/users/me", other)).status == 200
    assert len(api.ended) == 1


async def test_signing_out_works_with_a_token_that_has_expired(api: Api) -> None:
    token = await api.sign_in()
    api.clock[0] += TTL_S
    assert (await api.ask("POST", "/api/auth/sign-out", token)).status == 204
    assert (await api.ask("POST", "/api/auth/renew", token)).code == "session_ended"


class _FailingStore(FakeUserStore):
    is_down = True

    async def add_user(self, user: User) -> None:
        if self.is_down:
            raise Unavailable
        await super().add_user(user)


async def test_a_sign_up_that_fails_does_not_count(tmp_path: Path) -> None:
    store = _FailingStore()
    async with api_server(tmp_path, store=store, limits=RateLimits(sign_ups=2)) as api:  # one at once

        async def sign_up(name: str) -> int:
            return (await api.ask("POST", "/api/auth/guest", json={"name": name})).status

        assert [await sign_up("Ann") for _ in range(3)] == [503] * 3
        store.is_down = False
        assert [await sign_up(name) for name in ("", "Ann", "Bob")] == [422, 200, 429]
