from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from server.api.clients import client_ip, is_local, is_loopback_url


class Transport:
    def __init__(self, peer: str) -> None:
        self._peer = peer

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._peer, 1) if name == "peername" else default


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, ["203.0.113.9"], "192.0.2.1"),
        (1, [], "192.0.2.1"),
        (1, ["203.0.113.9"], "203.0.113.9"),
        (1, ["10.0.0.1, 203.0.113.9"], "203.0.113.9"),
        (2, ["10.0.0.1, 203.0.113.9", "198.51.100.7"], "203.0.113.9"),
        (2, ["203.0.113.9"], "192.0.2.1"),
        (1, ["not an address"], "192.0.2.1"),
        (1, ["::ffff:203.0.113.9"], "203.0.113.9"),
        (1, ["2001:db8::1"], "2001:db8::1"),
    ],
)
def test_only_what_trusted_proxies_appended_counts(proxies: int, forwarded: list[str], seen: str) -> None:
    headers = CIMultiDict([("X-Forwarded-For", line) for line in forwarded])
    request = make_mocked_request("GET", "/", headers=headers, transport=Transport("192.0.2.1"))
    assert client_ip(request, proxies) == seen


@pytest.mark.parametrize(
    ("remote", "headers", "local"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("::ffff:127.0.0.1", {}, True),
        ("192.0.2.1", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("127.0.0.1", {"Host": "rooms.example.org"}, False),
    ],
)
def test_a_request_is_local_only_without_a_proxy(remote: str, headers: dict[str, str], local: bool) -> None:
    request = make_mocked_request(
        "GET", "/", headers=CIMultiDict({"Host": "localhost:8080", **headers}), transport=Transport(remote)
    )
    assert is_local(request) is local


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8080", True),
        ("http://parlor.localhost", True),
        ("https://127.0.0.7", True),
        ("http://[::1]:8080", True),
        ("https://rooms.example.org", False),
        ("http://192.168.0.4:8080", False),
        ("http://[broken", False),
        ("localhost", False),
    ],
)
def test_loopback_urls_are_recognised(url: str, expected: bool) -> None:
    assert is_loopback_url(url) is expected
