"""The server's identity at push services (VAPID, RFC 8292): a key of P-256, and tokens signed with it."""

from __future__ import annotations

import base64

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from server.push.encryption import public_bytes

VALID_S = 12 * 3_600
"""Half of what RFC 8292 allows, for clocks that are wrong."""
_RENEW_S = 3_600
_MAX_ORIGINS = 100


class VapidKey:
    """`contact`: a `mailto:` or `https:` address for the people who run push services; empty: none."""

    def __init__(self, key: EllipticCurvePrivateKey, contact: str = "") -> None:
        self._key = key
        self._contact = contact
        self.public = base64url(public_bytes(key.public_key()))
        self._tokens: dict[str, tuple[str, float]] = {}

    def authorization(self, origin: str, now: float) -> str:
        """The header for a request to a push service. Its token is used again for an hour or more."""
        token, until = self._tokens.get(origin, ("", 0.0))
        if not now < until - _RENEW_S <= now + VALID_S:  # also after the clock was set back
            if len(self._tokens) >= _MAX_ORIGINS:
                self._tokens.clear()
            until = now + VALID_S
            claims = {"aud": origin, "exp": int(until)} | ({"sub": self._contact} if self._contact else {})
            token = jwt.encode(claims, self._key, algorithm="ES256")
            self._tokens[origin] = token, until
        return f"vapid t={token}, k={self.public}"


def new_key() -> str:
    """A private key as PEM."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def loaded(pem: str) -> EllipticCurvePrivateKey:
    """A key that `new_key` made. Raises ValueError, TypeError."""
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("the stored key is not one of an elliptic curve")
    return key


def contact_address(contact: str, public_url: str) -> str:
    """`sub` of tokens: Apple's service refuses tokens without one."""
    if "@" in contact and "://" not in contact:
        return f"mailto:{contact.removeprefix('mailto:')}"
    return next((url for url in (contact, public_url) if url.startswith("https://")), "")


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
