"""E-mail: a link of one use adds an address to a profile, or opens the profile that has it."""

from __future__ import annotations

import logging
import math
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.accounts.mail_texts import mail_text
from server.accounts.model import EMAIL, MAX_SIGN_INS, Identity, Purpose
from server.accounts.one_time import OneTimeSecrets
from server.accounts.ports import AccountStore
from server.auth import TokenClaims
from server.common.shared_limiter import SharedBuckets, SharedLimiter
from server.common.tasks import TaskSet
from server.common.token_bucket import KeyedLimiter
from server.errors import LinkOfOtherBrowser, ParlorError, SignInRefused, TooManyMails, Unavailable
from server.protocol.accounts import MailLanguage
from server.rooms.model import new_secret

LINK_TTL_S = 900.0
_PER_PAIR_AN_HOUR = 6
"""To one address, for one caller: others must not use up what its owner may ask for."""
_PER_ADDRESS_AN_HOUR = 20
_PER_CALLER_AN_HOUR = 40
_MAX_PENDING = 50
"""Mails on their way: a server that does not answer keeps each for its timeout."""

_log = logging.getLogger(__name__)

SendMail = Callable[[str, str, str], Awaitable[None]]
"""Sends to an address, with a subject and a text. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class _Request:
    address: str
    language: MailLanguage
    user_id: str | None


class MailSignIn:
    """`page`: the server's address, without a slash at its end. `clock` is seconds since the epoch.
    `is_limited`: False for load tests. `buckets`: of all servers, None for one that is alone."""

    def __init__(
        self,
        store: AccountStore,
        once: OneTimeSecrets,
        send: SendMail,
        page: str,
        clock: Callable[[], float],
        *,
        is_limited: bool = True,
        buckets: SharedBuckets | None = None,
    ) -> None:
        self._store = store
        self._once = once
        self._send = send
        self._page = page
        self._clock = clock
        self._limits = (
            {
                "by": SharedLimiter("mail-by", KeyedLimiter.hourly(_PER_CALLER_AN_HOUR), buckets),
                "pair": SharedLimiter("mail-pair", KeyedLimiter.hourly(_PER_PAIR_AN_HOUR), buckets),
                "to": SharedLimiter("mail-to", KeyedLimiter.hourly(_PER_ADDRESS_AN_HOUR), buckets),
            }
            if is_limited
            else {}
        )
        self._tasks = TaskSet()

    async def ask(
        self, address: str, language: MailLanguage, caller: str, user_id: str | None = None
    ) -> None:
        """Send a link to the address, soon: the answer must not tell, nor its time, whether the address is
        known. With `user_id` the link adds it to that profile, unless it opens another already. `caller`: the
        network address of the request. Raises TooManyMails, Unavailable."""
        address = address.lower()
        for kind, key in (("by", caller), ("pair", f"{address} {caller}"), ("to", address)):
            limiter = self._limits.get(kind)
            if limiter is not None and (wait := await limiter.take(key, time.monotonic())) > 0:
                raise TooManyMails(retryAfter=math.ceil(wait))
        if len(self._tasks) >= _MAX_PENDING:
            raise Unavailable
        self._tasks.spawn(self._answer(_Request(address, language, user_id)), "mail")

    async def finish(self, token: str, claims: TokenClaims | None) -> str:
        """The id of the user whom the link signs in. `claims`: of the browser that opens it. Raises
        SignInRefused, LinkOfOtherBrowser, SignInTaken, TooManySignIns, Unavailable."""
        found = await self._once.find(Purpose.MAIL, token)
        if found is None or found.user_id is None:
            raise SignInRefused
        adds = bool(found.value["adds"])
        # Otherwise somebody could make another person add their own address to a profile that both can open.
        if adds and (claims is None or claims.user_id != found.user_id):
            raise LinkOfOtherBrowser
        if await self._once.take(Purpose.MAIL, token) is None:
            raise SignInRefused
        if adds:
            address = str(found.value["address"])
            now = self._clock()
            identity = Identity(secrets.token_hex(12), found.user_id, EMAIL, address, address, now)
            await self._store.add_identity(identity, MAX_SIGN_INS)
        return found.user_id

    async def aclose(self) -> None:
        """Mails on their way are not sent. Idempotent."""
        await self._tasks.aclose()

    async def _answer(self, asked: _Request) -> None:
        try:
            known = await self._store.find_identity(EMAIL, asked.address)
            owner = known.user_id if known else asked.user_id
            if owner is None:
                return
            token = new_secret()
            value = {"address": asked.address, "adds": known is None}
            await self._once.keep(token, Purpose.MAIL, LINK_TTL_S, value, user_id=owner)
            link = f"{self._page}/sign-in#mail={token}"
            subject, text = mail_text(asked.language, link, adds=known is None)
            await self._send(asked.address, subject, text)
        except ParlorError as error:  # nobody waits for it; the log names no address
            _log.warning("mail not sent", extra={"code": error.code})
