"""Codes that a person types: of another device, for ten minutes, and recovery codes, until they are used."""

from __future__ import annotations

from server.accounts.codes import DEVICE_LETTERS, RECOVERY_LETTERS, new_code, plain
from server.accounts.model import Purpose
from server.accounts.one_time import OneTimeSecrets
from server.accounts.ports import AccountStore
from server.errors import SignInNotOffered, SignInRefused
from server.rooms.model import digest

DEVICE_CODE_TTL_S = 600.0
RECOVERY_CODES = 10


class TypedCodes:
    """All methods raise Unavailable."""

    def __init__(self, store: AccountStore, once: OneTimeSecrets) -> None:
        self._store = store
        self._once = once

    async def for_device(self, user_id: str) -> str:
        """A code that signs in one more device. The one before becomes void."""
        code = new_code(DEVICE_LETTERS)
        await self._once.keep(plain(code), Purpose.DEVICE, DEVICE_CODE_TTL_S, {}, user_id=user_id)
        return code

    async def for_recovery(self, user_id: str) -> list[str]:
        """New recovery codes in place of all earlier ones. Raises SignInNotOffered for a guest, who has no
        other way to sign in that these could stand in for."""
        if await self._store.is_guest(user_id):
            raise SignInNotOffered("Keep your profile first, by a passkey for example.")
        codes = [new_code(RECOVERY_LETTERS) for _ in range(RECOVERY_CODES)]
        await self._store.replace_recovery_codes(user_id, [digest(plain(code)) for code in codes])
        return codes

    async def sign_in(self, typed: str) -> str:
        """The id of the user whose code it is. The code is used up. Raises SignInRefused."""
        code = plain(typed)
        owner: str | None = None
        if len(code) == DEVICE_LETTERS:
            found = await self._once.take(Purpose.DEVICE, code)
            owner = found.user_id if found else None
        elif len(code) == RECOVERY_LETTERS:
            owner = await self._store.use_recovery_code(digest(code))
        if owner is None:
            raise SignInRefused
        return owner
