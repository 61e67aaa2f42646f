from __future__ import annotations

import base64
import hashlib
import hmac

from server.signalling.turn_credentials import ice_servers


def test_credentials_expire_and_are_what_coturn_computes() -> None:
    (server,) = ice_servers(("turn:t.example:3478",), "north", "ann", now=1_000.0, ttl_s=600)
    assert server.urls == ["turn:t.example:3478"]
    assert server.username == "1600:ann"
    expected = hmac.new(b"north", b"1600:ann", hashlib.sha1).digest()
    assert server.credential is not None
    assert base64.b64decode(server.credential) == expected


def test_without_turn_servers_the_list_is_empty() -> None:
    assert ice_servers((), "", "ann", now=0.0, ttl_s=600) == []
