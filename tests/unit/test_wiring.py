from __future__ import annotations

from typing import Any

import pytest

from server.config import Config
from server.wiring import _is_proxied


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, False),
        ({"public_url": "http://localhost:9000", "allowed_origins": "http://127.0.0.1:5173"}, False),
        ({"trusted_proxies": 1}, True),
        ({"public_url": "https://rooms.example.org"}, True),
        ({"allowed_origins": "https://rooms.example.org"}, True),
    ],
)
def test_a_proxy_in_front_is_known_from_the_settings(settings: dict[str, Any], expected: bool) -> None:
    assert _is_proxied(Config.load(None, **settings)) is expected
