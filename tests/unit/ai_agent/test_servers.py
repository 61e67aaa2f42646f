"""A worker finds the servers that it serves."""

from __future__ import annotations

from collections import Counter

import pytest

from ai_agent.servers import MAX_SERVERS, addresses, chosen, merged
from server.protocol.agents import ListedServer

N1 = ListedServer(name="n1", url="/n/n1", internal_url="http://n1:8080")
N2 = ListedServer(name="n2", url="https://n2.rooms.example", internal_url="http://n2:8080")
SECURE = ListedServer(name="n3", url="/n/n3", internal_url="https://10.0.0.3:8443/")


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        # In the servers' network, by the name of one or of all.
        ("http://n1:8080", {"n1": "http://n1:8080", "n2": "http://n2:8080"}),
        ("http://127.0.0.1:9999", {"n1": "http://n1:8080", "n2": "http://n2:8080"}),
        # From outside: by the proxy, or by the address that the server has for its clients.
        ("https://rooms.example", {"n1": "https://rooms.example/n/n1", "n2": "https://n2.rooms.example"}),
        ("https://rooms.example/", {"n1": "https://rooms.example/n/n1", "n2": "https://n2.rooms.example"}),
    ],
)
def test_a_worker_goes_by_the_addresses_of_where_it_is(home: str, expected: dict[str, str]) -> None:
    assert addresses([N1, N2], home) == expected


def test_a_worker_with_an_encrypted_internal_address_goes_by_internal_ones_that_are_encrypted() -> None:
    other = ListedServer(name="n4", url="/n/n4", internal_url="http://10.0.0.4:8080")
    assert addresses([SECURE, other], "https://10.0.0.3:8443") == {"n3": "https://10.0.0.3:8443"}


@pytest.mark.parametrize("url", ["", "http://", "http://[::1", "file:///etc/passwd", "ftp://n1", "n1:8080"])
def test_an_address_that_is_none_is_left_out(url: str) -> None:
    wrong = ListedServer(name="n1", url="/n/n1", internal_url=url)
    assert addresses([wrong, N2], "http://n2:8080") == {"n2": "http://n2:8080"}


def test_the_token_does_not_leave_encryption() -> None:
    plain = ListedServer(name="n1", url="http://rooms.example/n/n1", internal_url="http://n1:8080")
    assert addresses([plain], "https://rooms.example") == {}


def test_few_servers_are_all_chosen_and_of_many_each_has_workers() -> None:
    few = [f"n{i}" for i in range(MAX_SERVERS)]
    assert set(chosen("w1", few)) == set(few)
    many = [f"n{i}" for i in range(40)]
    counts = Counter(name for worker in range(40) for name in chosen(f"w{worker}", many))
    assert all(len(chosen(f"w{worker}", many)) == MAX_SERVERS for worker in range(40))
    assert set(counts) == set(many)


def test_a_server_that_goes_changes_one_choice_at_most() -> None:
    many = [f"n{i}" for i in range(40)]
    before = chosen("w1", many)
    many.remove(before[0])
    assert len(set(chosen("w1", many)) - set(before)) == 1


def test_what_one_server_does_not_know_another_does() -> None:
    assert merged([{"n1": "a"}, {"n2": "b"}, {}]) == {"n1": "a", "n2": "b"}
