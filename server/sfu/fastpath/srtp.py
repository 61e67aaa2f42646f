"""Where libsrtp's functions and sessions are in memory: pylibsrtp's binding holds both, nothing is linked.

The private names of pylibsrtp that this needs are all in this file.
"""

from __future__ import annotations

from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found, unused-ignore]


def _address(pointer: object) -> int:
    return int(ffi.cast("uintptr_t", pointer))


def functions() -> tuple[int, int, int, int]:
    """The addresses of srtp_protect, srtp_unprotect, srtp_protect_rtcp and srtp_unprotect_rtcp."""
    names = ("srtp_protect", "srtp_unprotect", "srtp_protect_rtcp", "srtp_unprotect_rtcp")
    protect, unprotect, protect_rtcp, unprotect_rtcp = (_address(ffi.addressof(lib, n)) for n in names)
    return protect, unprotect, protect_rtcp, unprotect_rtcp


def native(session: Session) -> int:
    """The `srtp_t` of a session, good as long as the session is."""
    return _address(session._srtp[0])
