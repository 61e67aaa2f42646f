"""The ICE-lite agent on virtual time, against a client that is a few lines of STUN."""

from __future__ import annotations

from dataclasses import dataclass, field

from aioice import stun as wire

from server.sfu.data_plane import TCP, Consent, Path
from server.sfu.transport import stun
from server.sfu.transport.ice import MAX_PATHS, STREAM_IDLE_S, Credentials, IceLite

HOME = Path(("192.0.2.1", 5000))
MOBILE = Path(("198.51.100.7", 6000))
CLIENT = Credentials("client", "the-password-of-the-client")


@dataclass
class Net:
    """Records the effects of the agent."""

    sent: list[tuple[bytes, Path]] = field(default_factory=list)
    open: set[Path] = field(default_factory=set)
    checked: set[Path] = field(default_factory=set)
    destinations: list[Path | None] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    consents: list[Consent | None] = field(default_factory=list)
    expected: set[bytes] = field(default_factory=set)

    def send_stun(self, datagram: bytes, path: Path) -> None:
        self.sent.append((datagram, path))

    def expect_response(self, transaction_id: bytes) -> None:
        self.expected.add(transaction_id)

    def forget_response(self, transaction_id: bytes) -> None:
        self.expected.discard(transaction_id)

    def path_opened(self, path: Path) -> None:
        self.open.add(path)

    def path_checked(self, path: Path) -> None:
        self.checked.add(path)

    def path_closed(self, path: Path) -> None:
        self.open.discard(path)
        self.checked.discard(path)

    def destination_changed(self, path: Path | None) -> None:
        self.destinations.append(path)

    def consent_changed(self, consent: Consent | None) -> None:
        self.consents.append(consent)

    def ufrag_retired(self, ufrag: str) -> None:
        self.retired.append(ufrag)

    def take(self, kind: stun.Kind) -> list[tuple[stun.Binding, Path]]:
        """Return what was sent of one kind, which then counts as delivered."""
        parsed = [(stun.parse(datagram), path) for datagram, path in self.sent]
        self.sent = [
            s for s, (b, _) in zip(self.sent, parsed, strict=True) if b is None or b.kind is not kind
        ]
        return [(b, a) for b, a in parsed if b is not None and b.kind is kind]


class Rig:
    def __init__(self, *, answered: bool = True) -> None:
        self.net = Net()
        self.now = 100.0
        self.agent = IceLite(self.net, self.now)
        self.remote = CLIENT
        if answered:
            self.agent.set_remote(CLIENT, self.now)

    def check(
        self,
        path: Path,
        *,
        nominates: bool = False,
        local: Credentials | None = None,
        password: str = "",
    ) -> bool:
        """A connectivity check of the client."""
        ours = local or self.agent.local
        message = wire.Message(
            wire.Method.BINDING,
            wire.Class.REQUEST,
            attributes={"USERNAME": f"{ours.ufrag}:{self.remote.ufrag}"},
        )
        if nominates:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((password or ours.password).encode())
        binding = stun.parse(bytes(message))
        assert binding is not None
        return self.agent.on_request(binding, ours.ufrag, path, self.now)

    def answer_checks(self, *, only: Path | None = None, source: Path | None = None) -> int:
        """The client answers the requests it got. `source`: the answer's source, if another than the
        requests' target."""
        requests = self.net.take(stun.Kind.REQUEST)
        for request, path in requests:
            if only is None or path == only:
                answer = stun.parse(
                    stun.success(request.transaction_id, ("192.0.2.9", 1), self.remote.password)
                )
                assert answer is not None
                self.agent.on_response(answer, source or path, self.now)
        return len(requests)

    def settle(self, path: Path, *, nominates: bool = True) -> None:
        assert self.check(path, nominates=nominates)
        self.answer_checks(only=path)

    def pass_time(self, seconds: float, step: float = 0.05) -> None:
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now = min(end, self.now + step)
            self.agent.tick(self.now)


