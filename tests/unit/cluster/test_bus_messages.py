"""Messages of the bus: signed, each taken once, and no old ones."""

from __future__ import annotations

import pytest

from server.cluster.bus_messages import FRESH_FOR_S, Dropped, Message, Seal

SECRET = "s" * 32
NOW = 1_800_000_000.0


def a_seal(node_id: str = "n1-a", *, secret: str = SECRET, clock_off_s: float = 0.0) -> Seal:
    return Seal(secret, node_id, lambda: NOW + clock_off_s)


def test_a_message_is_read_as_it_was_written_whatever_its_text() -> None:
    text = a_seal().write(1, 'a "topic"', '{"name":"Ngọc\\n\\ud800"}')
    assert a_seal("n2-b").read(text) == Message("n1-a", 1, NOW, 'a "topic"', {"name": "Ngọc\n\ud800"})


def test_a_message_of_another_secret_or_a_changed_one_is_unsigned() -> None:
    reader = a_seal("n2-b")
    text = a_seal().write(1, "t", '{"user":"ann"}')
    assert reader.read(a_seal(secret="x" * 32).write(1, "t", "{}")) is Dropped.UNSIGNED
    for forged in (text.replace("ann", "ben"), text[:-1], text[1:], "", "ü" * 70):
        assert reader.read(forged) is Dropped.UNSIGNED
    assert isinstance(reader.read(text), Message)


def test_a_message_is_taken_once_and_none_before_it_afterwards() -> None:
    writer, reader = a_seal(), a_seal("n2-b")
    one, two = (writer.write(number, "t", "{}") for number in (1, 2))
    assert isinstance(reader.read(two), Message)
    assert reader.read(two) is Dropped.REPEATED
    assert reader.read(one) is Dropped.REPEATED
    assert isinstance(reader.read(a_seal("n3-c").write(1, "t", "{}")), Message)


@pytest.mark.parametrize("sign", [-1, 1])
def test_clocks_may_be_five_minutes_apart_and_older_messages_are_dropped(sign: int) -> None:
    reader = a_seal("n2-b")
    assert isinstance(reader.read(a_seal(clock_off_s=sign * 300.0).write(1, "t", "{}")), Message)
    late = a_seal(clock_off_s=sign * (FRESH_FOR_S + 1.0)).write(2, "t", "{}")
    assert reader.read(late) is Dropped.DATED


def test_a_message_of_another_version_is_unreadable() -> None:
    reader = a_seal("n2-b")
    for payload in ("[]", '1,"more"', "nothing"):
        assert reader.read(a_seal().write(1, "t", payload)) is Dropped.UNREADABLE


def test_numbers_of_servers_that_ended_long_ago_are_forgotten() -> None:
    """Only when their messages would be refused by date anyway."""
    now = NOW
    reader = Seal(SECRET, "n2-b", lambda: now)
    for start in range(100):
        writer = Seal(SECRET, f"n1-{start}", lambda: now)  # noqa: B023 - of this round
        old = writer.write(1, "t", "{}")
        assert isinstance(reader.read(old), Message)
        now += 60.0
    assert len(reader._last) <= 2 * FRESH_FOR_S / 60.0 + 1
    assert reader.read(old) is Dropped.REPEATED
