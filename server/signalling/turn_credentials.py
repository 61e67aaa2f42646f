"""Credentials for the TURN servers beside us (TURN REST API, draft-uberti-behave-turn-rest-00)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from server.protocol.rooms import IceServer


def ice_servers(urls: Sequence[str], secret: str, user_id: str, now: float, ttl_s: float) -> list[IceServer]:
    """One entry whose credentials are valid for `ttl_s` from `now` (epoch seconds); none without URLs."""
    if not urls:
        return []
    username = f"{int(now + ttl_s)}:{user_id}"
    mac = hmac.new(secret.encode(), username.encode(), hashlib.sha1)  # required by the draft and by coturn
    return [IceServer(urls=list(urls), username=username, credential=base64.b64encode(mac.digest()).decode())]
