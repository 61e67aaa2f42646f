"""OpenSSL's AES-GCM as pylibsrtp's binding carries it, for the extension to call: nothing is linked.

It exports the library's symbols where it was built as the wheels are; elsewhere libsrtp encrypts.
"""

from __future__ import annotations

import ctypes
from functools import cache

from pylibsrtp import _binding  # type: ignore[attr-defined, unused-ignore]

Addresses = tuple[int, int, int, int]
_CALLED = ("EVP_EncryptInit_ex", "EVP_EncryptUpdate", "EVP_EncryptFinal_ex", "EVP_CIPHER_CTX_ctrl")
_CIPHERS = {16: "EVP_aes_128_gcm", 32: "EVP_aes_256_gcm"}
"""By length of the key, bytes."""


@cache
def _library() -> ctypes.CDLL | None:
    library = ctypes.CDLL(_binding.__file__)
    names = (*_CALLED, *_CIPHERS.values(), "EVP_CIPHER_CTX_new", "EVP_CIPHER_CTX_free")
    return library if all(hasattr(library, name) for name in names) else None


def functions() -> Addresses:
    """The addresses of EVP_EncryptInit_ex, -Update, -Final_ex and EVP_CIPHER_CTX_ctrl, or zeros."""
    library = _library()
    if library is None:
        return 0, 0, 0, 0
    init, update, final, control = (
        ctypes.cast(getattr(library, name), ctypes.c_void_p).value or 0 for name in _CALLED
    )
    return init, update, final, control


class CipherContext:
    """An EVP_CIPHER_CTX that encrypts with this key; `address` is good as long as this is.

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
            raise MemoryError("OpenSSL has no cipher context")

    def __del__(self) -> None:
        self._free(self.address)


def context(key: bytes) -> CipherContext | None:
    """For a session key of AES-GCM; None where OpenSSL is not to be found."""
    library = _library()
    return None if library is None else CipherContext(library, key)
