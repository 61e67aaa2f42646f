from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pylibsrtp import Policy

from server.sfu.keys import KeyedSession

HEADER = bytes.fromhex("806f 0007 00000bb8 0a0b0c0d")
SEQUENCE, SSRC = HEADER[2:4], HEADER[8:12]


@pytest.mark.parametrize(
    "profile", [Policy.SRTP_PROFILE_AEAD_AES_128_GCM, Policy.SRTP_PROFILE_AEAD_AES_256_GCM]
)
def test_the_derived_keys_are_those_that_libsrtp_decrypts_with(profile: int) -> None:
    master = os.urandom(44)
    keys = KeyedSession(profile, master, Policy.SSRC_ANY_OUTBOUND).gcm_keys()
    assert keys is not None
    key, salt = keys
    iv = bytes(a ^ b for a, b in zip(bytes(2) + SSRC + bytes(4) + SEQUENCE, salt, strict=True))
    sealed = HEADER + AESGCM(key).encrypt(iv, b"speech", HEADER)
    assert KeyedSession(profile, master, Policy.SSRC_ANY_INBOUND).unprotect(sealed) == HEADER + b"speech"


def test_other_ciphers_have_no_gcm_keys() -> None:
    session = KeyedSession(Policy.SRTP_PROFILE_AES128_CM_SHA1_80, os.urandom(30), Policy.SSRC_ANY_OUTBOUND)
    assert session.gcm_keys() is None
