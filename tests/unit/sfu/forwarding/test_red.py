from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sfu.forwarding import red
from tests.fakes.fuzzing import fuzz


@given(
    st.binary(min_size=1, max_size=100), st.binary(min_size=1, max_size=1023), st.integers(1, red.MAX_OFFSET)
)
def test_one_generation_survives_the_round_trip(primary: bytes, older: bytes, offset: int) -> None:
    assert red.parse(red.encapsulate(111, primary, older, offset)) == [
        (111, offset, older),
        (111, 0, primary),
    ]


@pytest.mark.parametrize(
    ("older", "offset"),
    [(None, 960), (b"", 960), (bytes(1024), 960), (b"x", 0), (b"x", -960), (b"x", 16_384)],
)
def test_redundancy_that_cannot_be_expressed_is_omitted(older: bytes | None, offset: int) -> None:
    assert red.encapsulate(111, b"primary", older, offset) == b"\x6fprimary"


@pytest.mark.parametrize(
    "data", ["", "6f", "ef", "ef0f0002", "ef0f00026f01", "ef0f00016f01", "ef000000" * 9 + "6f01"]
)
def test_malformed_payloads_are_refused(data: str) -> None:
    assert red.parse(bytes.fromhex(data)) is None


@pytest.mark.fuzz
@fuzz(examples=300)
@given(st.binary(max_size=80))
def test_no_bytes_raise(data: bytes) -> None:
    blocks = red.parse(data)
    assert blocks is None or 1 <= len(blocks) <= red.MAX_BLOCKS + 1
