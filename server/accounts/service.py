"""All of accounts that the REST handlers use. The composition root fills it."""

from __future__ import annotations

from dataclasses import dataclass

from server.accounts.export import ExportStore
from server.accounts.mail import MailSignIn
from server.accounts.one_time import OneTimeSecrets
from server.accounts.passkeys import Passkeys
from server.accounts.ports import AccountStore
from server.accounts.provider import ProviderSignIn
from server.accounts.typed_codes import TypedCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """`mail` and `provider` are None where they are not set up."""

    store: AccountStore
    once: OneTimeSecrets
    passkeys: Passkeys
    codes: TypedCodes
    exports: ExportStore
    mail: MailSignIn | None = None
    provider: ProviderSignIn | None = None

    async def aclose(self) -> None:
        """Idempotent."""
        if self.mail is not None:
            await self.mail.aclose()
