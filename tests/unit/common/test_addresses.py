from server.common.addresses import limit_key, network_of


def test_an_ipv6_host_counts_as_its_64_bit_prefix() -> None:
    assert limit_key("2001:db8:1:2::5") == limit_key("2001:db8:1:2:ffff::9")
    assert limit_key("2001:db8:1:2::5") != limit_key("2001:db8:1:3::5")
    assert limit_key("192.0.2.1") != limit_key("192.0.2.2")
    assert limit_key("unknown") == "unknown"


def test_an_ipv4_peer_of_an_ipv6_socket_counts_by_its_ipv4_address() -> None:
    assert limit_key("::ffff:192.0.2.1") == limit_key("192.0.2.1")
    assert limit_key("::ffff:192.0.2.1") != limit_key("::ffff:192.0.2.2")


def test_an_address_and_its_key_have_the_same_network() -> None:
    for address, network in (("192.0.2.1", "192.0.2.0/24"), ("2001:db8:1:2::5", "2001:db8:1::/48")):
        assert network_of(address) == network_of(limit_key(address)) == network
    assert network_of("no address") == "unknown"
