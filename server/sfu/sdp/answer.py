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
from server.sfu.sdp.offer import AUDIO_LEVEL_URI
from server.sfu.transport.ice import Credentials
from server.sfu.transport.rtc import HASHES, Description, Fingerprint, Section, parse_sdp

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
    _check_sections(description, len(slot_ssrcs))
    microphone, *receivers = description.sections
    return SdpAnswer(
        media=_media(microphone, receivers, slot_ssrcs, red=red),
        remote=_credentials(microphone),
        fingerprints=_fingerprints(microphone),
    )


def _check_sections(description: Description, slots: int) -> None:
    mids = tuple(str(i) for i in range(slots + 1))
    if tuple(section.mid for section in description.sections) != mids:
        raise SdpInvalid(f"The answer must have the offer's {slots + 1} m-lines, in the same order.")
    if description.bundle != mids:
        raise SdpInvalid("The answer must bundle all m-lines, as the offer does.")
    for section in description.sections:
        allowed = {"sendonly", "inactive"} if section.mid == "0" else {"recvonly", "inactive"}
        if section.kind != "audio" or section.port == 0:
            raise SdpInvalid(f"The m-line with mid {section.mid} must be accepted as audio.")
        if section.direction not in allowed:
            raise SdpInvalid(f"The m-line with mid {section.mid} must be {' or '.join(sorted(allowed))}.")
        if not section.has_rtcp_mux:
            raise SdpInvalid(f"The m-line with mid {section.mid} lacks rtcp-mux.")


def _media(
    microphone: Section, receivers: Sequence[Section], slot_ssrcs: Sequence[int], *, red: bool
) -> AnsweredMedia:
    payload_types = {codec.name: codec.payload_type for codec in reversed(microphone.codecs)}
    if payload_types.get("opus") != OPUS_PAYLOAD_TYPE:
        raise SdpInvalid(f"The answer must accept Opus as payload type {OPUS_PAYLOAD_TYPE}.")
    ssrc = microphone.ssrcs[0] if microphone.direction == "sendonly" and microphone.ssrcs else None
    if ssrc is not None and (not 0 < ssrc < 1 << 32 or ssrc in slot_ssrcs):
        raise SdpInvalid("The SSRC of mid 0 cannot be used.")
    return AnsweredMedia(
        ssrc=ssrc,
        opus_payload_type=OPUS_PAYLOAD_TYPE,
        red_payload_type=RED_PAYLOAD_TYPE if red and payload_types.get("red") == RED_PAYLOAD_TYPE else None,
        has_levels=microphone.extensions.get(AUDIO_LEVEL_URI) == AUDIO_LEVEL_EXTENSION_ID,
        red_slots=red and any(r.codecs and r.codecs[0].payload_type == RED_PAYLOAD_TYPE for r in receivers),
    )


def _credentials(section: Section) -> Credentials:
    if not _UFRAG.fullmatch(section.ufrag) or not _PASSWORD.fullmatch(section.password):
        raise SdpInvalid("The answer lacks ICE credentials.")
    return Credentials(section.ufrag, section.password)


def _fingerprints(section: Section) -> tuple[Fingerprint, ...]:
    if section.dtls_role != "client":
        raise SdpInvalid("The answer must say setup:active.")
    usable = tuple(f for f in section.fingerprints if f.hash_name in HASHES and _DIGEST.fullmatch(f.value))
    if not usable:
        raise SdpInvalid("The answer lacks a fingerprint with SHA-256, SHA-384 or SHA-512.")
    return usable
