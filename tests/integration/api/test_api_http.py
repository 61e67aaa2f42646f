from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
from base64 import b64encode
from pathlib import Path

import pytest
from multidict import CIMultiDict

from server.api import OriginPolicy, RateLimits
from server.errors import Unavailable
from tests.fakes.api_server import Api, api_server


@pytest.fixture
def built(tmp_path: Path) -> Path:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<title>Parlor</title>")
    (web / "sw.js").write_text("// worker")
    (web / "assets" / "app-1a2b3c.js").write_text("plain")
    (web / "assets" / "app-1a2b3c.js.gz").write_bytes(gzip.compress(b"packed"))
    (tmp_path / "secret").write_text("not for you")
    return web


async def test_unknown_addresses_and_methods_are_problems(api: Api) -> None:
    missing = await api.ask("GET", "/api/nothing/here")
    assert (missing.status, missing.code) == (404, "not_found")
    posted = await api.ask("POST", "/nowhere", data=b"x")
    assert (posted.status, posted.code) == (404, "not_found")
    wrong = await api.ask("DELETE", "/api/levels")
    assert (wrong.status, wrong.code) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["Allow"]
    odd = await api.ask("PROPFIND", "/api/levels")
    assert (odd.status, odd.code) == (405, "method_not_allowed")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "GZIP"])
