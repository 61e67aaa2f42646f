"""Encrypts messages for one device: RFC 8291, with the content coding aes128gcm of RFC 8188.

`http-ece`, on which `pywebpush` builds, is written for older codings too and calls the same functions of
`cryptography`; what is needed of it is this file, checked with the RFC's own example.
"""

from __future__ import annotations

import os
from struct import pack

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey as PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAX_TEXT = 3_000
"""Bytes of a message. Push services take bodies of 4,096 (RFC 8030, section 7.2)."""
_STEP = 512
"""The length of a body tells which notice it may be, so texts are padded to a multiple of this."""
_SALT, _TAG, _LAST = 16, 16, b"\x02"


def public_bytes(key: PublicKey) -> bytes:
    """The uncompressed point, 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def is_point(p256dh: bytes) -> bool:
    """Whether it is a public key of P-256: 65 bytes that name a point of the curve."""
    try:
        return len(p256dh) == 65 and bool(PublicKey.from_encoded_point(SECP256R1(), p256dh))
    except ValueError:
        return False


def encrypted(
    text: bytes,
    p256dh: bytes,
    auth: bytes,
    *,
    salt: bytes | None = None,
    key: EllipticCurvePrivateKey | None = None,
    padded: bool = True,
) -> bytes:
    """The body for a push service. `salt` and `key` are given by tests alone: no two messages share them.
    Raises ValueError for a text that is too long, and for a key that is no point of P-256."""
    if len(text) > MAX_TEXT:
        raise ValueError(f"a message has {len(text)} bytes, and at most {MAX_TEXT}")
    salt, key = salt or os.urandom(_SALT), key or generate_private_key(SECP256R1())
    own = public_bytes(key.public_key())
    shared = key.exchange(ECDH(), PublicKey.from_encoded_point(SECP256R1(), p256dh))
    secret = _derived(shared, auth, b"WebPush: info\0" + p256dh + own, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    record = text + _LAST
    if padded:
        record = record.ljust(-(-len(record) // _STEP) * _STEP, b"\0")
    size = max(4_096, len(record) + _TAG)
    header = salt + pack("!IB", size, len(own)) + own
    return header + AESGCM(content_key).encrypt(nonce, record, None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)
