from server.rooms.room import heir


def test_the_longest_present_person_becomes_host() -> None:
    assert heir("ann", ["ben", "cat"], host_expected=False) == "ben"


def test_a_host_who_is_there_stays_host() -> None:
    assert heir("cat", ["ben", "cat"], host_expected=False) is None


def test_a_host_who_is_expected_is_waited_for() -> None:
    assert heir("ann", ["ben"], host_expected=True) is None


def test_an_empty_room_keeps_its_host() -> None:
    assert heir("ann", [], host_expected=False) is None
