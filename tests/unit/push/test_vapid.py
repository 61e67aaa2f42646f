from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from server.push.vapid import VALID_S, VapidKey, contact_address, loaded, new_key
from tests.fakes.push_service import unb64

NOW = 1_800_000_000.0
FCM = "https://fcm.googleapis.com"


def _token(header: str) -> str:
    return header.removeprefix("vapid t=").partition(",")[0]


def test_a_token_is_for_one_service_and_half_a_day_and_signed_with_the_shown_key() -> None:
    key = VapidKey(loaded(new_key()), "mailto:ops@example.org")
    header = key.authorization(FCM, NOW)
    public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), unb64(key.public))
    claims = jwt.decode(
        _token(header), public, algorithms=["ES256"], audience=FCM, options={"verify_exp": False}
    )
    assert claims == {"aud": FCM, "exp": int(NOW) + VALID_S, "sub": "mailto:ops@example.org"}
    assert header.endswith(f", k={key.public}")


def test_a_token_is_used_again_until_its_last_hour_and_after_the_clock_was_set_back_it_is_not() -> None:
    key = VapidKey(loaded(new_key()))
    first = key.authorization(FCM, NOW)
    assert key.authorization(FCM, NOW + VALID_S - 3_700) == first
    assert key.authorization(FCM, NOW + VALID_S - 3_500) != first
    assert key.authorization("https://web.push.apple.com", NOW) != first
    late = key.authorization(FCM, NOW + 100_000)
    assert key.authorization(FCM, NOW) != late


@pytest.mark.parametrize(
    ("contact", "page", "address"),
    [
        ("ops@example.org", "https://rooms.example.org", "mailto:ops@example.org"),
        ("mailto:ops@example.org", "", "mailto:ops@example.org"),
        ("https://example.org/contact", "", "https://example.org/contact"),
        ("ask at the door", "https://rooms.example.org", "https://rooms.example.org"),
        ("", "http://localhost:8080", ""),
    ],
)
def test_the_contact_is_the_operators_address_or_the_page(contact: str, page: str, address: str) -> None:
    assert contact_address(contact, page) == address
