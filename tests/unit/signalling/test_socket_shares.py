"""Sockets of one address and one network: a class must get in, one greedy client must not keep it out."""

from __future__ import annotations

from server.signalling.socket_shares import PAGES, SURPLUS, SocketShares


def filled(shares: SocketShares, owners: list[str], address: str = "192.0.2.1") -> None:
    for number, owner in enumerate(owners):
        assert shares.add(f"{owner}{number}", address) == ("open", None)
        shares.own(f"{owner}{number}", owner)


def test_below_the_limit_every_socket_opens() -> None:
    shares = SocketShares(3)
    filled(shares, ["ann", "ben", "cat"])
    assert shares.add("d", "192.0.2.2") == ("open", None)


def test_beyond_the_limit_the_oldest_socket_of_the_greediest_account_makes_room() -> None:
    shares = SocketShares(40)
    filled(shares, ["ann", "ben", *["eve"] * 38])
    for number in range(38 - PAGES):
        verdict, closed = shares.add(f"new{number}", "192.0.2.1")
        shares.own(f"new{number}", f"pupil {number}")
        assert (verdict, closed) == ("open", f"eve{2 + number}")


def test_many_accounts_with_some_sockets_each_do_not_lock_out_their_neighbours() -> None:
    shares = SocketShares(400)
    filled(shares, [f"eve {number}" for number in range(50) for _ in range(8)])
    for number in range(40):
        verdict, _ = shares.add(f"pupil{number}", "192.0.2.1")
        shares.own(f"pupil{number}", f"pupil {number}")
        assert verdict == "open"


def test_sockets_without_a_handshake_make_room_first_to_last() -> None:
    shares = SocketShares(20)
    for number in range(20):
        shares.add(f"silent{number}", "192.0.2.1")
    assert shares.add("new", "192.0.2.1") == ("open", "silent0")
    assert shares.add("newer", "192.0.2.1") == ("open", "silent1")


def test_where_nobody_has_two_sockets_a_new_one_is_refused_at_its_handshake() -> None:
    shares = SocketShares(2)
    filled(shares, ["ann", "ben"])
    assert shares.add("new", "192.0.2.1") == ("refuse", None)
    assert shares.own("new", "cat") == (False, None)
    shares.drop("new")
    shares.drop("ann0")
    assert shares.add("later", "192.0.2.1") == ("open", None)


def test_hundreds_of_accounts_with_two_sockets_do_not_keep_their_neighbours_out() -> None:
    shares = SocketShares(400)
    filled(shares, [f"eve {number}" for number in range(200) for _ in range(PAGES)])
    for number in range(40):
        assert shares.add(f"pupil{number}", "192.0.2.1") == ("refuse", None)
        is_open, closed = shares.own(f"pupil{number}", f"pupil {number}")
        assert is_open
        assert closed is not None
        assert closed.startswith("eve")
    assert len(shares._address_of) == 400


def test_whoever_made_room_displaces_nobody_as_they_come_back() -> None:
    shares = SocketShares(4)
    filled(shares, ["eve", "eve", "ida", "ida"])
    shares.add("new", "192.0.2.1")
    assert shares.own("new", "ann") == (True, "eve0")
    shares.add("back", "192.0.2.1")
    assert shares.own("back", "eve") == (False, None)


def test_of_two_sockets_the_lobbys_makes_room_and_not_the_one_of_a_talk() -> None:
    shares = SocketShares(2)
    shares.add("room", "192.0.2.1")
    shares.own("room", "ann")
    shares.add("lobby", "192.0.2.1")
    shares.own("lobby", "ann", is_lobby=True)
    shares.add("new", "192.0.2.1")
    assert shares.own("new", "ben") == (True, "lobby")


def test_sockets_that_wait_for_their_refusal_are_bounded_and_keep_no_newcomer_out() -> None:
    shares = SocketShares(2)
    filled(shares, ["ann", "ann"])
    verdicts = [shares.add(f"new{number}", "192.0.2.1") for number in range(SURPLUS)]
    assert verdicts == [("refuse", None)] * SURPLUS
    assert shares.add("ben", "192.0.2.1") == ("refuse", "new0")
    assert shares.own("ben", "ben") == (True, "ann0")


def test_nothing_is_kept_of_addresses_without_sockets() -> None:
    shares = SocketShares(1)
    filled(shares, ["ann"])
    shares.add("refused", "192.0.2.1")
    for socket_id in ("ann0", "refused", "never added"):
        shares.drop(socket_id)
    assert not shares._addresses
    assert not shares._address_of


def test_zero_is_no_limit() -> None:
    shares = SocketShares(0)
    filled(shares, ["eve"] * 1_000)


def full_of(networks: int, addresses: int, sockets: int) -> SocketShares:
    """A full server whose sockets are all of `networks` networks of an attacker."""
    shares = SocketShares(sockets, networks * addresses * sockets)
    for network in range(networks):
        for address in range(addresses):
            filled(shares, [f"eve{network}.{address}-"] * sockets, f"198.51.{network}.{address}")
    return shares


def test_on_a_full_server_a_class_from_elsewhere_gets_in() -> None:
    shares = full_of(5, 5, 20)
    for number in range(40):
        verdict, closed = shares.add(f"pupil{number}", f"192.0.2.{number % 4}")
        shares.own(f"pupil{number}", f"pupil {number // 2}")
        assert verdict == "open"
        assert closed is not None
        assert closed.startswith("eve")


def test_the_crowd_of_a_full_server_displaces_nobody_of_a_small_network() -> None:
    shares = full_of(2, 2, 10)
    shares.add("ann", "192.0.2.1")
    for number in range(20):
        verdict, closed = shares.add(f"more{number}", "198.51.0.9")
        assert closed != "ann"
        if verdict != "open":
            break
    assert shares._address_of["ann"] == "192.0.2.1"


def test_in_the_crowds_own_network_an_address_with_few_sockets_gets_in() -> None:
    shares = full_of(1, 4, 10)
    verdict, closed = shares.add("ann", "198.51.0.9")
    assert verdict == "open"
    assert closed is not None
    assert closed.startswith("eve")


def test_where_no_network_has_many_more_a_full_server_refuses() -> None:
    shares = full_of(4, 1, 1)
    assert shares.add("new", "198.51.0.9") == ("refuse", None)
    assert shares.add("newer", "192.0.2.1")[0] == "close", "a tenth of four sockets is less than one"


def test_networks_of_ipv6_have_48_bits() -> None:
    shares = SocketShares(10, 20)
    filled(shares, ["eve"] * 10, "2001:db8:1:1::/64")
    filled(shares, ["eva"] * 10, "2001:db8:1:2::/64")
    assert shares.add("ann", "2001:db8:2::/64")[0] == "open"
    assert shares.add("ben", "2001:db8:1:3::/64")[0] == "open"


def test_nothing_is_kept_of_networks_without_sockets() -> None:
    shares = full_of(2, 1, 2)
    shares.add("ann", "192.0.2.1")
    for socket_id in [*shares._address_of]:
        shares.drop(socket_id)
    assert not shares._networks
    assert not +shares._sizes
    assert not shares._sizes.keys()
    assert shares._refused == 0
