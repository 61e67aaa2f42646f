"""ICE-lite (RFC 8445 section 2.5) for one peer, without I/O: `now` is passed in, effects go to a sink.

A lite agent answers checks and sends none. Ours sends a few: an address new to the peer counts only after it
has answered a Binding request from us, so that nobody who knows a password can aim audio at a third party or
claim another's address; and a peer that has gone quiet is asked whether it is there, because Firefox's own
consent checks (RFC 7675) may be 6 s apart, longer than we wait before calling it disconnected.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Protocol

from server.sfu.loop import Address, Consent
from server.sfu.transport import stun

MAX_PATHS = 4
"""Addresses of one peer that are remembered: Wi-Fi and mobile, IPv4 and IPv6."""
CHECK_RTO_S = 0.05
"""Wait before a check is repeated, doubled each time."""
MAX_CHECKS = 6
UNCHECKED_TTL_S = 5.0
IDLE_S = 2.0
"""A checked address unused for this long may make room for another."""
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
    """What the agent brings about. Methods must not raise."""

    def send_stun(self, datagram: bytes, address: Address) -> None: ...

    def expect_response(self, transaction_id: bytes) -> None: ...

    def forget_response(self, transaction_id: bytes) -> None: ...

    def path_opened(self, address: Address) -> None: ...

    def path_checked(self, address: Address) -> None: ...

    def path_closed(self, address: Address) -> None: ...

    def destination_changed(self, address: Address | None) -> None: ...

    def consent_changed(self, consent: Consent | None) -> None:
        """How checks are signed that change nothing. None while a restart goes on, when each may."""
        ...

    def ufrag_retired(self, ufrag: str) -> None: ...


@dataclass(slots=True)
class _Session:
    """One generation of credentials; `remote` is known from the answer on."""

    local: Credentials
    remote: Credentials | None = None


@dataclass(slots=True)
class _Path:
    address: Address
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
    """The agent of one connection. `destination` is where its downlink goes, None before the first check."""

    def __init__(self, sink: IceSink, now: float) -> None:
        self.destination: Address | None = None
        self.alive_at = now
        self._sink = sink
        self._session = _Session(Credentials.new())
        self._older: _Session | None = None
        self._consent: Consent | None = None
        self._paths: dict[Address, _Path] = {}
        self._media_at: float | None = None
        self._probe_at = 0.0

    @property
    def local(self) -> Credentials:
        return self._session.local

    @property
    def ufrags(self) -> tuple[str, ...]:
        """Every fragment that requests may name: during a restart the old one too."""
        return tuple(s.local.ufrag for s in (self._session, self._older) if s is not None)

    def restart(self) -> Credentials:
        """New credentials (RFC 8445 section 9); the old ones work until the new ones are used.

        A restart on top of one that nobody has used replaces that one.
        """
        if self._older is None:
            self._older = self._session
        else:
            self._sink.ufrag_retired(self._session.local.ufrag)
        self._session = _Session(Credentials.new())
        self._agree()
        return self._session.local

    def set_remote(self, remote: Credentials, now: float) -> None:
        """From the answer to the newest offer. Addresses that were faster than the answer are checked now."""
        self._session.remote = remote
        self._agree()
        for path in self._paths.values():
            if not path.is_checked and path.session is self._session:
                self._check(path, now)

    @property
    def is_settled(self) -> bool:
        """Whether every address we know of is checked: nothing is due soon."""
        return all(path.is_checked for path in self._paths.values())

    @property
    def quiet_at(self) -> float:
        """When a peer that says nothing from now on is asked whether it is there."""
        return self.alive_at + PROBE_AFTER_S

    def has_checked(self, address: Address) -> bool:
        path = self._paths.get(address)
        return path is not None and path.is_checked

    # -- what arrives ---------------------------------------------------------------------------------------

    def on_request(self, request: stun.Binding, ufrag: str, address: Address, now: float) -> bool:
        """Answer a check. False if it is not signed with our password, or meant for somebody else."""
        session = self._session_of(ufrag)
        if session is None or not request.is_signed_with(session.local.password):
            return False
        if session.remote is not None and request.username != f"{ufrag}:{session.remote.ufrag}":
            return False
        self.alive_at = now
        path = self._paths.get(address) or self._open(address, session, now)
        if path is None:
            return True  # no room: without our answer the client takes another of its pairs
        path.used_at = now
        path.session = session
        if request.nominates:
            path.nominate(session, now)
        if self._is_move(path, request):
            path.held_answer = request.transaction_id
        else:
            self._answer(path, request.transaction_id)
        if path.is_checked:
            self._use(session)
            self._choose_destination(now)
        elif path.transaction_id is None or now - path.check_at >= CHECK_RTO_S:
            self._check(path, now)
        return True

    def on_response(self, response: stun.Binding, address: Address, now: float) -> None:
        """The answer to a check of ours: it counts from the address that was asked (section 7.2.5.2.1)."""
        path = self._paths.get(address)
        if path is None or path.transaction_id != response.transaction_id or path.session.remote is None:
            return
        if (
            not response.is_signed_with(path.session.remote.password)
            or response.kind is not stun.Kind.SUCCESS
        ):
            return
        self._end_check(path)
        self.alive_at = path.used_at = now
        self._use(path.session)
        if not path.is_checked:
            path.is_checked = True
            self._sink.path_checked(address)
        self._choose_destination(now)
        if path.held_answer is not None:
            self._answer(path, path.held_answer)
            path.held_answer = None

    def on_checked(self, address: Address, now: float, *, nominates: bool) -> None:
        """A check from here was answered for us, by the consent that `consent_changed` told."""
        path = self._paths.get(address)
        if path is None or not path.is_checked:
            return
        self.alive_at = path.used_at = now
        if nominates:
            path.nominate(path.session, now)
        self._choose_destination(now)

    def on_media(self, address: Address, now: float) -> None:
        """Authentic SRTP or SRTCP came from here: the downlink follows it."""
        path = self._paths.get(address)
        if path is None or not path.is_checked:
            return
        self.alive_at = path.used_at = now
        if self._restarted_path(path, now) is None:
            self._media_at = now
            self._go_to(address)

    def on_taken(self, address: Address, now: float) -> None:
        """Another peer has answered from this address; it is no longer ours."""
        path = self._paths.get(address)
        if path is not None:
            self._close(path)
            self._choose_destination(now)

    def tick(self, now: float) -> None:
        """Repeat checks, forget addresses that never answered, ask a quiet peer. Every 50 ms or so."""
        for path in list(self._paths.values()):
            if path.is_checked:
                continue
            if now - path.used_at >= UNCHECKED_TTL_S:
                self._close(path)
            elif path.is_repeat_due(now):
                self._check(path, now)
        if now >= self.quiet_at and now >= self._probe_at:
            self._probe_at = now + PROBE_EVERY_S
            for path in self._paths.values():
                if path.is_checked:
                    self._check(path, now)

    def close(self) -> None:
        """Give back every address, transaction and fragment."""
        for path in list(self._paths.values()):
            self._close(path)
        for ufrag in self.ufrags:
            self._sink.ufrag_retired(ufrag)
        self._older = None

    # -- inside ---------------------------------------------------------------------------------------------

    def _answer(self, path: _Path, transaction_id: bytes) -> None:
        password = path.session.local.password
        self._sink.send_stun(stun.success(transaction_id, path.address, password), path.address)

    def _is_move(self, path: _Path, request: stun.Binding) -> bool:
        """Whether a restart moves the downlink to an address that has yet to answer us.

        Then our answer waits for the client's: Firefox closes its old socket once it has ours, and what we
        sent there until the new address is checked would be lost (measured: a packet in every other restart).
        """
        is_new = not path.is_checked and path.session is self._session
        return is_new and request.nominates and self._older is not None and self.destination is not None

    def _session_of(self, ufrag: str) -> _Session | None:
        for session in (self._session, self._older):
            if session is not None and session.local.ufrag == ufrag:
                return session
        return None

    def _use(self, session: _Session) -> None:
        """The restart is complete once something works with its credentials."""
        if session is self._session and self._older is not None:
            self._sink.ufrag_retired(self._older.local.ufrag)
            for path in self._paths.values():
                if path.session is self._older and path.is_checked:
                    path.session = session
            self._older = None
            self._agree()

    def _agree(self) -> None:
        session, consent = self._session, None
        if self._older is None and session.remote is not None:
            consent = Consent(f"{session.local.ufrag}:{session.remote.ufrag}", session.local.password)
        if consent != self._consent:
            self._consent = consent
            self._sink.consent_changed(consent)

    def _open(self, address: Address, session: _Session, now: float) -> _Path | None:
        if len(self._paths) >= MAX_PATHS:
            victim = self._least_useful(session, now)
            if victim is None:
                return None
            self._close(victim)
        path = self._paths[address] = _Path(address, session, now)
        self._sink.path_opened(address)
        return path

    def _least_useful(self, session: _Session, now: float) -> _Path | None:
        """An address that never answered, else the longest unused one, never the one in use.

        What is in use cannot be pushed out by requests from invented addresses: those stay unchecked.
        """
        unchecked = [p for p in self._paths.values() if not p.is_checked]
        if unchecked:
            return min(unchecked, key=lambda p: p.used_at)
        spare = [
            p
            for p in self._paths.values()
            if p.address != self.destination and (now - p.used_at >= IDLE_S or p.session is not session)
        ]
        return min(spare, key=lambda p: p.used_at, default=None)

    def _close(self, path: _Path) -> None:
        self._end_check(path)
        del self._paths[path.address]
        self._sink.path_closed(path.address)
        if self.destination == path.address:
            self.destination = None
            self._media_at = None
            self._sink.destination_changed(None)

    def _check(self, path: _Path, now: float) -> None:
        session = path.session
        if session.remote is None:
            return
        if path.transaction_id is None:
            path.transaction_id = stun.new_transaction_id()
            path.checks_sent = 0
            self._sink.expect_response(path.transaction_id)
        path.check_at = now
        path.checks_sent += 1
        username = f"{session.remote.ufrag}:{session.local.ufrag}"
        self._sink.send_stun(
            stun.request(path.transaction_id, username, session.remote.password), path.address
        )

    def _end_check(self, path: _Path) -> None:
        if path.transaction_id is not None:
            self._sink.forget_response(path.transaction_id)
            path.transaction_id = None

    def _choose_destination(self, now: float) -> None:
        """Where SRTP comes from; while there is none, the newest nominated address, else the first.

        After a restart its nomination goes before SRTP: the client may give the old address up at once.
        """
        current = self._paths.get(self.destination) if self.destination else None
        restarted = self._restarted_path(current, now)
        if restarted is not None:
            self._go_to(restarted.address)
            return
        if self._media_at is not None and now - self._media_at < MEDIA_STALE_S:
            return
        newest = self._newest_nominated()
        if newest is not None:
            self._go_to(newest.address)
        elif self.destination is None:
            checked = next((p for p in self._paths.values() if p.is_checked), None)
            if checked is not None:
                self._go_to(checked.address)

    def _newest_nominated(self) -> _Path | None:
        nominated = [p for p in self._paths.values() if p.is_checked and p.nominated_at is not None]
        return max(nominated, key=lambda p: p.nominated_at or 0.0, default=None)

    def _restarted_path(self, path: _Path | None, now: float) -> _Path | None:
        """The path that a restart has just nominated in place of this one, which an older one nominated."""
        if path is None or path.nominated_in in (None, self._session):
            return None
        newest = self._newest_nominated()
        if newest is None or newest.nominated_in is not self._session:
            return None
        return newest if now - (newest.nominated_at or 0.0) < MEDIA_STALE_S else None

    def _go_to(self, address: Address) -> None:
        if self.destination != address:
            self.destination = address
            self._sink.destination_changed(address)
