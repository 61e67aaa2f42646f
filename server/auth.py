"""Authentication: signed tokens (JWT, RFC 7519) and the key that signs them."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import jwt

from server.errors import TokenExpired, Unauthenticated

ISSUER = "parlor"
AUDIENCE = "parlor"
_ALGORITHM = "HS256"
_MAX_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """The content of a token: its user and the session it was issued in."""

    user_id: str
    session_id: str


class TokenAuth:
    """Issues and checks guests' tokens. `now` is seconds since the epoch; `ttl_s` is in seconds."""

    def __init__(self, secret: str, ttl_s: int) -> None:
        self._secret = secret
        self.ttl_s = ttl_s

    def issue(self, claims: TokenClaims, now: float) -> str:
        issued = int(now)
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": claims.user_id,
            "sid": claims.session_id,
            "iat": issued,
            "exp": issued + self.ttl_s,
        }
        return jwt.encode(payload, self._secret, algorithm=_ALGORITHM)

    def verify(self, token: str, now: float, *, accept_expired: bool = False) -> TokenClaims:
        """Raises TokenExpired, Unauthenticated for any other invalid token.

        A token that was issued after `now` is accepted: it shows only that this server's clock was set back.
        """
        if len(token) > _MAX_LENGTH:
            raise Unauthenticated
        payload = self._payload(token)
        subject, expires = payload["sub"], payload["exp"]
        # The first session of a user who signed in before there were session ids has the user's id.
        session = payload.get("sid", subject)
        if not (isinstance(subject, str) and subject and isinstance(session, str) and session):
            raise Unauthenticated
        if not (isinstance(expires, int) and isinstance(payload["iat"], int)):
            raise Unauthenticated
        if now >= expires and not accept_expired:
            raise TokenExpired
        return TokenClaims(subject, session)

    def _payload(self, token: str) -> dict[str, object]:
        try:
            return jwt.decode(
                token,
                self._secret,
                algorithms=[_ALGORITHM],  # pinned: the header's algorithm is not trusted (RFC 8725 3.1)
                issuer=ISSUER,
                audience=AUDIENCE,
                options={
                    "require": ["iss", "aud", "sub", "iat", "exp"],
                    # `verify` compares times with the `now` that it is given.
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError) as error:
            raise Unauthenticated from error


def is_service_token(given: str, expected: str) -> bool:
    """Whether `given` is the token that workers share with the server. An empty `expected` matches none."""
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def load_secret(data_dir: Path, configured: str = "", name: str = "secret") -> str:
    """Returns the configured secret, or the one in the file `name`, which the first start generates."""
    if configured:
        return configured
    path = data_dir / name
    with suppress(FileNotFoundError):
        return _read(path)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = data_dir / f".secret-{secrets.token_hex(8)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        # A link fails if the name exists: two servers that start together both use the first one's secret.
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
    return _read(path)


def _read(path: Path) -> str:
    try:
        secret = path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        raise ValueError(
            f"{path} is not ASCII text; write a secret into it, or remove it to generate a new one"
        ) from None
    if len(secret) < 32:
        raise ValueError(f"{path} has fewer than 32 characters; remove the file to generate a new secret")
    return secret
