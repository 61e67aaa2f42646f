"""Routes of accounts over HTTP, with an authenticator in software; the stores are in memory."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.api import OriginPolicy, RateLimits
from tests.fakes.api_server import Api, api_server
from tests.fakes.authenticator import Authenticator

SITE = "http://localhost:8080"
HEADERS = {"Origin": SITE}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with api_server(tmp_path, public_url=SITE, origins=OriginPolicy(SITE)) as running:
        yield running


async def _keep(api: Api, token: str) -> Authenticator:
    device = Authenticator(SITE)
    options = (await api.ask("POST", "/api/account/passkeys/options", token)).json["options"]
    body = {"credential": device.create(options)}
    answer = await api.ask("POST", "/api/account/passkeys", token, json=body, headers=HEADERS)
    assert answer.status == 204, answer.body
    return device


async def test_a_passkey_opens_the_profile_on_another_device(api: Api) -> None:
    token = await api.sign_in("Ann")
    device = await _keep(api, token)
    options = (await api.ask("POST", "/api/auth/passkey/options")).json["options"]
    body = {"credential": device.get(options)}
    answer = await api.ask("POST", "/api/auth/passkey", json=body, headers=HEADERS)
    assert answer.json["user"]["name"] == "Ann"
    assert answer.json["token"] != token
    account = (await api.ask("GET", "/api/account", answer.json["token"])).json
    assert (account["isGuest"], len(account["passkeys"])) == (False, 1)
    again = await api.ask("POST", "/api/auth/passkey", json=body, headers=HEADERS)
    assert (again.status, again.code) == (403, "sign_in_refused")


async def test_a_code_signs_in_once_however_it_is_typed(api: Api) -> None:
    token = await api.sign_in("Ann")
    code = (await api.ask("POST", "/api/account/device-code", token)).json["code"]
    typed = {"code": f" {code.lower().replace('-', ' ')} "}
    assert (await api.ask("POST", "/api/auth/code", json=typed)).json["user"]["name"] == "Ann"
    for wrong in (typed, {"code": "ABCDE-FGHJK"}, {"code": "!!!!!!!!!!"}):
        answer = await api.ask("POST", "/api/auth/code", json=wrong)
        assert (answer.status, answer.code) == (403, "sign_in_refused")


async def test_a_code_expires_and_the_next_one_makes_it_void(api: Api) -> None:
    token = await api.sign_in("Ann")
    codes = [(await api.ask("POST", "/api/account/device-code", token)).json["code"] for _ in range(2)]
    assert (await api.ask("POST", "/api/auth/code", json={"code": codes[0]})).status == 403
    api.clock[0] += 600
    assert (await api.ask("POST", "/api/auth/code", json={"code": codes[1]})).status == 403


async def test_recovery_codes_are_for_accounts_and_work_once(api: Api) -> None:
    token = await api.sign_in("Ann")
    assert (await api.ask("POST", "/api/account/recovery-codes", token)).code == "sign_in_not_offered"
    await _keep(api, token)
    codes = (await api.ask("POST", "/api/account/recovery-codes", token)).json["codes"]
    assert len(set(codes)) == 10
    statuses = [(await api.ask("POST", "/api/auth/code", json={"code": codes[0]})).status for _ in range(2)]
    assert statuses == [200, 403]
    assert (await api.ask("GET", "/api/account", token)).json["recoveryCodes"] == 9


async def test_tries_to_sign_in_are_limited_by_address(tmp_path: Path) -> None:
    async with api_server(tmp_path, limits=RateLimits(0.05)) as api:
        body = {"code": "ABCDE-FGHJK"}
        statuses = [(await api.ask("POST", "/api/auth/code", json=body)).status for _ in range(8)]
    assert statuses == [403] * 6 + [429] * 2


async def test_a_session_is_ended_from_another_device(api: Api) -> None:
    token = await api.sign_in("Ann")
    code = (await api.ask("POST", "/api/account/device-code", token)).json["code"]
    other = (await api.ask("POST", "/api/auth/code", json={"code": code})).json["token"]
    assert (await api.ask("DELETE", "/api/account/sessions/none-such", token)).status == 404
    assert (await api.ask("DELETE", "/api/account/sessions", token)).status == 204
    assert (await api.ask("GET", "/api/users/me", other)).code == "session_ended"
    assert (await api.ask("GET", "/api/users/me", token)).status == 200
    assert len(api.ended) == 1


async def test_only_a_guest_whose_token_is_shown_is_merged(api: Api) -> None:
    ann, guest, ben = [await api.sign_in(name) for name in ("Ann", "Guest", "Ben")]
    await _keep(api, ben)
    refused = {
        await _merge(api, ann, ben): "not_a_guest",
        await _merge(api, ann, ann): "not_a_guest",
        await _merge(api, ann, "no token of this server"): "unauthenticated",
    }
    assert [got == wanted for got, wanted in refused.items()] == [True] * len(refused)
    assert api.accounts.merged == []
    assert await _merge(api, ann, guest) == ""
    assert len(api.accounts.merged) == 1
    assert (await api.ask("GET", "/api/users/me", guest)).status == 401
    assert await _merge(api, ann, guest) == "session_ended"


async def test_a_merger_or_an_end_that_fails_leaves_everybody_signed_in(api: Api) -> None:
    ann, guest = await api.sign_in("Ann"), await api.sign_in("Guest")
    api.accounts.fails = True
    assert await _merge(api, ann, guest) == "unavailable"
    assert (await api.ask("DELETE", "/api/account", guest)).status == 503
    assert (await api.ask("GET", "/api/users/me", guest)).status == 200
    assert api.ended == []
    api.accounts.fails = False
    assert await _merge(api, ann, guest) == ""
    assert (await api.ask("DELETE", "/api/account", ann)).status == 204
    assert len(api.ended) == 2


async def _merge(api: Api, token: str, guest: str) -> str:
    answer = await api.ask("POST", "/api/account/merge", token, json={"token": guest})
    return "" if answer.status == 204 else answer.code


async def test_a_copy_is_loaded_once_with_its_ticket(api: Api) -> None:
    token = await api.sign_in("Ann")
    path = (await api.ask("POST", "/api/account/export", token)).json["path"]
    answer = await api.ask("GET", path)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as file:
        assert file.testzip() is None
        assert json.loads(file.read("profile.json")) == []
    assert (await api.ask("GET", path)).code == "sign_in_refused"


async def test_the_end_of_a_profile_ends_its_sessions_and_removes_its_recordings(
    api: Api, tmp_path: Path
) -> None:
    token = await api.sign_in("Ann")
    for name in ("m1", "m2"):
        file = tmp_path / "audio" / name / f"{name}.ogg"
        file.parent.mkdir(parents=True)
        file.write_bytes(b"OggS")
    api.accounts.messages = ["m1"]
    assert (await api.ask("DELETE", "/api/account", token)).status == 204
    assert len(api.accounts.deleted) == 1
    assert (await api.ask("GET", "/api/account", token)).status == 401
    assert [path.name for path in (tmp_path / "audio").glob("*/*.ogg")] == ["m2.ogg"]


@pytest.mark.parametrize("path", ["/api/auth/email", "/api/account/email"])
async def test_what_is_not_set_up_is_not_offered(api: Api, path: str) -> None:
    token = await api.sign_in("Ann")
    answer = await api.ask("POST", path, token, json={"address": "ann@example.org"})
    assert (answer.status, answer.code) == (409, "sign_in_not_offered")
    methods = (await api.ask("GET", "/api/auth/methods")).json
    assert methods == {"passkeyHost": "localhost", "email": False, "provider": None}