def test_a_check_is_answered_with_our_password() -> None:
    rig = Rig()
    assert rig.check(HOME)
    [(response, path)] = rig.net.take(stun.Kind.SUCCESS)
    assert path == HOME
    assert response.is_signed_with(rig.agent.local.password)


def test_a_wrong_password_is_not_answered() -> None:
    rig = Rig()
    assert not rig.check(HOME, password="guessed")
    assert not rig.net.sent
    assert not rig.net.open


def test_a_check_for_another_client_of_ours_is_refused() -> None:
    rig = Rig()
    rig.remote = Credentials("somebody-else", CLIENT.password)
    assert not rig.check(HOME)


def test_a_path_counts_only_after_it_answered_our_check() -> None:
    rig = Rig()
    rig.check(HOME, nominates=True)
    assert rig.agent.destination is None
    assert not rig.agent.has_checked(HOME)
    rig.answer_checks()
    assert rig.agent.has_checked(HOME)
    assert rig.net.destinations == [HOME]


def test_an_answer_on_another_path_does_not_check_the_path() -> None:
    rig = Rig()
    rig.check(HOME)
    rig.answer_checks(source=MOBILE)
    assert not rig.agent.has_checked(HOME)
    assert not rig.agent.has_checked(MOBILE)


def test_an_answer_with_the_wrong_password_does_not_check_the_path() -> None:
    rig = Rig()
    rig.check(HOME)
    rig.remote = Credentials(CLIENT.ufrag, "not-the-password")
    rig.answer_checks()
    assert not rig.agent.has_checked(HOME)


def test_a_request_that_overtakes_the_answer_is_checked_when_the_answer_comes() -> None:
    rig = Rig(answered=False)
    assert rig.check(HOME, nominates=True)
    assert not rig.net.take(stun.Kind.REQUEST)
    rig.agent.set_remote(CLIENT, rig.now)
    assert rig.answer_checks() == 1
    assert rig.agent.destination == HOME


def test_a_lost_check_is_repeated_a_few_times() -> None:
    rig = Rig()
    rig.check(HOME)
    rig.net.take(stun.Kind.REQUEST)
    rig.pass_time(0.06)
    assert len(rig.net.take(stun.Kind.REQUEST)) == 1
    rig.pass_time(4.5)
    assert len(rig.net.take(stun.Kind.REQUEST)) == 4
    rig.pass_time(1.0)
    assert not rig.net.open
    assert not rig.net.expected


def test_audio_is_never_aimed_at_a_third_party() -> None:
    # A participant claims a victim's path with valid credentials: the victim answers nothing.
    rig = Rig()
    rig.settle(HOME)
    for _ in range(20):
        rig.check(MOBILE, nominates=True)
        rig.pass_time(0.1)
    rig.agent.on_media(MOBILE, rig.now)
    assert set(rig.net.destinations) == {HOME}


def test_forged_paths_do_not_replace_the_one_in_use() -> None:
    rig = Rig()
    rig.settle(HOME)
    for port in range(200):
        rig.check(Path(("203.0.113.5", 1024 + port)))
    assert rig.agent.has_checked(HOME)
    assert len(rig.net.open) <= MAX_PATHS
    assert len(rig.net.expected) <= MAX_PATHS


def test_a_fifth_path_replaces_the_longest_unused() -> None:
    rig = Rig()
    paths = [Path(("192.0.2.1", 5000 + i)) for i in range(5)]
    for path in paths[:4]:
        rig.settle(path)
        rig.now += 0.1
    rig.settle(paths[4])
    assert not rig.agent.has_checked(paths[4])  # all four are in use
    rig.now += 3
    rig.settle(paths[4])
    assert rig.agent.has_checked(paths[4])
    assert not rig.agent.has_checked(paths[0])


