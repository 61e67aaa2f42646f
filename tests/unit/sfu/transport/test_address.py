"""IPv4 peers of a dual-stack socket."""

from __future__ import annotations

import pytest

from server.sfu.transport.address import mapped, unmapped


@pytest.mark.parametrize("address", [("192.0.2.1", 5), ("2001:db8::1", 5)])
def test_mapping_is_undone(address: tuple[str, int]) -> None:
    assert unmapped(mapped(address)) == address
    assert unmapped(address) == address
