"""The settings decide which names in the Host header belong to this server."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from server.api.hosts import HostPolicy
from server.config import Config
from server.wiring.options import host_policy

HERE = [
    "127.0.0.1:8080",
    "localhost:8080",
    "LocalHost",
    "localhost.:8080",
    "parlor.localhost",
    "[::1]:8080",
    "192.168.0.4:8080",
    "[fe80::1%25eth0]:8080",
    "[2001:db8::1]",
    "203.0.113.9",
    "server:8080",
    "n1:8080",
]
ELSEWHERE = [
    "evil.example:8080",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io:8080",
    "evil.example@127.0.0.1.evil.example",
    "evil.local",
    "[broken",
    "",
    ":8080",
]


def policy(**settings: Any) -> HostPolicy:
    return host_policy(Config(_env_file=None, **settings))


@pytest.mark.parametrize("host", [*HERE, None])
def test_addresses_loopback_and_names_without_a_dot_are_allowed(host: str | None) -> None:
    assert policy().allows(host)
    assert policy(host="0.0.0.0").allows(host)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_other_names_are_refused_wherever_the_server_listens(host: str) -> None:
    assert not policy().allows(host)
    assert not policy(host="0.0.0.0").allows(host)


def test_this_machines_own_name_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "laptop.home.arpa")
    own = policy()
    assert own.allows("laptop.home.arpa:8080")
    assert own.allows("Laptop.local:8080")
    assert not own.allows("other.home.arpa:8080")


def test_the_hosts_of_urls_and_the_listed_names_are_allowed_with_any_port() -> None:
    own = HostPolicy(["https://rooms.example.org", ""], ["Parlor.example"])
    for host in ("rooms.example.org", "rooms.example.org:8080", "parlor.example:1", "parlor.example."):
        assert own.allows(host)
    assert not own.allows("www.rooms.example.org")
    assert policy(allowed_hosts="parlor.lan,rooms.lan").allows("rooms.lan:8080")


def test_pages_on_this_machine_that_may_use_the_server_do_not_open_it_to_names() -> None:
    own = policy(allowed_origins="http://dev.localhost:5173", public_url="http://localhost:8080")
    assert not own.allows("evil.example:8080")


@pytest.mark.parametrize(
    "settings",
    [
        {"trusted_proxies": 1},
        {"public_url": "https://rooms.example.org"},
        {"allowed_origins": "https://example.org"},
    ],
)
def test_behind_a_proxy_every_name_is_allowed(settings: dict[str, Any]) -> None:
    assert policy(**settings).allows("rooms.example.org")
    assert policy(**settings).allows("n1.parlor.svc.cluster.local:8080")
