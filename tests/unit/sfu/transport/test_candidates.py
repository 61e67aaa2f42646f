"""The addresses of a host are offered in order of preference."""

from __future__ import annotations

from collections.abc import Sequence

from server.sfu.transport.candidates import (
    MAX_OFFERED,
    AddressRules,
    Interface,
    interfaces,
    offered_addresses,
    route_sources,
    with_reached,
)

LO = Interface("lo", ("127.0.0.1", "::1"))
ETH = Interface("eth0", ("192.0.2.2", "fd00::2", "2001:db8::2", "2001:db8::77", "fe80::1"))
WLAN = Interface("wlan0", ("10.1.1.5", "169.254.1.1"))
BRIDGES = tuple(Interface(f"br-{i}", (f"172.{16 + i}.0.1",), is_bridge=True) for i in range(12))


def offered(
    found: Sequence[Interface] = (LO, ETH),
    *,
    sources: Sequence[str] = (),
    advertised: Sequence[str] = (),
    bound: str = "",
    loopback: bool = False,
    ipv6: bool = True,
) -> list[str]:
    return list(offered_addresses(found, sources, AddressRules(advertised, bound, loopback, ipv6)))


def test_one_address_of_each_family_and_interface_public_ones_before_private() -> None:
    assert offered([LO, ETH, WLAN]) == ["192.0.2.2", "10.1.1.5", "fd00::2"]
    assert offered([LO, WLAN]) == ["10.1.1.5"]
    assert offered([Interface("eth0", ("fd00::2", "2600::2"))]) == ["2600::2"]


def test_sources_of_the_default_routes_come_first() -> None:
    assert offered([LO, WLAN, ETH], sources=["192.0.2.2", "2001:db8::77"]) == [
        "192.0.2.2",
        "2001:db8::77",
        "10.1.1.5",
    ]


def test_a_source_that_is_not_ours_or_not_allowed_is_not_offered() -> None:
    assert offered([ETH], sources=["198.51.100.9"]) == offered([ETH])
    assert "2001:db8::77" not in offered([ETH], sources=["2001:db8::77"], ipv6=False)


def test_twelve_bridges_leave_the_addresses_that_lead_here() -> None:
    rules = AddressRules(ipv6=True)
    found = offered([LO, *BRIDGES, ETH], sources=["192.0.2.2", "2001:db8::2"])
    assert found == ["192.0.2.2", "2001:db8::2"]
    assert with_reached(found, "172.20.0.1", rules) == ("172.20.0.1", "192.0.2.2", "2001:db8::2")


def test_bridges_are_offered_if_there_is_nothing_else() -> None:
    assert offered([LO, *BRIDGES])[:2] == ["172.16.0.1", "172.17.0.1"]
    assert len(offered([LO, *BRIDGES], loopback=True)) == MAX_OFFERED


def test_a_bridge_with_the_default_route_is_offered() -> None:
    bridge = Interface("vmbr0", ("192.0.2.9",), is_bridge=True)
    assert offered([LO, bridge, ETH], sources=["192.0.2.9"])[0] == "192.0.2.9"


def test_loopback_comes_last_and_only_if_requested() -> None:
    assert offered([LO, WLAN], loopback=True) == ["10.1.1.5", "127.0.0.1", "::1"]
    assert "127.0.0.1" not in offered([LO, WLAN])


def test_no_ipv6_where_the_socket_has_none() -> None:
    assert offered(ipv6=False) == ["192.0.2.2"]


def test_advertised_addresses_replace_all_others() -> None:
    assert offered(advertised=("203.0.113.9",), loopback=True) == ["203.0.113.9"]
    assert with_reached(["203.0.113.9"], "192.0.2.2", AddressRules(("203.0.113.9",))) == ("203.0.113.9",)


def test_a_socket_bound_to_one_address_offers_that_one() -> None:
    assert offered(bound="127.0.0.1") == ["127.0.0.1"]
    assert offered(bound="0.0.0.0", ipv6=False) == ["192.0.2.2"]
    assert with_reached(["192.0.2.2"], "10.1.1.5", AddressRules(bound="192.0.2.2")) == ("192.0.2.2",)


def test_the_address_that_the_client_has_reached_comes_first() -> None:
    rules = AddressRules(bound="::")
    assert with_reached(["192.0.2.2", "10.1.1.5"], "10.1.1.5", rules) == ("10.1.1.5", "192.0.2.2")
    assert with_reached(["192.0.2.2"], "2001:db8::7", rules) == ("2001:db8::7", "192.0.2.2")
    for useless in ("", "127.0.0.1", "fe80::1"):
        assert with_reached(["192.0.2.2"], useless, rules) == ("192.0.2.2",)
    many = [f"10.0.{i}.1" for i in range(MAX_OFFERED)]
    assert with_reached(many, "192.0.2.2", rules) == ("192.0.2.2", *many[:-1])


def test_loopback_keeps_its_place_since_all_of_this_machine_is_reached_so() -> None:
    rules = AddressRules(loopback=True)
    assert with_reached(["192.0.2.2", "127.0.0.1"], "127.0.0.1", rules) == ("192.0.2.2", "127.0.0.1")


def test_this_machine_has_loopback_and_sources_of_its_own() -> None:
    known = {address for interface in interfaces() for address in interface.addresses}
    assert "127.0.0.1" in known
    assert set(route_sources()) <= known
