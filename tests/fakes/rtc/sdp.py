"""Reads the server's offer, and writes the answer of a client that accepts every slot."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

AUDIO_LEVEL_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


@dataclass(slots=True)
class MediaLine:
    """One m-line of the offer. `codecs` maps payload types to `opus/48000/2` and the like."""

    mid: str = ""
    direction: str = "sendrecv"
    ssrc: int | None = None
    payload_types: list[int] = field(default_factory=list)
    codecs: dict[int, str] = field(default_factory=dict)
    format_parameters: dict[int, str] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    feedback: list[str] = field(default_factory=list)

    def payload_type(self, codec: str) -> int | None:
        return next((pt for pt, name in self.codecs.items() if name.lower().startswith(codec + "/")), None)


@dataclass(slots=True)
class OfferView:
    ufrag: str = ""
    password: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    candidates: list[tuple[str, int]] = field(default_factory=list)
    """Over UDP. IPv4 only, as `tcp_candidates`."""
    tcp_candidates: list[tuple[str, int]] = field(default_factory=list)
    lines: list[MediaLine] = field(default_factory=list)

    @property
    def microphone(self) -> MediaLine:
        return self.lines[0]

    def slots(self) -> dict[int, str]:
        """SSRC to mid."""
        return {line.ssrc: line.mid for line in self.lines[1:] if line.ssrc is not None}


def parse_offer(sdp: str) -> OfferView:
    offer = OfferView()
    line = MediaLine()
    for text in sdp.splitlines():
        if text.startswith("m="):
            line = MediaLine(payload_types=[int(pt) for pt in text.split()[3:]])
            offer.lines.append(line)
        elif text.startswith("a="):
            _read_attribute(offer, line, text[2:])
    return offer


def _read_attribute(offer: OfferView, line: MediaLine, text: str) -> None:
    name, _, value = text.partition(":")
    if name in _DIRECTIONS:
        line.direction = name
        return
    reader = _READERS.get(name)
    if reader is not None:
        reader(offer, line, value)


def _read_candidate(offer: OfferView, line: MediaLine, value: str) -> None:
    parts = value.split()
    known = offer.candidates if parts[2].lower() == "udp" else offer.tcp_candidates
    if ":" not in parts[4] and (parts[4], int(parts[5])) not in known:
        known.append((parts[4], int(parts[5])))


def _read_fingerprint(offer: OfferView, line: MediaLine, value: str) -> None:
    algorithm, _, digest = value.partition(" ")
    if (algorithm, digest) not in offer.fingerprints:
        offer.fingerprints.append((algorithm, digest))


def _read_codec(offer: OfferView, line: MediaLine, value: str) -> None:
    pt, _, codec = value.partition(" ")
    line.codecs[int(pt)] = codec


def _read_format(offer: OfferView, line: MediaLine, value: str) -> None:
    pt, _, parameters = value.partition(" ")
    line.format_parameters[int(pt)] = parameters


def _read_extension(offer: OfferView, line: MediaLine, value: str) -> None:
    number, uri = value.split()[:2]
    line.extensions[uri] = int(number.partition("/")[0])


def _read_ssrc(offer: OfferView, line: MediaLine, value: str) -> None:
    if line.ssrc is None:
        line.ssrc = int(value.split(maxsplit=1)[0])


_DIRECTIONS = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})
_READERS: dict[str, Callable[[OfferView, MediaLine, str], None]] = {
    "ice-ufrag": lambda offer, line, value: setattr(offer, "ufrag", value),
    "ice-pwd": lambda offer, line, value: setattr(offer, "password", value),
    "mid": lambda offer, line, value: setattr(line, "mid", value),
    "rtcp-fb": lambda offer, line, value: line.feedback.append(value),
    "candidate": _read_candidate,
    "fingerprint": _read_fingerprint,
    "rtpmap": _read_codec,
    "fmtp": _read_format,
    "extmap": _read_extension,
    "ssrc": _read_ssrc,
}


@dataclass(frozen=True, slots=True)
class AnswerParts:
    """`ssrc` None: no microphone (mid 0 is answered sendonly without a track). `red`: RED is sent first."""

    ufrag: str
    password: str
    fingerprints: Sequence[tuple[str, str]]
    ssrc: int | None
    red: bool = False


def build_answer(offer: OfferView, parts: AnswerParts) -> str:
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(line.mid for line in offer.lines),
        "a=msid-semantic: WMS *",
    ]
    for index, line in enumerate(offer.lines):
        lines += _answer_line(line, parts, microphone=index == 0)
    return "\r\n".join(lines) + "\r\n"


def _answer_line(line: MediaLine, parts: AnswerParts, *, microphone: bool) -> list[str]:
    opus, red = line.payload_type("opus"), line.payload_type("red")
    assert opus is not None, "the offer has no Opus"
    chosen = [red, opus] if microphone and parts.red and red is not None else [opus]
    text = [
        "m=audio 9 UDP/TLS/RTP/SAVPF " + " ".join(str(pt) for pt in chosen),
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        f"a=ice-ufrag:{parts.ufrag}",
        f"a=ice-pwd:{parts.password}",
        "a=ice-options:trickle",
        *(f"a=fingerprint:{algorithm} {digest}" for algorithm, digest in parts.fingerprints),
        "a=setup:active",
        f"a=mid:{line.mid}",
        "a=sendonly" if microphone else "a=recvonly",
        "a=rtcp-mux",
    ]
    if AUDIO_LEVEL_URI in line.extensions:
        text.append(f"a=extmap:{line.extensions[AUDIO_LEVEL_URI]} {AUDIO_LEVEL_URI}")
    for pt in chosen:
        text.append(f"a=rtpmap:{pt} {line.codecs[pt]}")
        if pt in line.format_parameters:
            text.append(f"a=fmtp:{pt} {line.format_parameters[pt]}")
    if microphone and parts.ssrc is not None:
        text += [f"a=ssrc:{parts.ssrc} cname:fake", "a=msid:- microphone"]
    return text


def with_candidates(sdp: str, address: tuple[str, int]) -> str:
    """The same description with one candidate address instead of all, to put a relay on the path."""
    kept: list[str] = []
    candidates = 0
    for text in re.split(r"\r?\n", sdp):
        if not text.startswith("a=candidate:"):
            kept.append(text)
            continue
        candidates += 1
        if candidates == 1:
            parts = text.split()
            kept.append(" ".join([*parts[:4], address[0], str(address[1]), *parts[6:]]))
    return "\r\n".join(kept)
