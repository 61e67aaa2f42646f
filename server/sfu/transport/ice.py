"""ICE-lite (RFC 8445 section 2.5) for one peer, without I/O: `now` is passed in, effects go to a sink.

A lite agent answers checks and sends none. This one sends a few. A new path counts only after the other side
has answered a Binding request from us, so that a client that knows a password can neither aim audio at a
third party nor claim another client's address. And a quiet peer is probed, because Firefox's own consent
checks (RFC 7675) may be 6 s apart, longer than the time after which a peer counts as disconnected.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Protocol

from server.sfu.data_plane import TCP, Consent, Path
from server.sfu.transport import stun

MAX_PATHS = 4
"""Paths of one peer that are remembered for each transport: Wi-Fi and mobile, IPv4 and IPv6."""
CHECK_RTO_S = 0.05
"""Wait before a check is repeated, doubled each time."""
MAX_CHECKS = 6
UNCHECKED_TTL_S = 5.0
IDLE_S = 2.0
"""A checked path unused for this long may be replaced by another."""
STREAM_IDLE_S = 30.0
"""A TCP path on which consent was not renewed for this long (RFC 7675 section 5.1) is closed."""
PROBE_AFTER_S = 2.0
PROBE_EVERY_S = 0.5
MEDIA_STALE_S = 1.0
"""SRTP older than this no longer holds the downlink against a newer nomination."""


@dataclass(frozen=True, slots=True)
class Credentials:
    ufrag: str
    password: str

    @classmethod
    def new(cls) -> Credentials:
        """RFC 8445 section 5.3 asks for at least 24 and 128 bits of randomness."""
        return cls(secrets.token_hex(6), secrets.token_hex(16))


class IceSink(Protocol):
    """Receiver of the agent's effects. Methods must not raise."""

    def send_stun(self, datagram: bytes, path: Path) -> None: ...

    def expect_response(self, transaction_id: bytes) -> None: ...

    def forget_response(self, transaction_id: bytes) -> None: ...

    def path_opened(self, path: Path) -> None: ...

    def path_checked(self, path: Path) -> None: ...

    def path_closed(self, path: Path) -> None: ...

    def destination_changed(self, path: Path | None) -> None: ...

    def consent_changed(self, consent: Consent | None) -> None:
        """Credentials of checks that change nothing; None during a restart, when any check may."""
        ...

    def ufrag_retired(self, ufrag: str) -> None: ...


@dataclass(slots=True)
class _Session:
    """One generation of credentials; `remote` is known from the answer on."""

    local: Credentials
    remote: Credentials | None = None


@dataclass(slots=True)
class _Pair:
    path: Path
    session: _Session
    used_at: float
    is_checked: bool = False
    nominated_at: float | None = None
    nominated_in: _Session | None = None
    held_answer: bytes | None = None
    transaction_id: bytes | None = None
    check_at: float = 0.0
    checks_sent: int = 0

    def nominate(self, session: _Session, now: float) -> None:
        self.nominated_at, self.nominated_in = now, session

    def is_repeat_due(self, now: float) -> bool:
        if self.transaction_id is None or self.checks_sent >= MAX_CHECKS:
            return False
        return now - self.check_at >= CHECK_RTO_S * (1 << (self.checks_sent - 1))


