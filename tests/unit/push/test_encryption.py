from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from server.push.encryption import MAX_TEXT, encrypted, is_point
from tests.fakes.push_service import Device, unb64

_RFC_TEXT = b"When I grow up, I want to be a watermelon"
_RFC_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
    "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_rfc_8291_is_reproduced() -> None:
    secret = int.from_bytes(unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    body = encrypted(
        _RFC_TEXT,
        unb64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        unb64("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=unb64("DGv6ra1nlYgDCS1FRnbzlw"),
        key=ec.derive_private_key(secret, ec.SECP256R1()),
        padded=False,
    )
    assert body == unb64(_RFC_BODY)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=MAX_TEXT).map(lambda text: text.rstrip(b"\0")))
def test_the_device_reads_what_was_encrypted_for_it_and_nobody_else_does(text: bytes) -> None:
    device, other = Device("https://push.example/1"), Device("https://push.example/2")
    body = encrypted(text, device.p256dh, device.auth)
    assert device.decrypt(body) == text
    assert len(body) <= 4_096
    with pytest.raises(InvalidTag):
        other.decrypt(body)


def test_texts_of_similar_length_have_bodies_of_one_length_and_no_two_bodies_are_the_same() -> None:
    device = Device("https://push.example/1")
    bodies = [encrypted(b"x" * length, device.p256dh, device.auth) for length in (1, 100, 400, 400)]
    assert len({len(body) for body in bodies}) == 1
    assert len(set(bodies)) == 4


def test_a_text_that_is_too_long_and_a_key_that_is_no_point_are_refused() -> None:
    device = Device("https://push.example/1")
    with pytest.raises(ValueError, match="at most 3000"):
        encrypted(b"x" * (MAX_TEXT + 1), device.p256dh, device.auth)
    assert is_point(device.p256dh)
    off_the_curve = b"\x04" + b"\x01" * 64
    for wrong in (b"", device.p256dh[:-1], b"\x04" + b"\0" * 64, off_the_curve):
        assert not is_point(wrong)
