"""Addresses of libsrtp's functions and sessions in memory: pylibsrtp's binding holds both, nothing is linked.

All private names of pylibsrtp that the extension needs are in this file.
"""

from __future__ import annotations

from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found, unused-ignore]

_NAMES = ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp")
_SIGNATURE = "srtp_err_status_t(*)(struct srtp_ctx_t_ *, void *, int *)"
"""The signature of all four functions in libsrtp 2; version 3 has another one."""


def mismatch() -> str | None:
    """Why the extension cannot call the libsrtp that pylibsrtp carries; None if it can."""
    for name in _NAMES:
        found = ffi.typeof(ffi.addressof(lib, name)).cname
        if found != _SIGNATURE:
            return f"pylibsrtp's {name} has the signature {found}, not that of libsrtp 2"
    return None


def _address(pointer: object) -> int:
    return int(ffi.cast("uintptr_t", pointer))


def functions() -> tuple[int, int, int, int]:
    """The addresses of srtp_protect, srtp_unprotect, srtp_protect_rtcp and srtp_unprotect_rtcp."""
    protect, unprotect, protect_rtcp, unprotect_rtcp = (_address(ffi.addressof(lib, n)) for n in _NAMES)
    return protect, unprotect, protect_rtcp, unprotect_rtcp


def native(session: Session) -> int:
    """The `srtp_t` of a session, valid as long as the session is."""
    return _address(session._srtp[0])
