"""Checks of a client's answer, and what is read from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.errors import SdpInvalid
from server.sfu.data_plane import (
    AUDIO_LEVEL_EXTENSION_ID,
    OPUS_PAYLOAD_TYPE,
    RED_PAYLOAD_TYPE,
    AnsweredMedia,
)
from server.sfu.sdp.description import Description, Section, Transport, parse_sdp
from server.sfu.sdp.offer import AUDIO_LEVEL_URI
from server.sfu.transport.ice import Credentials
from server.sfu.transport.rtc import HASHES, Fingerprint

MAX_BYTES = 64 * 1024
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_DIGEST = re.compile(r"(?:[0-9A-Fa-f]{2}:){15,63}[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class SdpAnswer:
    """`fingerprints` are those of the client's certificate; all must match."""

    media: AnsweredMedia
    remote: Credentials
    fingerprints: tuple[Fingerprint, ...]


def read_answer(text: str, slot_ssrcs: Sequence[int], *, red: bool) -> SdpAnswer:
    """Check an answer to an offer with these slots. Raises SdpInvalid with the reason."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise SdpInvalid("The answer is longer than 64 KB.")
    try:
        description = parse_sdp(text)
    except ValueError:
        raise SdpInvalid("The answer is not a session description.") from None
    accepted = _accepted(description, len(slot_ssrcs))
    transport = _transport(description.bundle, accepted)
    return SdpAnswer(
        media=_media(accepted, slot_ssrcs, red=red),
        remote=_credentials(transport),
        fingerprints=_fingerprints(transport),
    )


def _accepted(description: Description, slots: int) -> dict[str, Section]:
    """The m-lines that are not rejected, by mid. One is rejected by port 0, and then leaves the bundle
    (RFC 9143 section 7.3.3); codecs matter only where media may pass."""
    if len(description.sections) != slots + 1:
        raise SdpInvalid(f"The answer must have the offer's {slots + 1} m-lines, in the same order.")
    accepted: dict[str, Section] = {}
    for index, section in enumerate(description.sections):
        mid = str(index)
        is_rejected = section.port == 0 and section.mid not in description.bundle
        if section.mid != mid and not (is_rejected and not section.mid):
            raise SdpInvalid(f"The answer must have the offer's {slots + 1} m-lines, in the same order.")
        if section.kind != "audio":
            raise SdpInvalid(f"The m-line with mid {mid} must be audio, as in the offer.")
        if not is_rejected:
            _check_section(section)
            accepted[mid] = section
    if not accepted:
        raise SdpInvalid("The answer rejects every m-line.")
    if not accepted.keys() <= set(description.bundle):
        raise SdpInvalid("The answer must bundle all m-lines that it accepts, as the offer does.")
    return accepted


def _check_section(section: Section) -> None:
    direction = "sendonly" if section.mid == "0" else "recvonly"
    if section.direction not in {direction, "inactive"}:
        raise SdpInvalid(f"The m-line with mid {section.mid} must be inactive or {direction}.")
    if section.direction == direction and _payload_types(section).get("opus") != OPUS_PAYLOAD_TYPE:
        raise SdpInvalid(
            f"The m-line with mid {section.mid} must accept Opus as payload type {OPUS_PAYLOAD_TYPE}."
        )


def _transport(bundle: Sequence[str], accepted: dict[str, Section]) -> Transport:
    """The transport that all share (RFC 9143 section 7.3.1). The other sections may omit its attributes."""
    section = next(accepted[mid] for mid in bundle if mid in accepted)
    if not section.has_rtcp_mux:
        raise SdpInvalid(f"The m-line with mid {section.mid} lacks rtcp-mux.")
    if section.transport.is_ice_lite:
        raise SdpInvalid("The answer must not say ice-lite: the server does, so the client sends the checks.")
    return section.transport


def _payload_types(section: Section) -> dict[str, int]:
    return {codec.name: codec.payload_type for codec in reversed(section.codecs)}


def _media(accepted: dict[str, Section], slot_ssrcs: Sequence[int], *, red: bool) -> AnsweredMedia:
    microphone = accepted.get("0")
    if microphone is not None and microphone.direction == "inactive":
        microphone = None
    slots = [section for mid, section in accepted.items() if mid != "0" and section.direction == "recvonly"]
    payload_types = _payload_types(microphone) if microphone else {}
    ssrc = microphone.ssrcs[0] if microphone and microphone.ssrcs else None
    if ssrc is not None and (not 0 < ssrc < 1 << 32 or ssrc in slot_ssrcs):
        raise SdpInvalid("The SSRC of mid 0 cannot be used.")
    return AnsweredMedia(
        ssrc=ssrc,
        opus_payload_type=OPUS_PAYLOAD_TYPE,
        red_payload_type=RED_PAYLOAD_TYPE if red and payload_types.get("red") == RED_PAYLOAD_TYPE else None,
        has_levels=bool(
            microphone and microphone.extensions.get(AUDIO_LEVEL_URI) == AUDIO_LEVEL_EXTENSION_ID
        ),
        red_slots=red and any(slot.codecs[0].payload_type == RED_PAYLOAD_TYPE for slot in slots),
    )


def _credentials(transport: Transport) -> Credentials:
    if not _UFRAG.fullmatch(transport.ufrag) or not _PASSWORD.fullmatch(transport.password):
        raise SdpInvalid("The answer lacks ICE credentials.")
    return Credentials(transport.ufrag, transport.password)


def _fingerprints(transport: Transport) -> tuple[Fingerprint, ...]:
    if transport.dtls_role != "client":
        raise SdpInvalid("The answer must say setup:active.")
    usable = tuple(f for f in transport.fingerprints if f.hash_name in HASHES and _DIGEST.fullmatch(f.value))
    if not usable:
        raise SdpInvalid("The answer lacks a fingerprint with SHA-256, SHA-384 or SHA-512.")
    return usable
