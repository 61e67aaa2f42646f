"""An offer, and answers to it as Chromium, Firefox and a careless client write them."""

from __future__ import annotations

from collections.abc import Sequence

from server.sfu.sdp.offer import OfferSpec, build_offer

FINGERPRINT = "AB:" * 31 + "CD"
SLOT_SSRCS = (1111, 2222)


def offer(
    *,
    red: bool = True,
    fec: bool = True,
    nack: bool = True,
    version: int = 1,
    addresses: Sequence[str] = ("192.0.2.2", "2001:db8::2"),
    tcp_port: int = 7883,
) -> str:
    return build_offer(
        OfferSpec(
            session_id=7,
            version=version,
            addresses=addresses,
            port=7882,
            tcp_port=tcp_port,
            ufrag="ours",
            password="our-password-of-enough-length",
            fingerprint=("sha-256", FINGERPRINT),
            slot_ssrcs=SLOT_SSRCS,
            red=red,
            fec=fec,
            nack=nack,
        )
    )


def section(mid: str, *lines: str, formats: str = "111 63") -> str:
    rows = [
        f"m=audio 9 UDP/TLS/RTP/SAVPF {formats}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        "a=ice-ufrag:0qSn",
        "a=ice-pwd:ycFnipD4L3jzgJ5ZfjTZvveI",
        "a=ice-options:trickle",
        f"a=fingerprint:sha-256 {FINGERPRINT}",
        "a=setup:active",
        f"a=mid:{mid}",
        "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
        "a=rtcp-mux",
        "a=rtpmap:63 red/48000/2",
        "a=fmtp:63 111/111",
        "a=rtpmap:111 opus/48000/2",
        "a=fmtp:111 minptime=10;useinbandfec=1",
        *lines,
    ]
    return "\r\n".join(rows) + "\r\n"


HEAD = "v=0\r\no=- 77 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\na=msid-semantic: WMS\r\n"
MICROPHONE = section("0", "a=sendonly", "a=msid:- track", "a=ssrc:42 cname:client", formats="63 111")
SLOTS = section("1", "a=recvonly") + section("2", "a=recvonly")
CHROMIUM = HEAD + MICROPHONE + SLOTS
