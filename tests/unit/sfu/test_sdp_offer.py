"""Contents of offers."""

from __future__ import annotations

from tests.unit.sfu.sdp_samples import SLOT_SSRCS, offer


def sections(sdp: str) -> list[str]:
    return sdp.split("m=audio ")[1:]


def candidates(text: str) -> list[list[str]]:
    return [row.split() for row in text.split("\r\n") if row.startswith("a=candidate:")]


def test_the_microphone_comes_first_and_slots_have_fixed_ssrcs() -> None:
    microphone, *slots = sections(offer())
    assert "a=recvonly" in microphone
    assert "a=mid:0" in microphone
    for number, (text, ssrc) in enumerate(zip(slots, SLOT_SSRCS, strict=True), 1):
        assert f"a=mid:{number}\r\n" in text
        assert "a=sendonly" in text
        assert f"a=ssrc:{ssrc} cname:" in text
        assert f"a=msid:slot-{number} slot-{number}\r\n" in text


def test_the_offer_is_ice_lite_and_makes_the_peer_the_dtls_client() -> None:
    text = offer()
    assert "\r\na=ice-lite\r\n" in text
    assert text.count("a=setup:actpass") == 3
    assert "a=group:BUNDLE 0 1 2\r\n" in text
    assert text.count("a=rtcp-mux") == 3


def test_candidates_are_host_candidates_in_order_of_preference() -> None:
    rows = candidates(sections(offer())[0])
    assert [row[2:3] + row[4:] for row in rows] == [
        ["udp", "192.0.2.2", "7882", "typ", "host"],
        ["udp", "2001:db8::2", "7882", "typ", "host"],
        ["tcp", "192.0.2.2", "7883", "typ", "host", "tcptype", "passive"],
        ["tcp", "2001:db8::2", "7883", "typ", "host", "tcptype", "passive"],
    ]
    priorities = [int(row[3]) for row in rows]
    assert priorities == sorted(priorities, reverse=True)
    assert len({row[0] for row in rows}) == len(rows)
    assert "a=end-of-candidates" in offer()


def test_tcp_is_offered_in_the_first_section_for_few_addresses_or_not_at_all() -> None:
    many = [f"192.0.2.{i}" for i in range(1, 9)]
    first, *others = sections(offer(addresses=many))
    assert [row[2] for row in candidates(first)] == ["udp"] * 8 + ["tcp"] * 3
    assert all(row[2] == "udp" for text in others for row in candidates(text))
    assert all(row[2] == "udp" for row in candidates(offer(tcp_port=0)))


def test_red_is_first_for_the_microphone_and_last_for_slots() -> None:
    microphone, slot, _ = sections(offer())
    assert microphone.startswith("9 UDP/TLS/RTP/SAVPF 63 111\r\n")
    assert slot.startswith("9 UDP/TLS/RTP/SAVPF 111 63\r\n")


def test_red_fec_and_nack_can_be_switched_off() -> None:
    assert "useinbandfec=1;usedtx=1;stereo=0" in offer()
    assert offer().count("a=rtcp-fb:111 nack\r\n") == 3
    plain = offer(red=False, fec=False, nack=False)
    assert "red" not in plain
    assert "useinbandfec=0" in plain
    assert "nack" not in plain


def test_every_line_ends_with_crlf() -> None:
    text = offer()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
