"""Stores of accounts: interfaces that `server.storage` implements. All methods raise Unavailable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from server.accounts.model import Deleted, Identity, OneTime, Passkey, Purpose, SessionOf, StoredSession


class AccountStore(Protocol):
    async def add_passkey(self, passkey: Passkey, most: int) -> None:
        """Raises SignInTaken if it is stored, TooManySignIns, UserNotFound."""
        ...

    async def find_passkey(self, credential_id: str) -> Passkey | None: ...

    async def passkey_used(self, passkey: Passkey, sign_count: int, now: float) -> bool:
        """Store the new count. False if another sign-in has stored one meanwhile."""
        ...

    async def passkeys_of(self, user_id: str) -> Sequence[Passkey]: ...

    async def add_identity(self, identity: Identity, most: int) -> None:
        """Nothing if it is the user's already. Raises SignInTaken, TooManySignIns, UserNotFound."""
        ...

    async def find_identity(self, issuer: str, subject: str) -> Identity | None: ...

    async def identities_of(self, user_id: str) -> Sequence[Identity]: ...

    async def remove_sign_in(self, user_id: str, sign_in_id: str) -> None:
        """Remove a passkey or an identity. Raises NotFound, LastSignIn."""
        ...

    async def is_guest(self, user_id: str) -> bool: ...

    async def replace_recovery_codes(self, user_id: str, digests: Sequence[str]) -> None: ...

    async def count_recovery_codes(self, user_id: str) -> int: ...

    async def use_recovery_code(self, digest: str) -> str | None:
        """Delete the code and return whose it was; None if it does not exist."""
        ...

    async def sessions_of(self, user_id: str) -> Sequence[StoredSession]:
        """The last used first."""
        ...

    async def merge(self, guest: SessionOf, user: SessionOf) -> Sequence[str]:
        """Make all that the guest has the user's, and delete the guest. The device that gets messages in the
        guest's session gets them in the user's. Returns the digests of the guest's sessions, which have
        ended. Raises NotAGuest, UserNotFound."""
        ...

    async def delete_user(self, user_id: str, now: float) -> Deleted:
        """Delete the user with all that is stored of them, and give their places at events to those who
        wait."""
        ...


class OneTimeStore(Protocol):
    async def put(self, secret: OneTime) -> None:
        """Secrets of the same user and purpose become void. Raises UserNotFound."""
        ...

    async def find(self, purpose: Purpose, digest: str, now: float) -> OneTime | None:
        """None if it expired."""
        ...

    async def take(self, purpose: Purpose, digest: str, now: float) -> OneTime | None:
        """As `find`, and delete it: of several calls at once one gets it."""
        ...

    async def delete_expired(self, now: float) -> None: ...
