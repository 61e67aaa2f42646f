"""SRTP sessions that keep their keys, so that a data plane can encrypt RTP itself, faster than libsrtp."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pylibsrtp import Policy, Session

REPLAY_WINDOW = 256
"""Packets; more than the history keeps for retransmission, since those are encrypted again."""
_GCM_KEY_BYTES = {Policy.SRTP_PROFILE_AEAD_AES_128_GCM: 16, Policy.SRTP_PROFILE_AEAD_AES_256_GCM: 32}
_SALT_BYTES = 12
"""Length of master and session salt (RFC 7714 section 12.3)."""
_SALT_LABEL = 2
"""RFC 3711 section 4.3.2; the encryption key's label is 0."""


class KeyedSession(Session):
    """One direction of a connection. `key`: master key and master salt, as libsrtp takes them."""

    def __init__(self, profile: int, key: bytes, ssrcs: int) -> None:
        policy = Policy(key, ssrcs, srtp_profile=profile)
        policy.allow_repeat_tx = True
        policy.window_size = REPLAY_WINDOW
        super().__init__(policy)
        self._profile, self._key = profile, key

    def gcm_keys(self) -> tuple[bytes, bytes] | None:
        """Key and salt that encrypt RTP (RFC 3711 section 4.3.1, RFC 7714 section 11).

        None with another cipher.
        """
        size = _GCM_KEY_BYTES.get(self._profile)
        if size is None:
            return None
        master, salt = self._key[:size], self._key[size : size + _SALT_BYTES]
        labelled = salt[:7] + bytes([salt[7] ^ _SALT_LABEL]) + salt[8:]
        return _derive(master, salt, size), _derive(master, labelled, _SALT_BYTES)


def _derive(master: bytes, salt: bytes, size: int) -> bytes:
    # the salt's 12 bytes, two zero bytes up to the 14 of RFC 3711, and two for the block counter
    stream = Cipher(algorithms.AES(master), modes.CTR(salt + bytes(4))).encryptor()
    return stream.update(bytes(size))
