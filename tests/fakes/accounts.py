"""Stores of accounts in memory."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import Any

from server.accounts.model import Deleted, Identity, OneTime, Passkey, Purpose, SessionOf, StoredSession
from server.errors import LastSignIn, NotFound, SignInTaken, TooManySignIns, Unavailable
from server.sessions import SessionStore


class FakeAccounts:
    """The AccountStore port. `merged` and `deleted` list the calls. `messages`: ids that an end deletes.
    `sessions`: ended with a user. `fails`: mergers and ends are refused."""

    def __init__(self, sessions: SessionStore | None = None) -> None:
        self.sessions = sessions
        self.fails = False
        self.passkeys: dict[str, Passkey] = {}
        self.identities: dict[str, Identity] = {}
        self.codes: dict[str, str] = {}
        self.merged: list[tuple[str, str]] = []
        self.deleted: list[str] = []
        self.messages: list[str] = []

    async def add_passkey(self, passkey: Passkey, most: int) -> None:
        if await self.find_passkey(passkey.credential_id):
            raise SignInTaken
        self._check(passkey.user_id, most)
        self.passkeys[passkey.id] = passkey

    async def find_passkey(self, credential_id: str) -> Passkey | None:
        return next((p for p in self.passkeys.values() if p.credential_id == credential_id), None)

    async def passkey_used(self, passkey: Passkey, sign_count: int, now: float) -> bool:
        if self.passkeys[passkey.id].sign_count != passkey.sign_count:
            return False
        self.passkeys[passkey.id] = replace(passkey, sign_count=sign_count, used_at=now)
        return True

    async def passkeys_of(self, user_id: str) -> Sequence[Passkey]:
        return [p for p in self.passkeys.values() if p.user_id == user_id]

    async def add_identity(self, identity: Identity, most: int) -> None:
        known = await self.find_identity(identity.issuer, identity.subject)
        if known is not None:
            if known.user_id != identity.user_id:
                raise SignInTaken
            return
        self._check(identity.user_id, most)
        self.identities[identity.id] = identity

    async def find_identity(self, issuer: str, subject: str) -> Identity | None:
        wanted = (issuer, subject)
        return next((i for i in self.identities.values() if (i.issuer, i.subject) == wanted), None)

    async def identities_of(self, user_id: str) -> Sequence[Identity]:
        return [i for i in self.identities.values() if i.user_id == user_id]

    async def remove_sign_in(self, user_id: str, sign_in_id: str) -> None:
        found: Passkey | Identity | None = self.passkeys.get(sign_in_id) or self.identities.get(sign_in_id)
        if found is None or found.user_id != user_id:
            raise NotFound
        if self._count(user_id) == 1:
            raise LastSignIn
        self.passkeys.pop(sign_in_id, None)
        self.identities.pop(sign_in_id, None)

    async def is_guest(self, user_id: str) -> bool:
        return self._count(user_id) == 0

    async def replace_recovery_codes(self, user_id: str, digests: Sequence[str]) -> None:
        self.codes = {code: owner for code, owner in self.codes.items() if owner != user_id}
        self.codes |= dict.fromkeys(digests, user_id)

    async def count_recovery_codes(self, user_id: str) -> int:
        return list(self.codes.values()).count(user_id)

    async def use_recovery_code(self, digest: str) -> str | None:
        return self.codes.pop(digest, None)

    async def sessions_of(self, user_id: str) -> Sequence[StoredSession]:
        return []

    async def merge(self, guest: SessionOf, user: SessionOf) -> Sequence[str]:
        ended = await self._end_sessions(guest.user_id)
        self.merged.append((guest.user_id, user.user_id))
        return ended

    async def delete_user(self, user_id: str, now: float) -> Deleted:
        ended = await self._end_sessions(user_id)
        self.deleted.append(user_id)
        return Deleted(self.messages, ended)

    async def _end_sessions(self, user_id: str) -> Sequence[str]:
        if self.fails:
            raise Unavailable
        return await self.sessions.delete_sessions(user_id) if self.sessions else []

    def _check(self, user_id: str, most: int) -> None:
        if self._count(user_id) >= most:
            raise TooManySignIns

    def _count(self, user_id: str) -> int:
        owners = [p.user_id for p in self.passkeys.values()] + [i.user_id for i in self.identities.values()]
        return owners.count(user_id)


class FakeOneTime:
    """The OneTimeStore port."""

    def __init__(self) -> None:
        self.secrets: dict[str, OneTime] = {}

    async def put(self, secret: OneTime) -> None:
        if secret.user_id is not None and secret.purpose.is_single:
            self.secrets = {
                name: kept
                for name, kept in self.secrets.items()
                if (kept.user_id, kept.purpose) != (secret.user_id, secret.purpose)
            }
        self.secrets[secret.digest] = secret

    async def find(self, purpose: Purpose, digest: str, now: float) -> OneTime | None:
        found = self.secrets.get(digest)
        if found is None or found.purpose is not purpose or found.expires_at <= now:
            return None
        return found

    async def take(self, purpose: Purpose, digest: str, now: float) -> OneTime | None:
        found = await self.find(purpose, digest, now)
        if found is not None:
            del self.secrets[digest]
        return found

    async def delete_expired(self, now: float) -> None:
        self.secrets = {n: kept for n, kept in self.secrets.items() if kept.expires_at > now}


class NoExports:
    """The ExportStore port. Nothing is stored of anybody."""

    async def parts(self, user_id: str) -> AsyncGenerator[tuple[str, list[dict[str, Any]]]]:
        yield "profile", []

    async def recordings(self, user_id: str) -> Sequence[str]:
        return []

    async def pictures(self, user_id: str) -> Sequence[bytes]:
        return []