async def test_compressed_bodies_are_refused_before_they_are_read(
    api: Api, coding: str, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/api/auth/guest", "/socket.io/?EIO=4&transport=polling"):
        answer = await api.ask("POST", path, data=b"not gzip", headers={"Content-Encoding": coding})
        assert (answer.status, answer.code) == (415, "encoding_unsupported")
    plain = await api.ask(
        "POST", "/api/auth/guest", data=b'{"name": "Ann"}', headers={"Content-Encoding": "identity"}
    )
    assert plain.status in (200, 201)
    assert "Traceback" not in caplog.text


async def test_an_internal_error_is_logged_and_not_shown_to_the_client(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(_user_id: str) -> None:
        raise RuntimeError("the hidden reason")

    token = await api.sign_in()
    monkeypatch.setattr(api.users, "get_user", breaks)
    answer = await api.ask("GET", "/api/users/me", token)
    assert (answer.status, answer.code) == (500, "internal")
    assert b"hidden" not in answer.body
    assert "the hidden reason" in caplog.text


async def test_every_answer_has_the_security_headers(api: Api, built: Path) -> None:
    for path in ("/", "/api/levels", "/api/nothing", "/healthz", "/rooms/x?invite=secret"):
        headers = (await api.ask("GET", path)).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "microphone=(self)" in headers["Permissions-Policy"]
    policy = (await api.ask("GET", "/")).headers["Content-Security-Policy"]
    assert "connect-src 'self';" in policy, "WebSockets of the same host are 'self'; no other host is allowed"
    assert "script-src" not in policy
    assert policy.startswith("default-src 'self'")


@pytest.mark.parametrize("end", [".", ").", ".)", ".%E2%80%8B", "..", ".%22"])
async def test_a_link_with_a_full_stop_behind_it_opens_the_page(api: Api, built: Path, end: str) -> None:
    answer = await api.ask("GET", f"/rooms/aB3-_x{end}")
    assert (answer.status, b"<title>Parlor" in answer.body) == (200, True)
    assert (await api.ask("GET", "/missing.js")).status == 404


async def test_an_invite_in_an_address_is_not_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    token = await api.sign_in()
    await api.ask("GET", "/api/rooms/some?invite=an-invite-nobody-may-read", token)
    logged = [str(vars(record)) for record in caplog.records if record.name.startswith("server.")]
    assert any("/api/rooms/some" in line for line in logged)
    assert not any("an-invite-nobody-may-read" in line or token in line for line in logged)


async def test_requests_of_other_sites_are_refused_and_ours_accepted(tmp_path: Path) -> None:
    origins = OriginPolicy("https://parlor.example", ["http://localhost:5173"])
    async with api_server(tmp_path, origins=origins) as api:
        own = str(api.client.make_url("")).rstrip("/")
        for origin in (own, "https://parlor.example", "http://localhost:5173"):
            assert (await api.ask("GET", "/api/levels", headers={"Origin": origin})).status == 200
        for origin in (
            "https://evil.example",
            "null",
            "http://parlor.example",
            "https://parlor.example:8443",
            "https://parlor.example.evil.example",
            "http://localhost:5174",
            "",
            "http://[",
        ):
            answer = await api.ask("GET", "/api/levels", headers={"Origin": origin})
            assert (answer.status, answer.code) == (403, "origin_refused"), origin


async def test_too_many_calls_get_a_retry_after(tmp_path: Path) -> None:
    async with api_server(tmp_path, limits=RateLimits(0.02)) as api:
        answers = [await api.ask("POST", "/api/auth/guest", json={"name": "Ann"}) for _ in range(4)]
        assert answers[0].status == 200
        assert (answers[-1].status, answers[-1].code) == (429, "too_many_sign_ups")
        assert int(answers[-1].headers["Retry-After"]) == answers[-1].json["retryAfter"] >= 1
        assert answers[-1].json["retryable"] is True
        assert (await api.ask("GET", "/healthz")).status == 200


async def test_limits_use_a_forwarded_address_only_from_a_trusted_proxy(tmp_path: Path) -> None:
    async def refused(proxies: int, forwarded: list[str]) -> bool:
        async with api_server(tmp_path, limits=RateLimits(0.02), trusted_proxies=proxies) as api:
            answers = [
                await api.ask(
                    "POST", "/api/auth/guest", json={"name": "Ann"}, headers={"X-Forwarded-For": hop}
                )
                for hop in forwarded
            ]
            return any(answer.status == 429 for answer in answers)

    assert not await refused(1, ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
    assert await refused(0, ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
    claims = ["203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.1", "203.0.113.3, 198.51.100.1"]
    assert await refused(1, claims)


async def test_the_server_is_alive_without_its_database_and_ready_only_with_it(api: Api) -> None:
    assert (await api.ask("GET", "/readyz")).json == {"status": "ok", "node": "node1"}

    async def down() -> None:
        raise Unavailable

    api.health.check_store = down
    assert (await api.ask("GET", "/readyz")).code == "unavailable"
    assert (await api.ask("GET", "/healthz")).json == {"status": "ok", "node": "node1"}


async def test_a_draining_server_is_alive_and_not_ready(api: Api) -> None:
    api.health.status = "draining"
    assert (await api.ask("GET", "/readyz")).status == 503
    assert (await api.ask("GET", "/healthz")).json["status"] == "draining"


async def test_metrics_need_their_token_from_any_address(tmp_path: Path) -> None:
    async with api_server(tmp_path, metrics_token="m3trics") as api:
        for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}):
            assert (await api.ask("GET", "/metrics", "m3trics", headers=headers)).status == 200
            for token in ("", "m3tric", "m3trics2", "m\udcff", await api.sign_in()):
                refused = await api.ask("GET", "/metrics", token, headers=headers)
                assert (refused.status, refused.code) == (401, "unauthenticated")


async def test_metrics_without_a_token_are_for_programs_on_this_machine(tmp_path: Path) -> None:
    async with api_server(tmp_path) as api:
        assert (await api.ask("GET", "/metrics")).status == 200
        for name in ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"):
            assert (await api.ask("GET", "/metrics", headers={name: "203.0.113.9"})).status == 401
        assert (await api.ask("GET", "/metrics", headers={"Host": "rooms.example.org"})).status == 401
        bare = {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer "}
        assert (await api.ask("GET", "/metrics", headers=bare)).status == 401


async def test_metrics_behind_a_proxy_without_headers_are_not_public(tmp_path: Path) -> None:
    async with api_server(tmp_path, is_proxied=True) as api:
        refused = await api.ask("GET", "/metrics")
        assert (refused.status, refused.code) == (401, "unauthenticated")
        assert "PARLOR_METRICS_TOKEN" in refused.json["detail"]


async def test_metrics_count_requests_by_route_and_not_by_path(api: Api) -> None:
    token = await api.sign_in()
    for path in ("/api/rooms/one", "/api/rooms/two", "/api/unknown/three"):
        await api.ask("GET", path, token)
    text = (await api.ask("GET", "/metrics")).body.decode()
    assert 'parlor_http_request_seconds_count{method="GET",route="/api/rooms/{id}",status="404"} 2.0' in text
    assert 'route="unmatched",status="404"} 1.0' in text
    assert "three" not in text


async def test_every_page_path_gets_the_page_and_a_missing_file_gets_404(api: Api, built: Path) -> None:
    for path in ("/", "/rooms", "/rooms/abc?invite=x", "/profile"):
        page = await api.ask("GET", path)
        assert (page.status, b"<title>Parlor" in page.body) == (200, True)
        assert page.headers["Cache-Control"] == "no-cache"
    for path in ("/assets/old-9f.js", "/favicon.png", "/api/x", "/socket.io/x"):
        assert (await api.ask("GET", path)).status == 404


async def test_hashed_files_are_cached_for_ever_and_the_service_worker_is_not(api: Api, built: Path) -> None:
    script = await api.ask("GET", "/assets/app-1a2b3c.js", headers={"Accept-Encoding": "identity"})
    assert (script.body, script.headers["Cache-Control"]) == (b"plain", "public, max-age=31536000, immutable")
    packed = await api.ask("GET", "/assets/app-1a2b3c.js", headers={"Accept-Encoding": "gzip"})
    assert packed.body == b"packed"
    assert "immutable" in packed.headers["Cache-Control"]
    assert (await api.ask("GET", "/sw.js")).headers["Cache-Control"] == "no-cache"
    (built / "icon.svg").write_text("<svg/>")
    assert (await api.ask("GET", "/icon.svg")).headers["Cache-Control"] == "public, max-age=86400"


async def test_a_compressed_file_says_so_and_is_not_sent_to_a_browser_that_has_it(
    api: Api, built: Path
) -> None:
    (built / "assets" / "app-1a2b3c.js.br").write_bytes(b"brotli")
    packed = (built / "assets" / "app-1a2b3c.js.gz").read_bytes()
    tags = set()
    for accepted, coding, content in (
        ("gzip, br", "br", b"brotli"),
        ("br;q=0, gzip", "gzip", packed),
        ("identity", None, b"plain"),
    ):
        status, headers, body = await _raw(api, accepted)
        assert (status, body, headers.get("Content-Encoding")) == (200, content, coding)
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["Content-Type"] == "text/javascript; charset=utf-8"
        tags.add(etag := headers["ETag"])
        status, headers, body = await _raw(api, accepted, f'"other", W/{etag}')
        assert (status, body, headers["ETag"]) == (304, b"", etag)
        assert (headers["Vary"], "immutable" in headers["Cache-Control"]) == ("Accept-Encoding", True)
    assert len(tags) == 3, "the forms differ in their bytes"


async def _raw(api: Api, accepted: str, known: str = '"none"') -> tuple[int, CIMultiDict[str], bytes]:
    """Status, headers and the body as sent. aiohttp's client would decompress it, and has no brotli."""
    url = api.client.make_url("/assets/app-1a2b3c.js")
    reader, writer = await asyncio.open_connection(url.host, url.port)
    request = f"GET {url.path} HTTP/1.0\r\nAccept-Encoding: {accepted}\r\nIf-None-Match: {known}\r\n\r\n"
    writer.write(request.encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    first, *lines = head.decode().split("\r\n")
    fields = CIMultiDict((name, value) for name, _, value in (line.partition(": ") for line in lines))
    return int(first.split()[1]), fields, body


async def test_long_answers_in_json_are_compressed_for_clients_that_accept_it(api: Api) -> None:
    token = await api.sign_in()
    for n in range(5):
        host = await api.sign_in(f"Host {n}")
        await api.room(host, name=f"Room {n}", topic="What we cooked at the weekend, and for whom")
    plain = await api.ask("GET", "/api/rooms", token, headers={"Accept-Encoding": "gzip;q=0"})
    packed = await api.ask("GET", "/api/rooms", token, headers={"Accept-Encoding": "gzip"})
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert packed.json["items"] == plain.json["items"]
    assert int(packed.headers["Content-Length"]) < len(plain.body) / 2
    short = await api.ask("GET", "/api/online", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers


async def test_only_the_inline_scripts_of_the_build_may_run(api: Api, built: Path) -> None:
    (built / "index.html").write_text("<script>go()</script>")
    policy = (await api.ask("GET", "/rooms")).headers["Content-Security-Policy"]
    digest = b64encode(hashlib.sha256(b"go()").digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in f"{policy};"
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert "script-src" not in (await api.ask("GET", "/sw.js")).headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "target",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/assets/..%2f..%2fsecret",
        "//secret",
        "/%00",
        "/\\..\\secret",
        "/" + "a" * 4000,
        "/%ff%fe",
        "/%zz",
        "http://elsewhere.example/secret",
        "/api/rooms/%ff?invite=%ff",
        "/api/avatars/u/%2e%2e%2f%2e%2e%2fsecret.webp",
    ],
)
async def test_no_request_target_leaves_the_folders_or_causes_an_internal_error(
    api: Api, built: Path, target: str, caplog: pytest.LogCaptureFixture
) -> None:
    # By hand: a client library would tidy the target up.
    reader, writer = await asyncio.open_connection("127.0.0.1", api.client.port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in answer.partition(b"\r\n")[0]
    assert b"not for you" not in answer
    assert "Traceback" not in caplog.text


async def test_without_a_build_the_page_names_the_command_to_run(api: Api) -> None:
    page = await api.ask("GET", "/rooms")
    assert page.status == 503
    assert b"make run" in page.body


async def test_a_request_id_is_accepted_only_from_a_trusted_proxy(tmp_path: Path) -> None:
    for proxies, kept in ((0, False), (1, True)):
        async with api_server(tmp_path, trusted_proxies=proxies) as api:
            answer = await api.ask("GET", "/api/levels", headers={"X-Request-Id": "given-by-proxy"})
            assert (answer.headers["X-Request-Id"] == "given-by-proxy") is kept


async def test_a_client_that_goes_while_it_sends_is_no_error_of_the_server(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def is_cut(_stream: object) -> bytes:
        raise ConnectionResetError("Connection lost")

    monkeypatch.setattr("aiohttp.StreamReader.readany", is_cut)
    async with api.client.post("/api/auth/guest", data=b"{}") as answer:
        assert answer.status == 499  # for the log: a client that went reads no answer
    assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []
