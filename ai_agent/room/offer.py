"""The server's SDP offer, and the answer of a client that receives every slot and sends one track."""

from __future__ import annotations

from dataclasses import dataclass

from ai_agent.room.track import AUDIO

AUDIO_LEVEL_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A host candidate over UDP. `address`: IPv4 or IPv6."""

    address: str
    port: int
    priority: int
    foundation: str


@dataclass(frozen=True, slots=True)
class Slot:
    mid: str
    ssrc: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Mid 0 receives our track, the others are `slots`. `opus`: its payload type. `level_id` None: no
    levels.
    """

    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    candidates: tuple[Candidate, ...]
    is_lite: bool
    opus: int
    opus_parameters: str
    level_id: int | None
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class LocalSide:
    """Our side's ICE and DTLS parameters, and the SSRC of our track."""

    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    ssrc: int


def build_answer(offer: Offer, local: LocalSide) -> str:
    """RFC 8829 section 5.3. We are the DTLS client (`setup:active`), as the server requires."""
    mids = ["0", *(slot.mid for slot in offer.slots)]
    lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {' '.join(mids)}"]
    for mid in mids:
        lines += _media(offer, local, mid)
    track_lines = [f"a=ssrc:{local.ssrc} cname:tutor", "a=msid:tutor voice"]
    at = lines.index("a=mid:0") + 1
    return "\r\n".join([*lines[:at], *track_lines, *lines[at:]]) + "\r\n"


def _media(offer: Offer, local: LocalSide, mid: str) -> list[str]:
    level = [] if offer.level_id is None else [f"a=extmap:{offer.level_id} {AUDIO_LEVEL_URI}"]
    return [
        f"m={AUDIO.kind} 9 UDP/TLS/RTP/SAVPF {offer.opus}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{mid}",
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.password}",
        *(f"a=fingerprint:{name} {digest}" for name, digest in local.fingerprints),
        "a=setup:active",
        "a=sendonly" if mid == "0" else "a=recvonly",
        "a=rtcp-mux",
        *level,
        f"a=rtpmap:{offer.opus} {AUDIO.rtpmap}",
        f"a=fmtp:{offer.opus} {offer.opus_parameters}",
        f"a=rtcp-fb:{offer.opus} nack",
    ]
