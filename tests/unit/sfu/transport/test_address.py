"""Offered addresses, and IPv4 peers of a dual-stack socket."""

from __future__ import annotations

import pytest

from server.sfu.transport.address import MAX_OFFERED, mapped, offered_addresses, unmapped

FOUND = ["127.0.0.1", "::1", "fd00::2", "192.0.2.2", "fe80::1", "169.254.1.1", "192.0.2.2"]


def offered(**changes: object) -> list[str]:
    settings: dict[str, object] = {"advertised": (), "bound": "", "loopback": False, "ipv6": True, **changes}
    return offered_addresses(FOUND, **settings)  # type: ignore[arg-type]


def test_each_interface_once_without_link_local() -> None:
    assert offered() == ["192.0.2.2", "fd00::2"]


def test_loopback_comes_last_and_only_if_requested() -> None:
    assert offered(loopback=True) == ["192.0.2.2", "fd00::2", "127.0.0.1", "::1"]


def test_no_ipv6_where_the_socket_has_none() -> None:
    assert offered(ipv6=False) == ["192.0.2.2"]


def test_advertised_addresses_replace_all_others() -> None:
    assert offered(advertised=("203.0.113.9",), loopback=True) == ["203.0.113.9"]


def test_a_socket_bound_to_one_address_offers_that_one() -> None:
    assert offered(bound="127.0.0.1") == ["127.0.0.1"]
    assert offered(bound="0.0.0.0", ipv6=False) == ["192.0.2.2"]


def test_a_machine_with_many_bridges_offers_few_addresses() -> None:
    many = [f"10.0.{i}.1" for i in range(40)]
    assert len(offered_addresses(many, advertised=(), bound="", loopback=False, ipv6=True)) == MAX_OFFERED


@pytest.mark.parametrize("address", [("192.0.2.1", 5), ("2001:db8::1", 5)])
def test_mapping_is_undone(address: tuple[str, int]) -> None:
    assert unmapped(mapped(address)) == address
    assert unmapped(address) == address
