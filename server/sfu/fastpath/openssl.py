"""OpenSSL's AES-GCM and HMAC from pylibsrtp's wheel, for the extension to call: nothing is linked.

pylibsrtp exports the library's symbols if it was built as its wheels are. Otherwise libsrtp encrypts, and
Python answers consent checks.
"""

from __future__ import annotations

import ctypes
from functools import cache

from pylibsrtp import _binding  # type: ignore[attr-defined, unused-ignore]

_CALLED = ("EVP_EncryptInit_ex", "EVP_EncryptUpdate", "EVP_EncryptFinal_ex", "EVP_CIPHER_CTX_ctrl")
_CIPHERS = {16: "EVP_aes_128_gcm", 32: "EVP_aes_256_gcm"}
"""Names of the ciphers by length of the key in bytes."""


@cache
def _library(*names: str) -> ctypes.CDLL | None:
    """None if it lacks one of the symbols."""
    library = ctypes.CDLL(_binding.__file__)
    return library if all(hasattr(library, name) for name in names) else None


def _gcm() -> ctypes.CDLL | None:
    return _library(*_CALLED, *_CIPHERS.values(), "EVP_CIPHER_CTX_new", "EVP_CIPHER_CTX_free")


def mac() -> tuple[int, int]:
    """The address of HMAC and the result of EVP_sha1(), or zeros."""
    library = _library("HMAC", "EVP_sha1")
    if library is None:
        return 0, 0
    sha1 = ctypes.CFUNCTYPE(ctypes.c_void_p)(("EVP_sha1", library))
    return ctypes.cast(library.HMAC, ctypes.c_void_p).value or 0, sha1() or 0


def gcm() -> tuple[int, int, int, int]:
    """The addresses of EVP_EncryptInit_ex, -Update, -Final_ex and EVP_CIPHER_CTX_ctrl, or zeros."""
    library = _gcm()
    if library is None:
        return 0, 0, 0, 0
    init, update, final, control = (
        ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0 for name in _CALLED
    )
    return init, update, final, control


class CipherContext:
    """An EVP_CIPHER_CTX that encrypts with this key; `address` is valid as long as this object.

    Raises MemoryError.
    """

    def __init__(self, library: ctypes.CDLL, key: bytes) -> None:
        pointer = ctypes.c_void_p
        new = ctypes.CFUNCTYPE(pointer)(("EVP_CIPHER_CTX_new", library))
        self._free = ctypes.CFUNCTYPE(None, pointer)(("EVP_CIPHER_CTX_free", library))
        init = ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer, pointer, ctypes.c_char_p, ctypes.c_char_p)(
            ("EVP_EncryptInit_ex", library)
        )
        cipher = ctypes.CFUNCTYPE(pointer)((_CIPHERS[len(key)], library))
        self.address: int = new() or 0
        if not self.address or init(self.address, cipher(), None, key, None) != 1:
            raise MemoryError("OpenSSL cannot create a cipher context")

    def __del__(self) -> None:
        self._free(self.address)


def context(key: bytes) -> CipherContext | None:
    """For a session key of AES-GCM; None if OpenSSL was not found."""
    library = _gcm()
    return None if library is None else CipherContext(library, key)