class IceLite:
    """The agent of one connection. `destination` is the path of its downlink, None before the first check."""

    def __init__(self, sink: IceSink, now: float) -> None:
        self.destination: Path | None = None
        self.alive_at = now
        self._sink = sink
        self._session = _Session(Credentials.new())
        self._older: _Session | None = None
        self._consent: Consent | None = None
        self._pairs: dict[Path, _Pair] = {}
        self._media_at: float | None = None
        self._probe_at = 0.0

    @property
    def local(self) -> Credentials:
        return self._session.local

    @property
    def ufrags(self) -> tuple[str, ...]:
        """All fragments that requests may name: during a restart also the old one."""
        return tuple(s.local.ufrag for s in (self._session, self._older) if s is not None)

    def restart(self) -> Credentials:
        """New credentials (RFC 8445 section 9); the old ones work until the new ones are used.

        A restart replaces an earlier one that has not been used.
        """
        if self._older is None:
            self._older = self._session
        else:
            self._sink.ufrag_retired(self._session.local.ufrag)
        self._session = _Session(Credentials.new())
        self._update_consent()
        return self._session.local

    def set_remote(self, remote: Credentials, now: float) -> None:
        """From the answer to the newest offer. Paths whose requests overtook the answer are checked now."""
        self._session.remote = remote
        self._update_consent()
        for pair in self._pairs.values():
            if not pair.is_checked and pair.session is self._session:
                self._check(pair, now)

    @property
    def is_settled(self) -> bool:
        """Whether every known path is checked, so that nothing is due soon."""
        return all(pair.is_checked for pair in self._pairs.values())

    @property
    def quiet_at(self) -> float:
        """Time at which the peer is probed if it sends nothing until then."""
        return self.alive_at + PROBE_AFTER_S

    def has_checked(self, path: Path) -> bool:
        pair = self._pairs.get(path)
        return pair is not None and pair.is_checked

    # -- what arrives ---------------------------------------------------------------------------------------

    def on_request(self, request: stun.Binding, ufrag: str, path: Path, now: float) -> bool:
        """Answer a check. False if it is not signed with our password, or names another remote fragment."""
        session = self._session_of(ufrag)
        if session is None or not request.is_signed_with(session.local.password):
            return False
        if session.remote is not None and request.username != f"{ufrag}:{session.remote.ufrag}":
            return False
        self.alive_at = now
        pair = self._pairs.get(path) or self._open(path, session, now)
        if pair is None:
            return True  # no room: without our answer the client tries another of its pairs
        pair.used_at = now
        pair.session = session
        if request.nominates:
            pair.nominate(session, now)
        if self._is_move(pair, request):
            pair.held_answer = request.transaction_id
        else:
            self._answer(pair, request.transaction_id)
        if pair.is_checked:
            self._use(session)
            self._choose_destination(now)
        elif pair.transaction_id is None or now - pair.check_at >= CHECK_RTO_S:
            self._check(pair, now)
        return True

    def on_response(self, response: stun.Binding, path: Path, now: float) -> None:
        """The answer to a check of ours. Only the path that was asked counts (section 7.2.5.2.1)."""
        pair = self._pairs.get(path)
        if pair is None or pair.transaction_id != response.transaction_id or pair.session.remote is None:
            return
        if (
            not response.is_signed_with(pair.session.remote.password)
            or response.kind is not stun.Kind.SUCCESS
        ):
            return
        self._end_check(pair)
        self.alive_at = pair.used_at = now
        self._use(pair.session)
        if not pair.is_checked:
            pair.is_checked = True
            self._sink.path_checked(path)
        self._choose_destination(now)
        if pair.held_answer is not None:
            self._answer(pair, pair.held_answer)
            pair.held_answer = None

    def on_checked(self, path: Path, now: float, *, nominates: bool) -> None:
        """The data plane answered a check on this path with the credentials of `consent_changed`."""
        pair = self._pairs.get(path)
        if pair is None or not pair.is_checked:
            return
        self.alive_at = pair.used_at = now
        if nominates:
            pair.nominate(pair.session, now)
        self._choose_destination(now)

    def on_media(self, path: Path, now: float) -> None:
        """Authentic SRTP or SRTCP came on this path: the downlink follows it."""
        pair = self._pairs.get(path)
        if pair is None or not pair.is_checked:
            return
        self.alive_at = pair.used_at = now
        if self._restarted_pair(pair, now) is None:
            self._media_at = now
            self._go_to(path)

    def on_lost(self, path: Path, now: float) -> None:
        """The path does not belong to this peer any more: another has answered on it, or it has ended."""
        pair = self._pairs.get(path)
        if pair is not None:
            self._close(pair)
            self._choose_destination(now)

    def tick(self, now: float) -> None:
        """Repeat checks, forget paths that never answered, probe a quiet peer. Every 50 ms or so."""
        for pair in list(self._pairs.values()):
            if pair.is_checked:
                if pair.path.transport == TCP and now - pair.used_at >= STREAM_IDLE_S:
                    self._close(pair)
                    self._choose_destination(now)
                continue
            if now - pair.used_at >= UNCHECKED_TTL_S:
                self._close(pair)
            elif pair.is_repeat_due(now):
                self._check(pair, now)
        if now >= self.quiet_at and now >= self._probe_at:
            self._probe_at = now + PROBE_EVERY_S
            for pair in self._pairs.values():
                if pair.is_checked:
                    self._check(pair, now)

    def close(self) -> None:
        """Release every path, transaction and fragment."""
        for pair in list(self._pairs.values()):
            self._close(pair)
        for ufrag in self.ufrags:
            self._sink.ufrag_retired(ufrag)
        self._older = None

    # -- inside ---------------------------------------------------------------------------------------------

    def _answer(self, pair: _Pair, transaction_id: bytes) -> None:
        password = pair.session.local.password
        self._sink.send_stun(stun.success(transaction_id, pair.path.remote, password), pair.path)

    def _is_move(self, pair: _Pair, request: stun.Binding) -> bool:
        """Whether a restart moves the downlink to a path that has not answered us yet.

        Then our answer waits for the client's: Firefox closes its old socket once it has ours, and what we
        sent there until the new path is checked would be lost (measured: a packet in every other restart).
        """
        is_new = not pair.is_checked and pair.session is self._session
        return is_new and request.nominates and self._older is not None and self.destination is not None

    def _session_of(self, ufrag: str) -> _Session | None:
        for session in (self._session, self._older):
            if session is not None and session.local.ufrag == ufrag:
                return session
        return None

    def _use(self, session: _Session) -> None:
        """The restart is complete once a check with its credentials has succeeded."""
        if session is self._session and self._older is not None:
            self._sink.ufrag_retired(self._older.local.ufrag)
            for pair in self._pairs.values():
                if pair.session is self._older and pair.is_checked:
                    pair.session = session
            self._older = None
            self._update_consent()

    def _update_consent(self) -> None:
        session, consent = self._session, None
        if self._older is None and session.remote is not None:
            consent = Consent(f"{session.local.ufrag}:{session.remote.ufrag}", session.local.password)
        if consent != self._consent:
            self._consent = consent
            self._sink.consent_changed(consent)

    def _open(self, path: Path, session: _Session, now: float) -> _Pair | None:
        alike = [p for p in self._pairs.values() if p.path.transport == path.transport]
        if len(alike) >= MAX_PATHS:
            victim = self._least_useful(alike, session, now)
            if victim is None:
                return None
            self._close(victim)
        pair = self._pairs[path] = _Pair(path, session, now)
        self._sink.path_opened(path)
        return pair

    def _least_useful(self, pairs: list[_Pair], session: _Session, now: float) -> _Pair | None:
        """A path that never answered, else the longest unused one, never the one in use.

        Requests from invented paths cannot replace the path in use: they stay unchecked.
        """
        unchecked = [p for p in pairs if not p.is_checked]
        if unchecked:
            return min(unchecked, key=lambda p: p.used_at)
        spare = [
            p
            for p in pairs
            if p.path != self.destination and (now - p.used_at >= IDLE_S or p.session is not session)
        ]
        return min(spare, key=lambda p: p.used_at, default=None)

    def _close(self, pair: _Pair) -> None:
        self._end_check(pair)
        del self._pairs[pair.path]
        self._sink.path_closed(pair.path)
        if self.destination == pair.path:
            self.destination = None
            self._media_at = None
            self._sink.destination_changed(None)

    def _check(self, pair: _Pair, now: float) -> None:
        session = pair.session
        if session.remote is None:
            return
        if pair.transaction_id is None:
            pair.transaction_id = stun.new_transaction_id()
            pair.checks_sent = 0
            self._sink.expect_response(pair.transaction_id)
        pair.check_at = now
        pair.checks_sent += 1
        username = f"{session.remote.ufrag}:{session.local.ufrag}"
        self._sink.send_stun(stun.request(pair.transaction_id, username, session.remote.password), pair.path)

    def _end_check(self, pair: _Pair) -> None:
        if pair.transaction_id is not None:
            self._sink.forget_response(pair.transaction_id)
            pair.transaction_id = None

    def _choose_destination(self, now: float) -> None:
        """The path that SRTP comes on; without SRTP the newest nominated one, or else the first checked one.

        After a restart its nomination precedes SRTP: the client may close the old path at once.
        """
        current = self._pairs.get(self.destination) if self.destination else None
        restarted = self._restarted_pair(current, now)
        if restarted is not None:
            self._go_to(restarted.path)
            return
        if self._media_at is not None and now - self._media_at < MEDIA_STALE_S:
            return
        newest = self._newest_nominated()
        if newest is not None:
            self._go_to(newest.path)
        elif self.destination is None:
            checked = next((p for p in self._pairs.values() if p.is_checked), None)
            if checked is not None:
                self._go_to(checked.path)

    def _newest_nominated(self) -> _Pair | None:
        nominated = [p for p in self._pairs.values() if p.is_checked and p.nominated_at is not None]
        return max(nominated, key=lambda p: p.nominated_at or 0.0, default=None)

    def _restarted_pair(self, pair: _Pair | None, now: float) -> _Pair | None:
        """The pair that a restart has just nominated instead of this one, which was nominated before it."""
        if pair is None or pair.nominated_in in (None, self._session):
            return None
        newest = self._newest_nominated()
        if newest is None or newest.nominated_in is not self._session:
            return None
        return newest if now - (newest.nominated_at or 0.0) < MEDIA_STALE_S else None

    def _go_to(self, path: Path) -> None:
        if self.destination != path:
            self.destination = path
            self._sink.destination_changed(path)
