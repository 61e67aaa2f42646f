"""The offer of a connection: mid 0 receives the microphone, mids 1 to N are slots with fixed SSRCs.

It does not change when participants come and go; only an ICE restart repeats it, with new credentials.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from server.sfu.data_plane import AUDIO_LEVEL_EXTENSION_ID, CNAME, OPUS_PAYLOAD_TYPE, RED_PAYLOAD_TYPE

MAX_TCP_CANDIDATES = 3
"""A client opens a connection to each, from each of its interfaces."""
AUDIO_LEVEL_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSpec:
    """Contents of an offer. `version` rises with each offer of one `session_id` (RFC 3264 section 8).
    `tcp_port` 0: no TCP."""

    session_id: int
    version: int
    addresses: Sequence[str]
    port: int
    tcp_port: int
    ufrag: str
    password: str
    fingerprint: tuple[str, str]
    slot_ssrcs: Sequence[int]
    red: bool
    fec: bool
    nack: bool


def build_offer(spec: OfferSpec) -> str:
    """Lines end with CRLF (RFC 8866 section 9)."""
    mids = [str(i) for i in range(len(spec.slot_ssrcs) + 1)]
    transport, candidates = _transport(spec), _candidates(spec)
    lines = [
        "v=0",
        f"o=- {spec.session_id} {spec.version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(mids)}",
        "a=msid-semantic: WMS *",
        *_microphone(spec, transport, candidates),
    ]
    # A client that wants RED in a slot puts it first in its answer.
    formats = [OPUS_PAYLOAD_TYPE, RED_PAYLOAD_TYPE] if spec.red else [OPUS_PAYLOAD_TYPE]
    codecs = _codecs(spec, formats)
    for mid, ssrc in zip(mids[1:], spec.slot_ssrcs, strict=True):
        lines += [
            _m_line(formats),
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            *transport,
            *candidates,
            *codecs,
            *_slot(mid, ssrc),
        ]
    return "\r\n".join(lines) + "\r\n"


def _microphone(spec: OfferSpec, transport: Sequence[str], candidates: Sequence[str]) -> list[str]:
    # Chromium sends RED only if it is the first in the list; Firefox omits it from its answer.
    formats = [RED_PAYLOAD_TYPE, OPUS_PAYLOAD_TYPE] if spec.red else [OPUS_PAYLOAD_TYPE]
    return [
        _m_line(formats),
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        *transport,
        *candidates[:-1],
        *_tcp_candidates(spec),
        candidates[-1],
        *_codecs(spec, formats),
        "a=recvonly",
    ]


def _slot(mid: str, ssrc: int) -> list[str]:
    # One stream for each: browsers delay tracks of one stream to keep them in lip-sync.
    return [
        "a=sendonly",
        f"a=msid:slot-{mid} slot-{mid}",
        f"a=ssrc:{ssrc} cname:{CNAME}",
        f"a=ssrc:{ssrc} msid:slot-{mid} slot-{mid}",
    ]


def _m_line(formats: Sequence[int]) -> str:
    return f"m=audio 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, formats))}"


def _transport(spec: OfferSpec) -> list[str]:
    hash_name, digest = spec.fingerprint
    return [
        f"a=ice-ufrag:{spec.ufrag}",
        f"a=ice-pwd:{spec.password}",
        "a=ice-options:ice2",
        f"a=fingerprint:{hash_name} {digest}",
        # Offers say actpass (RFC 8842 section 5.2); browsers answer active, which makes us the server.
        "a=setup:actpass",
        "a=rtcp-mux",
    ]


def _candidates(spec: OfferSpec) -> list[str]:
    # In each section, though all share a transport: aiortc reads the last one's, browsers the first's.
    return [
        *(_candidate(i, address, spec.port) for i, address in enumerate(spec.addresses)),
        "a=end-of-candidates",
    ]


def _codecs(spec: OfferSpec, formats: Sequence[int]) -> list[str]:
    return [
        f"a=extmap:{AUDIO_LEVEL_EXTENSION_ID} {AUDIO_LEVEL_URI}",
        *(line for payload_type in formats for line in _codec(spec, payload_type)),
    ]


def _codec(spec: OfferSpec, payload_type: int) -> list[str]:
    if payload_type == RED_PAYLOAD_TYPE:
        return [
            f"a=rtpmap:{RED_PAYLOAD_TYPE} red/48000/2",
            f"a=fmtp:{RED_PAYLOAD_TYPE} {OPUS_PAYLOAD_TYPE}/{OPUS_PAYLOAD_TYPE}",
        ]
    lines = [
        f"a=rtpmap:{OPUS_PAYLOAD_TYPE} opus/48000/2",
        # Mono: stereo capture disables browsers' echo cancellation.
        f"a=fmtp:{OPUS_PAYLOAD_TYPE} minptime=10;useinbandfec={int(spec.fec)};usedtx=1;stereo=0",
    ]
    if spec.nack:
        lines.append(f"a=rtcp-fb:{OPUS_PAYLOAD_TYPE} nack")
    return lines


def _candidate(index: int, address: str, port: int) -> str:
    # RFC 8445 section 5.1.2: type preference 126 for host candidates, then the order of our list.
    priority = (126 << 24) | ((65535 - index) << 8) | 255
    return f"a=candidate:{index + 1} 1 udp {priority} {ipaddress.ip_address(address)} {port} typ host"


def _tcp_candidates(spec: OfferSpec) -> list[str]:
    """Passive ones: the client connects. In the first section only, where clients that know TCP look."""
    if not spec.tcp_port:
        return []
    return [
        f"a=candidate:{len(spec.addresses) + i + 1} 1 tcp {_tcp_priority(i)} {ipaddress.ip_address(address)}"
        f" {spec.tcp_port} typ host tcptype passive"
        for i, address in enumerate(spec.addresses[:MAX_TCP_CANDIDATES])
    ]


def _tcp_priority(index: int) -> int:
    # RFC 6544 section 4.2: a type preference below UDP's, the one of libwebrtc, and the local preference of
    # passive candidates. So UDP is used wherever it works.
    return (90 << 24) | ((4 << 13 | (8191 - index)) << 8) | 255
