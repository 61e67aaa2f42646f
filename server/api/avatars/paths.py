"""Where avatars live: `/api/avatars/g/{seed}.svg` is drawn from any seed (show people a few and let them
pick), `/api/avatars/u/{owner}-{digest}.webp` was uploaded."""

from __future__ import annotations

import hashlib
import re

GENERATED = re.compile(r"/api/avatars/g/([A-Za-z0-9_-]{1,64})\.svg")
UPLOADED = re.compile(r"/api/avatars/u/([0-9a-f]{16}-[0-9a-f]{32})\.webp")


def generated_path(seed: str) -> str:
    return f"/api/avatars/g/{seed}.svg"


def uploaded_path(name: str) -> str:
    return f"/api/avatars/u/{name}.webp"


def owner_tag(user_id: str) -> str:
    """Begins the names of a user's uploads, so that whose they are needs no table."""
    return hashlib.sha256(user_id.encode()).hexdigest()[:16]


def upload_name(user_id: str, image: bytes) -> str:
    return f"{owner_tag(user_id)}-{hashlib.sha256(image).hexdigest()[:32]}"
