"""STUN messages, well-formed and not."""

from __future__ import annotations

from aioice import stun as wire
from hypothesis import given
from hypothesis import strategies as st

from server.sfu.transport import stun

PASSWORD = "a-password-of-some-length"
CHECK = stun.request(stun.new_transaction_id(), "ours:theirs", PASSWORD)


def test_a_check_is_read_back() -> None:
    binding = stun.parse(CHECK)
    assert binding is not None
    assert binding.kind is stun.Kind.REQUEST
    assert binding.username == "ours:theirs"
    assert binding.is_signed_with(PASSWORD)
    assert not binding.is_signed_with("another")
    assert stun.peek_username(CHECK) == "ours:theirs"


def test_a_response_carries_the_address_and_is_signed() -> None:
    transaction_id = stun.new_transaction_id()
    binding = stun.parse(stun.success(transaction_id, ("2001:db8::1", 4000), PASSWORD))
    assert binding is not None
    assert (binding.kind, binding.transaction_id) == (stun.Kind.SUCCESS, transaction_id)
    assert binding.is_signed_with(PASSWORD)


def test_messages_equal_those_of_another_implementation() -> None:
    transaction_id = stun.new_transaction_id()
    for source in (("192.0.2.7", 5000), ("2001:db8::1", 4000)):
        response = wire.Message(
            wire.Method.BINDING, wire.Class.RESPONSE, transaction_id, {"XOR-MAPPED-ADDRESS": source}
        )
        response.add_message_integrity(PASSWORD.encode())
        assert stun.success(transaction_id, source, PASSWORD) == bytes(response)
    refusal = wire.Message(wire.Method.BINDING, wire.Class.ERROR, transaction_id, {"ERROR-CODE": (400, "No")})
    refusal.add_fingerprint()
    assert stun.error(transaction_id, 400, "No") == bytes(refusal)
    check = wire.parse_message(CHECK)
    assert set(check.attributes) == {
        "USERNAME", "ICE-CONTROLLED", "PRIORITY", "MESSAGE-INTEGRITY", "FINGERPRINT",
    }  # fmt: skip


def test_an_error_is_unsigned_and_has_a_fingerprint() -> None:
    binding = stun.parse(stun.error(stun.new_transaction_id(), 401, "Unauthenticated"))
    assert binding is not None
    assert binding.kind is stun.Kind.ERROR
    assert not binding.has_integrity


def test_a_wrong_cookie_is_not_stun() -> None:
    assert stun.parse(CHECK[:4] + b"\0\0\0\0" + CHECK[8:]) is None


def test_a_wrong_fingerprint_is_not_stun() -> None:
    assert stun.parse(CHECK[:-1] + bytes([CHECK[-1] ^ 1])) is None


def test_a_message_without_fingerprint_is_refused() -> None:
    body = CHECK[:-8]
    assert stun.parse(body[:2] + (len(body) - 20).to_bytes(2, "big") + body[4:]) is None


def test_a_length_that_does_not_fit_is_not_stun() -> None:
    assert stun.parse(CHECK + b"\0\0\0\0") is None
    assert stun.parse(CHECK[:16]) is None


def test_attributes_after_the_signature_are_ignored() -> None:
    # USE-CANDIDATE put between MESSAGE-INTEGRITY and FINGERPRINT by an attacker on the path.
    from_outside = CHECK[:-8] + b"\x00\x25\x00\x00"
    length = len(from_outside) - 20 + 8
    message = from_outside[:2] + length.to_bytes(2, "big") + from_outside[4:]
    crc = wire.message_fingerprint(message)
    binding = stun.parse(message + b"\x80\x28\x00\x04" + crc.to_bytes(4, "big"))
    assert binding is not None
    assert not binding.nominates


def test_an_attribute_longer_than_the_message_is_refused() -> None:
    assert stun.parse(CHECK[:-6] + b"\x01\x04" + CHECK[-4:]) is None


@given(st.binary(max_size=200))
def test_random_attributes_never_raise(body: bytes) -> None:
    body = body[: len(body) // 4 * 4]
    header = b"\x00\x01" + len(body).to_bytes(2, "big") + CHECK[4:20]
    stun.peek_username(header + body)
    stun.parse(header + body)


@given(st.integers(0, len(CHECK) - 1), st.integers(1, 255))
def test_a_changed_check_is_never_accepted_as_signed(position: int, flip: int) -> None:
    changed = bytearray(CHECK)
    changed[position] ^= flip
    binding = stun.parse(bytes(changed))
    assert binding is None or not binding.is_signed_with(PASSWORD)