def test_connections_over_tcp_take_no_places_of_udp() -> None:
    rig = Rig()
    for port in range(MAX_PATHS + 1):
        rig.settle(Path(("192.0.2.1", port + 1), TCP))
    assert len(rig.net.checked) == MAX_PATHS
    rig.now += 0.1
    rig.settle(HOME)
    assert rig.agent.has_checked(HOME)
    assert rig.agent.destination == HOME


def test_a_connection_over_tcp_without_consent_is_closed_and_a_udp_path_kept() -> None:
    rig = Rig()
    over_tcp = Path(HOME.remote, TCP)
    rig.settle(over_tcp)
    rig.settle(HOME, nominates=False)
    rig.now += STREAM_IDLE_S
    rig.agent.tick(rig.now)
    assert not rig.agent.has_checked(over_tcp)
    assert rig.agent.has_checked(HOME)
    assert rig.net.destinations == [over_tcp, None, HOME]


def test_before_media_the_downlink_follows_the_newest_nomination() -> None:
    rig = Rig()
    rig.settle(HOME, nominates=False)
    rig.now += 0.1
    rig.settle(MOBILE, nominates=True)
    assert rig.net.destinations == [HOME, MOBILE]


def test_the_downlink_follows_media() -> None:
    rig = Rig()
    rig.settle(HOME)
    rig.settle(MOBILE, nominates=False)
    rig.agent.on_media(MOBILE, rig.now)
    assert rig.agent.destination == MOBILE
    rig.check(HOME, nominates=True)
    assert rig.agent.destination == MOBILE  # media is fresh
    rig.now += 1.5
    rig.check(HOME, nominates=True)
    assert rig.agent.destination == HOME  # it has stopped: the nomination counts


def test_a_restart_keeps_the_old_credentials_until_the_new_ones_work() -> None:
    rig = Rig()
    rig.settle(HOME)
    old = rig.agent.local
    new = rig.agent.restart()
    assert set(rig.agent.ufrags) == {old.ufrag, new.ufrag}
    assert rig.check(HOME, local=old)
    rig.remote = Credentials("client2", "the-new-password-of-the-client")
    rig.agent.set_remote(rig.remote, rig.now)
    assert rig.net.retired == []
    rig.now += 0.1
    rig.settle(MOBILE)
    assert rig.net.retired == [old.ufrag]
    assert not rig.check(HOME, local=old)
    assert rig.agent.destination == MOBILE
    assert rig.agent.has_checked(HOME)  # SRTP that is under way from there is still taken


def test_the_nomination_of_a_restart_precedes_media_on_the_old_path() -> None:
    rig = Rig()
    rig.settle(HOME)
    rig.agent.on_media(HOME, rig.now)
    rig.agent.restart()
    rig.remote = Credentials("client2", "the-new-password-of-the-client")
    rig.agent.set_remote(rig.remote, rig.now)
    rig.now += 0.1
    rig.settle(MOBILE, nominates=False)
    assert rig.agent.destination == HOME
    rig.check(MOBILE, nominates=True)
    assert rig.agent.destination == MOBILE
    rig.agent.on_media(HOME, rig.now)  # overtaken on the way
    assert rig.agent.destination == MOBILE


def test_a_restart_is_answered_once_the_downlink_can_follow() -> None:
    """Firefox nominates with its first check, and closes the old socket as soon as that is answered."""
    rig = Rig()
    rig.settle(HOME)
    rig.agent.restart()
    rig.remote = Credentials("client2", "the-new-password-of-the-client")
    rig.agent.set_remote(rig.remote, rig.now)
    rig.net.take(stun.Kind.SUCCESS)
    rig.now += 0.1
    rig.check(MOBILE, nominates=True)
    assert rig.net.take(stun.Kind.SUCCESS) == []
    rig.answer_checks(only=MOBILE)
    assert [path for _, path in rig.net.take(stun.Kind.SUCCESS)] == [MOBILE]
    assert rig.agent.destination == MOBILE


