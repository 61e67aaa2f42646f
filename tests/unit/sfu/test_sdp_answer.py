"""Checks of answers, and the values parsed from them."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import SdpInvalid
from server.sfu.data_plane import AnsweredMedia
from server.sfu.sdp.answer import SdpAnswer, read_answer
from tests.unit.sfu.sdp_samples import CHROMIUM, FINGERPRINT, HEAD, MICROPHONE, SLOT_SSRCS, SLOTS, section


def read(text: str, *, red: bool = True) -> SdpAnswer:
    return read_answer(text, SLOT_SSRCS, red=red)


def test_chromiums_answer_is_accepted() -> None:
    answer = read(CHROMIUM)
    assert answer.media == AnsweredMedia(ssrc=42, red_payload_type=63, has_levels=True, red_slots=False)
    assert (answer.remote.ufrag, answer.remote.password) == ("0qSn", "ycFnipD4L3jzgJ5ZfjTZvveI")
    assert [(f.hash_name, f.value) for f in answer.fingerprints] == [("sha-256", FINGERPRINT)]


def test_firefoxs_answer_with_a_session_level_fingerprint_and_without_red_is_accepted() -> None:
    without = CHROMIUM.replace(f"a=fingerprint:sha-256 {FINGERPRINT}\r\n", "")
    without = without.replace("a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n", "")
    without = without.replace("SAVPF 63 111", "SAVPF 111").replace("SAVPF 111 63", "SAVPF 111")
    answer = read(
        without.replace("a=msid-semantic", f"a=fingerprint:sha-256 {FINGERPRINT}\r\na=msid-semantic")
    )
    assert answer.fingerprints
    assert answer.media.red_payload_type is None


def test_a_client_without_a_microphone_publishes_nothing() -> None:
    assert read(CHROMIUM.replace("a=sendonly", "a=inactive")).media.ssrc is None
    assert read(CHROMIUM.replace("a=ssrc:42 cname:client\r\n", "")).media.ssrc is None


def test_gstreamers_answer_without_a_microphone_lists_red_alone_and_is_accepted() -> None:
    """webrtcbin 1.22: an inactive section keeps the first codec of the offer, in capitals."""
    microphone = section("0", "a=inactive", formats="63").replace("a=rtpmap:111 opus/48000/2\r\n", "")
    microphone = microphone.replace("a=fmtp:111 minptime=10;useinbandfec=1\r\n", "").replace("red/", "RED/")
    answer = read(HEAD + microphone + SLOTS.replace("opus/", "OPUS/"))
    assert (answer.media.ssrc, answer.media.red_payload_type) == (None, None)
    assert answer.remote.ufrag == "0qSn"


@pytest.mark.parametrize("mid", ["a=mid:1\r\n", ""])
def test_a_rejected_m_line_needs_no_codec_mid_or_transport(mid: str) -> None:
    rejected = f"m=audio 0 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP4 0.0.0.0\r\n{mid}a=inactive\r\n"
    head = HEAD.replace("BUNDLE 0 1 2", "BUNDLE 0 2")
    answer = read(head + MICROPHONE + rejected + section("2", "a=recvonly", formats="63 111"))
    assert (answer.media.ssrc, answer.media.red_slots) == (42, True)


def test_without_the_first_m_line_another_one_has_the_transport() -> None:
    rejected = MICROPHONE.replace("m=audio 9", "m=audio 0").replace("0qSn", "gone")
    answer = read(HEAD.replace("BUNDLE 0 1 2", "BUNDLE 1 2") + rejected + SLOTS)
    assert (answer.media.ssrc, answer.remote.ufrag) == (None, "0qSn")


def test_bundled_m_lines_may_have_port_0_and_leave_the_transport_to_the_first() -> None:
    """RFC 9143 section 7.1.3: attributes of the shared transport may be in the tagged section alone."""
    slots = SLOTS.replace("m=audio 9", "m=audio 0").replace("a=mid", "a=bundle-only\r\na=mid")
    for line in ("a=ice-ufrag:0qSn", "a=ice-pwd:ycFnipD4L3jzgJ5ZfjTZvveI", "a=setup:active", "a=rtcp-mux"):
        slots = slots.replace(line + "\r\n", "")
    assert read(HEAD + MICROPHONE + slots).media == read(CHROMIUM).media


def test_red_first_in_a_slots_answer_requests_red() -> None:
    slots = section("1", "a=recvonly", formats="63 111") + section("2", "a=recvonly")
    assert read(HEAD + MICROPHONE + slots).media.red_slots


def test_red_that_was_not_offered_is_ignored() -> None:
    media = read(CHROMIUM, red=False).media
    assert media.red_payload_type is None
    assert not media.red_slots


def test_without_the_level_extension_levels_are_not_expected() -> None:
    assert not read(CHROMIUM.replace("a=extmap:1 ", "a=extmap:5 ")).media.has_levels


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "m-lines"),
        ("hello", "m-lines"),
        (HEAD + MICROPHONE, "m-lines"),
        (HEAD + SLOTS + MICROPHONE, "m-lines"),
        (CHROMIUM + section("3", "a=recvonly"), "m-lines"),
        (CHROMIUM.replace("a=mid:1", "a=mid:9"), "m-lines"),
        (CHROMIUM.replace("BUNDLE 0 1 2", "BUNDLE 0 1"), "bundle"),
        (CHROMIUM.replace("a=group:BUNDLE 0 1 2\r\n", ""), "bundle"),
        (HEAD.replace("0 1 2", "") + (MICROPHONE + SLOTS).replace("m=audio 9", "m=audio 0"), "rejects every"),
        (CHROMIUM.replace("a=sendonly", "a=recvonly"), "inactive or sendonly"),
        (CHROMIUM.replace("s=-", "s=-\r\na=ice-lite"), "ice-lite"),
        (CHROMIUM.replace("m=audio", "m=video"), "audio"),
        (CHROMIUM.replace("a=sendonly", "a=sendrecv"), "sendonly"),
        (CHROMIUM.replace("a=recvonly", "a=sendrecv"), "recvonly"),
        (CHROMIUM.replace("a=rtcp-mux\r\n", ""), "rtcp-mux"),
        (CHROMIUM.replace("opus/48000", "PCMU/8000"), "mid 0 must accept Opus"),
        (
            HEAD + MICROPHONE + SLOTS.replace("a=rtpmap:111 opus", "a=rtpmap:111 PCMU"),
            "mid 1 must accept Opus",
        ),
        (CHROMIUM.replace("111 opus", "96 opus").replace("a=fmtp:111", "a=fmtp:96"), "payload type 111"),
        (CHROMIUM.replace("setup:active", "setup:passive"), "setup:active"),
        (CHROMIUM.replace("setup:active", "setup:actpass"), "setup:active"),
        (CHROMIUM.replace("a=setup:active\r\n", ""), "setup:active"),
        (CHROMIUM.replace("a=fingerprint", "a=print"), "fingerprint"),
        (CHROMIUM.replace("sha-256", "md5"), "fingerprint"),
        (CHROMIUM.replace(FINGERPRINT, "AB:CD"), "fingerprint"),
        (CHROMIUM.replace("a=ice-pwd", "a=x"), "ICE"),
        (CHROMIUM.replace("0qSn", "x y"), "ICE"),
        (CHROMIUM.replace("ssrc:42", f"ssrc:{SLOT_SSRCS[0]}"), "SSRC"),
        (CHROMIUM.replace("ssrc:42", "ssrc:99999999999"), "SSRC"),
        (CHROMIUM.replace("a=fmtp:111", "a=fmtp:112"), "not a session description"),
        (CHROMIUM.replace("a=ssrc:42 cname:client", "a=ssrc"), "not a session description"),
        (CHROMIUM + "x" * 65_536, "64 KB"),
        (CHROMIUM + "é" * 40_000, "64 KB"),
    ],
)
def test_an_answer_that_does_not_match_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(SdpInvalid, match=says):
        read(text)


@pytest.mark.parametrize(
    "line", ["a=rtcp-fb:* x\r\na=rtpmap:1 x/1\r\n", "a=ssrc:{} a:b\r\n", "m=audio 9 X 1\r\n"]
)
def test_an_answer_made_to_parse_slowly_is_refused_quickly(line: str) -> None:
    text = HEAD + MICROPHONE + "".join(line.format(i) for i in range(2000))
    started = time.process_time()
    with pytest.raises(SdpInvalid):
        read(text)
    assert time.process_time() - started < 0.5


@given(st.text(max_size=300))
def test_random_text_is_refused(text: str) -> None:
    with pytest.raises(SdpInvalid):
        read(text)


@given(st.integers(0, len(CHROMIUM) - 1), st.text(max_size=3), st.integers(0, 40))
def test_a_mutated_answer_is_read_or_refused(position: int, inserted: str, removed: int) -> None:
    with contextlib.suppress(SdpInvalid):
        assert read(CHROMIUM[:position] + inserted + CHROMIUM[position + removed :]).fingerprints
