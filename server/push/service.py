"""Subscriptions of devices, and the messages to them.

Each message is taken from the store before it is sent. A server that is killed between the two loses it; no
device gets it twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from server.common.durations import DAY_S
from server.common.tasks import Ticker
from server.errors import InvalidRequest, ParlorError, PushNotOffered
from server.notices.model import Channel
from server.notices.quiet import next_allowed
from server.push.encryption import encrypted, is_point
from server.push.endpoints import EndpointRules, origin_of
from server.push.model import MAX_DEVICES, PushMessage, Subscription, Target
from server.push.ports import Answer, PushServices, PushStore, StoredKey
from server.push.retries import Outcome, next_try, outcome_of
from server.push.texts import PUSHED, is_urgent, payload
from server.push.vapid import VapidKey, loaded, new_key

EVERY_S = 2.0
_AT_ONCE = 64
"""Messages taken and sent together: what a killed server loses."""
_KEY = "vapid_key"
_AUTH_BYTES = 16
_log = logging.getLogger(__name__)


class Push:
    """`clock` is seconds since the epoch. `contact`: as in `VapidKey`. Call `start`, then `aclose`."""

    channel = Channel.PUSH

    def __init__(
        self,
        store: PushStore,
        stored: StoredKey,
        services: PushServices,
        rules: EndpointRules,
        clock: Callable[[], float],
        contact: str = "",
    ) -> None:
        self._store = store
        self._stored = stored
        self._services = services
        self._rules = rules
        self._clock = clock
        self._contact = contact
        self._vapid: VapidKey | None = None
        self._ticker = Ticker("push messages", EVERY_S, self._tick)

    async def start(self) -> None:
        """Makes the server's key if there is none. Raises Unavailable."""
        if not self._rules.is_off:
            await self._key()
            self._ticker.start()

    async def aclose(self) -> None:
        """Messages that were taken and not sent are lost. Idempotent."""
        await self._ticker.aclose()
        await self._services.aclose()

    def carries(self, kind: str) -> bool:
        return kind in PUSHED and not self._rules.is_off

    # Devices

    async def public_key(self) -> str | None:
        """Return the public key with which browsers subscribe, base64url; None where nothing is sent to
        devices. Raises Unavailable."""
        return None if self._rules.is_off else (await self._key()).public

    async def subscribe(self, user_id: str, session_digest: str, target: Target) -> None:
        """Raises PushNotOffered, InvalidRequest, SessionEnded, Unavailable."""
        if self._rules.is_off:
            raise PushNotOffered
        if not self._rules.allow(target.endpoint):
            raise PushNotOffered("This server does not send to the push service of this browser.")
        if not is_point(target.p256dh) or len(target.auth) != _AUTH_BYTES:
            raise InvalidRequest("The keys are not those of a push subscription.", errors=[])
        made = Subscription(user_id, session_digest, target, self._clock())
        await self._store.subscribe(made, MAX_DEVICES)

    async def unsubscribe(self, session_digest: str) -> None:
        """Raises Unavailable."""
        await self._store.unsubscribe(session_digest)

    async def sessions_of(self, user_id: str) -> Sequence[str]:
        """Digests of the person's sessions with a subscription. Raises Unavailable."""
        return await self._store.sessions_of(user_id)

    # Messages

    async def send_due(self) -> int:
        """Send all that is due. Returns how much that was. Raises Unavailable."""
        count = 0
        while due := await self._store.take_due(self._clock(), _AT_ONCE):
            await asyncio.gather(*(self._deliver(message) for message in due))
            count += len(due)
        return count

    async def _deliver(self, message: PushMessage) -> None:
        try:
            await self._send(message)
        except ParlorError as error:
            _log.warning("a message to a device was lost", extra={"code": error.code})
        except Exception:  # noqa: BLE001 - a bug with one message must not keep the others
            _log.exception("a message to a device was not sent")

    async def _send(self, message: PushMessage) -> None:
        now = self._clock()
        allowed = next_allowed(now, message.time_zone, message.quiet)
        if allowed > now:  # the person has set quiet hours since, or a try came too late
            await self._put_back(message, allowed)
            return
        key = await self._key()
        # In a thread: 64 messages at once would hold up the event loop for some 20 ms.
        body, headers = await asyncio.to_thread(_sealed, message, key, now)
        answer = await self._services.send(message.target, body, headers)
        await self._settle(message, answer)

    async def _settle(self, message: PushMessage, answer: Answer) -> None:
        outcome = outcome_of(answer)
        if outcome is Outcome.GONE:
            await self._store.delete(message.subscription_id)
        elif outcome is Outcome.LATER:
            tried = replace(message, tries=message.tries + 1)
            at = next_try(answer, tried.tries, self._clock())
            if at is not None:
                await self._put_back(tried, max(at, next_allowed(at, message.time_zone, message.quiet)))
        elif outcome is Outcome.REFUSED:
            host = urlsplit(message.target.endpoint).hostname
            _log.warning("a push service refused a message", extra={"host": host, "status": answer.status})

    async def _put_back(self, message: PushMessage, due_at: float) -> None:
        """A message that is not useful then any more is dropped."""
        if due_at <= message.until:
            await self._store.put_back(message, due_at)

    async def _key(self) -> VapidKey:
        if self._vapid is None:
            pem = await self._stored.get_or_put(_KEY, new_key())
            self._vapid = VapidKey(loaded(pem), self._contact)
        return self._vapid

    async def _tick(self) -> None:
        try:
            await self.send_due()
        except ParlorError as error:
            _log.warning("messages to devices not sent, trying again", extra={"code": error.code})


def _sealed(message: PushMessage, key: VapidKey, now: float) -> tuple[bytes, dict[str, str]]:
    """Body and headers of the request (RFC 8030, section 5)."""
    target, notice = message.target, message.notice
    text = payload(notice, message.language, message.time_zone)
    headers = {
        "Authorization": key.authorization(origin_of(urlsplit(target.endpoint)), now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(min(DAY_S, max(0, int(message.until - now)))),
        "Urgency": "high" if is_urgent(notice) else "normal",
        "Topic": notice.id,
    }
    return encrypted(text, target.p256dh, target.auth), headers
