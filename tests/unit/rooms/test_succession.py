from server.rooms.members import next_host


def test_the_longest_present_person_becomes_host() -> None:
    assert next_host("ann", ["ben", "cat"], host_expected=False) == "ben"


def test_a_host_with_a_seat_stays_host() -> None:
    assert next_host("cat", ["ben", "cat"], host_expected=False) is None


def test_a_host_who_has_not_joined_yet_stays_host() -> None:
    assert next_host("ann", ["ben"], host_expected=True) is None


def test_an_empty_room_keeps_its_host() -> None:
    assert next_host("ann", [], host_expected=False) is None