def test_after_a_restart_whose_new_path_falls_silent_the_downlink_follows_media_again() -> None:
    rig = Rig()
    rig.settle(HOME)
    rig.agent.restart()
    rig.remote = Credentials("client2", "the-new-password-of-the-client")
    rig.agent.set_remote(rig.remote, rig.now)
    rig.settle(MOBILE)
    rig.now += 1.5
    rig.agent.on_media(HOME, rig.now)
    assert rig.agent.destination == HOME


def test_unused_restarts_do_not_accumulate() -> None:
    rig = Rig()
    rig.settle(HOME)
    for _ in range(10):
        rig.agent.restart()
    assert len(rig.agent.ufrags) == 2
    assert len(rig.net.retired) == 9


def test_a_quiet_client_is_probed_and_its_answer_counts_as_life() -> None:
    rig = Rig()
    rig.settle(HOME)
    alive = rig.agent.alive_at
    rig.pass_time(2.5)
    assert rig.agent.alive_at == alive
    assert rig.answer_checks() >= 1
    assert rig.agent.alive_at == rig.now


def test_a_path_that_another_peer_has_taken_is_released() -> None:
    rig = Rig()
    rig.settle(HOME)
    rig.agent.on_lost(HOME, rig.now)
    assert rig.agent.destination is None
    assert rig.net.destinations == [HOME, None]


def test_closing_releases_everything() -> None:
    rig = Rig()
    rig.settle(HOME)
    rig.check(MOBILE)
    rig.agent.restart()
    ufrags = set(rig.agent.ufrags)
    rig.agent.close()
    assert not rig.net.open
    assert not rig.net.expected
    assert set(rig.net.retired) == ufrags
    assert rig.net.destinations[-1] is None


def test_credentials_of_checks_are_passed_on_except_during_a_restart() -> None:
    rig = Rig(answered=False)
    assert rig.net.consents == []
    rig.agent.set_remote(CLIENT, rig.now)
    rig.settle(HOME)
    first = rig.agent.local
    assert rig.net.consents == [Consent(f"{first.ufrag}:client", first.password)]
    second = rig.agent.restart()
    rig.agent.restart()  # replaces one that nobody has used
    assert rig.net.consents[1:] == [None]
    third = rig.agent.local
    rig.agent.set_remote(CLIENT, rig.now)
    rig.settle(HOME)
    assert rig.net.consents[2:] == [Consent(f"{third.ufrag}:client", third.password)]
    assert len({first.password, second.password, third.password}) == 3


def test_a_check_answered_by_the_data_plane_keeps_the_peer_alive() -> None:
    rig = Rig()
    rig.settle(HOME)
    for _ in range(8):
        rig.pass_time(1.0)
        rig.agent.on_checked(HOME, rig.now, nominates=False)
    assert rig.agent.alive_at == rig.now
    assert rig.net.take(stun.Kind.REQUEST) == [], "no peer needs a probe"


def test_a_check_on_an_unchecked_path_does_not_count() -> None:
    rig = Rig()
    rig.settle(HOME)
    assert rig.check(MOBILE)  # the client has yet to answer ours
    alive = rig.agent.alive_at
    rig.now += 1.0
    for stranger in (MOBILE, Path(("203.0.113.9", 1))):
        rig.agent.on_checked(stranger, rig.now, nominates=True)
    assert rig.agent.alive_at == alive
    assert rig.agent.destination == HOME


def test_the_newest_nomination_counts_whichever_side_answered_it() -> None:
    rig = Rig()
    rig.settle(HOME)
    rig.now += 1.0
    rig.settle(MOBILE)
    assert rig.agent.destination == MOBILE
    rig.now += 1.0
    rig.agent.on_checked(HOME, rig.now, nominates=True)
    assert rig.agent.destination == HOME
    rig.agent.on_checked(MOBILE, rig.now, nominates=False)
    assert rig.agent.destination == HOME
