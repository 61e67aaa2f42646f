"""STUN Binding messages (RFC 8489) with short-term credentials: the only file that uses aioice.

aioice's parser raises any exception on bad input and does not check the magic cookie; `parse` returns None
instead. FINGERPRINT is required on all messages, as ICE requires it (RFC 8445 section 7.1).
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aioice import stun

from server.sfu.data_plane import Address

MAX_MESSAGE = 768
"""Bytes. A browser's check has about 150; no message of ICE comes near this."""
_COOKIE = b"\x21\x12\xa4\x42"
_HEADER = 20
_REQUEST, _SUCCESS, _ERROR = 0x0001, 0x0101, 0x0111
_USERNAME, _MESSAGE_INTEGRITY, _ERROR_CODE = 0x0006, 0x0008, 0x0009
_XOR_MAPPED_ADDRESS, _PRIORITY_OF_CHECK = 0x0020, 0x0024
_FINGERPRINT, _ICE_CONTROLLED = 0x8028, 0x8029
_MAX_ATTRIBUTES = 24
_TIE_BREAKER = int.from_bytes(os.urandom(8), "big")
_PRIORITY = (110 << 24) | (65535 << 8) | 255  # peer-reflexive (RFC 8445 section 5.1.2.1); unused by browsers


class Kind(StrEnum):
    REQUEST = "request"
    SUCCESS = "success"
    ERROR = "error"


_KINDS = {
    stun.Class.REQUEST: Kind.REQUEST,
    stun.Class.RESPONSE: Kind.SUCCESS,
    stun.Class.ERROR: Kind.ERROR,
}


@dataclass(frozen=True, slots=True)
class Binding:
    """A well-formed Binding message. Do not trust its contents before `is_signed_with`."""

    kind: Kind
    transaction_id: bytes
    username: str | None
    nominates: bool
    has_integrity: bool
    _message: Any

    def is_signed_with(self, password: str) -> bool:
        """Whether MESSAGE-INTEGRITY was made with this short-term password."""
        return self.has_integrity and bool(self._message.check_message_integrity(password.encode()))


def looks_like_stun(datagram: bytes) -> bool:
    """The checks of RFC 8489 section 5 and 6.3 that cost nothing: lengths, top bits and cookie."""
    size = len(datagram)
    return (
        _HEADER <= size <= MAX_MESSAGE
        and size % 4 == 0
        and datagram[0] < 4
        and datagram[4:8] == _COOKIE
        and int.from_bytes(datagram[2:4], "big") == size - _HEADER
    )


def peek_username(datagram: bytes) -> str | None:
    """USERNAME of a message that `looks_like_stun`, without parsing the rest."""
    for kind, start, end in _attributes(datagram):
        if kind == _USERNAME:
            return datagram[start:end].decode("ascii", "replace")
    return None


def _attributes(datagram: bytes) -> Iterator[tuple[int, int, int]]:
    """Type, start and end of each value (RFC 8489 section 14); the last end may lie beyond the message."""
    position = _HEADER
    for _ in range(_MAX_ATTRIBUTES):
        if position + 4 > len(datagram):
            return
        kind = int.from_bytes(datagram[position : position + 2], "big")
        length = int.from_bytes(datagram[position + 2 : position + 4], "big")
        yield kind, position + 4, position + 4 + length
        position += 4 + (length + 3 & ~3)


def is_request(datagram: bytes) -> bool:
    """Binding request, by its type alone."""
    return datagram[0] == 0 and datagram[1] == 1


def parse(datagram: bytes) -> Binding | None:
    """A Binding request or response with a FINGERPRINT that fits, or None."""
    if not looks_like_stun(datagram):
        return None
    # aioice accepts an attribute that claims more bytes than there are.
    if any(end > len(datagram) for _, _, end in _attributes(datagram)):
        return None
    try:
        message = stun.parse_message(datagram)
    except Exception:  # noqa: BLE001  hostile input in a foreign parser: any error means "not STUN"
        return None
    kind = _KINDS.get(message.message_class)
    if kind is None or message.message_method != stun.Method.BINDING:
        return None
    attributes = message.attributes
    if "FINGERPRINT" not in attributes:
        return None
    return Binding(
        kind=kind,
        transaction_id=message.transaction_id,
        username=attributes.get("USERNAME"),
        nominates="USE-CANDIDATE" in attributes,
        has_integrity="MESSAGE-INTEGRITY" in attributes,
        _message=message,
    )


def new_transaction_id() -> bytes:
    """96 random bits: only a receiver of our request can answer with them."""
    return os.urandom(12)


def request(transaction_id: bytes, username: str, password: str) -> bytes:
    """A Binding request of ours, which checks whether a request really came from its source address."""
    attributes = (
        _attribute(_USERNAME, username.encode())
        + _attribute(_ICE_CONTROLLED, _TIE_BREAKER.to_bytes(8))
        + _attribute(_PRIORITY_OF_CHECK, _PRIORITY.to_bytes(4))
    )
    return _finished(_REQUEST, transaction_id, attributes, password)


def success(transaction_id: bytes, source: Address, password: str) -> bytes:
    ip = ipaddress.ip_address(source[0])
    # RFC 8489 section 14.2: IPv6 takes the transaction id for the rest of its mask
    mask = (_COOKIE + transaction_id)[: len(ip.packed)]
    masked = bytes(a ^ b for a, b in zip(ip.packed, mask, strict=True))
    value = struct.pack("!BBH", 0, 1 if ip.version == 4 else 2, source[1] ^ 0x2112) + masked
    return _finished(_SUCCESS, transaction_id, _attribute(_XOR_MAPPED_ADDRESS, value), password)


def error(transaction_id: bytes, code: int, reason: str) -> bytes:
    """Unsigned, since the requester has shown no password (RFC 8489 section 9.1.3)."""
    value = struct.pack("!HBB", 0, code // 100, code % 100) + reason.encode()
    return _finished(_ERROR, transaction_id, _attribute(_ERROR_CODE, value), None)


# Written here and not by aioice, which builds a message three times to sign it: ten times the cost, and
# checks are most of what Python has to do in a call.


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) % 4)


def _finished(kind: int, transaction_id: bytes, attributes: bytes, password: str | None) -> bytes:
    """With MESSAGE-INTEGRITY, if there is a password, and FINGERPRINT (sections 14.5 and 14.7)."""
    if password is not None:
        # each attribute covers a header whose length includes it
        covered = _header(kind, len(attributes) + 24, transaction_id) + attributes
        signature = hmac.digest(password.encode(), covered, "sha1")
        attributes += _attribute(_MESSAGE_INTEGRITY, signature)
    covered = _header(kind, len(attributes) + 8, transaction_id) + attributes
    return covered + _attribute(_FINGERPRINT, (zlib.crc32(covered) ^ 0x5354554E).to_bytes(4))


def _header(kind: int, length: int, transaction_id: bytes) -> bytes:
    return struct.pack("!HH", kind, length) + _COOKIE + transaction_id
