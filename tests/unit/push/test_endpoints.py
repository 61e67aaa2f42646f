from __future__ import annotations

import asyncio
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from server.common.settings import SettingError
from server.config import Config
from server.push.endpoints import EndpointRules, is_public
from server.push.sender import PublicResolver, retry_after_s

KNOWN = EndpointRules.of(["known"])


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAB",
        "https://fcm.googleapis.com:443/fcm/send/abc",
    ],
)
def test_the_services_of_the_browsers_are_known(endpoint: str) -> None:
    assert KNOWN.allow(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://fcm.googleapis.com:8443/fcm/send/abc",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://fcm.googleapis.com\\@evil.example/x",
        "https://evilpush.apple.com.example/x",
        "https://push.services.mozilla.com.example/",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://fcm.googleapis.com/x#y",
        "https://fcm.googleapis.com/\nX: y",
        "https://fcm.googleapis.com:x/",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/",
        "https://fcm.googleapis.com/" + "x" * 1_000,
        "",
    ],
)
def test_no_other_url_is_sent_to(endpoint: str) -> None:
    assert not KNOWN.allow(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://10.0.0.1/x",
        "https://0x7f.1/x",
        "https://2130706433/x",
        "https://router/x",
        "http://push.example/x",
    ],
)
def test_with_any_public_host_neither_addresses_nor_local_names_nor_http_are_allowed(endpoint: str) -> None:
    rules = EndpointRules.of(["*"])
    assert rules.allow("https://push.example.org/abc")
    assert not rules.allow(endpoint)


def test_an_origin_of_the_setting_is_trusted_and_no_other_of_its_host() -> None:
    rules = EndpointRules.of(["known", "http://127.0.0.1:9000", "https://push.example.org"])
    assert rules.allow("http://127.0.0.1:9000/send/1")
    assert rules.allow("https://push.example.org:443/1")
    assert not rules.allow("http://127.0.0.1:9001/send/1")
    assert not rules.allow("http://push.example.org/1")
    assert rules.allow("https://fcm.googleapis.com/1")
    assert EndpointRules.of(["none"]).is_off


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::200a", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("no address", False),
    ],
)
def test_addresses_of_the_internet_are_told_from_others(address: str, public: bool) -> None:
    assert is_public(address) is public


class _Answers(AbstractResolver):
    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


def _resolved(rules: EndpointRules, host: str, *addresses: str) -> list[str]:
    found = asyncio.run(PublicResolver(rules, _Answers(*addresses)).resolve(host, 443))
    return [address["host"] for address in found]


def test_a_name_that_leads_to_a_private_address_is_not_connected_to() -> None:
    assert _resolved(KNOWN, "push.example.org", "10.0.0.1", "8.8.8.8") == ["8.8.8.8"]
    with pytest.raises(OSError, match="no public address"):
        _resolved(KNOWN, "push.example.org", "10.0.0.1", "::1")
    trusted = EndpointRules.of(["https://push.example.org"])
    assert _resolved(trusted, "push.example.org", "10.0.0.1") == ["10.0.0.1"]


def test_the_time_to_retry_is_seconds_or_a_date() -> None:
    assert retry_after_s("120", 0.0) == 120
    assert retry_after_s("Fri, 15 Jan 2027 08:01:00 GMT", 1_800_000_000.0) == 60
    assert retry_after_s("Fri, 15 Jan 2027 07:00:00 GMT", 1_800_000_000.0) == 0
    for wrong in ("", "soon", "-5", "٣", "9" * 400):
        assert retry_after_s(wrong, 0.0) in {None, 999_999_999.0}


def test_the_setting_takes_known_any_none_and_origins() -> None:
    taken = Config(push_services="known, https://push.example.org").push_services
    assert taken == ("known", "https://push.example.org")
    for wrong in (
        "all",
        "none,known",
        "https://push.example.org/path",
        "https://u:p@push.example.org",
        "ftp://x",
    ):
        with pytest.raises(SettingError):
            Config.load(None, push_services=wrong)
