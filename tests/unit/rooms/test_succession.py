from server.rooms.succession import next_host

BOTH = ["ben", "cat"]


def test_the_longest_present_connected_person_becomes_host() -> None:
    assert next_host("ann", BOTH, BOTH, host_expected=False) == "ben"


def test_a_person_whose_seat_is_held_does_not_become_host() -> None:
    assert next_host("ann", BOTH, ["cat"], host_expected=False) == "cat"


def test_a_host_stays_host_while_nobody_is_connected() -> None:
    assert next_host("ann", BOTH, [], host_expected=False) is None


def test_a_host_with_a_seat_stays_host() -> None:
    assert next_host("cat", BOTH, ["ben"], host_expected=False) is None


def test_a_host_who_has_not_joined_yet_stays_host() -> None:
    assert next_host("ann", ["ben"], ["ben"], host_expected=True) is None


def test_an_empty_room_keeps_its_host() -> None:
    assert next_host("ann", [], [], host_expected=False) is None
