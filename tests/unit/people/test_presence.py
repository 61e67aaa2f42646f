"""A person sees which friends are online, over several servers on one bus."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from server.cluster import MemoryBus
from server.people.changes import PeopleChanges
from server.people.model import Followed, Position
from server.people.presence import ASK_TOPIC, EVERY_S, PRESENCE_TOPIC, FriendPresence
from server.rooms.ports import HELLO_TOPIC


class Friends:
    """`of`: the friends of each person."""

    def __init__(self) -> None:
        self.of: dict[str, set[str]] = {}

    async def friends_of(self, user_ids: Collection[str]) -> frozenset[str]:
        return frozenset(friend for user_id in user_ids for friend in self.of.get(user_id, ()))

    async def follow(self, user_id: str, other_id: str, now: float, limit: int) -> Followed:
        raise NotImplementedError

    async def unfollow(self, user_id: str, other_id: str) -> bool:
        raise NotImplementedError

    async def are_friends(self, user_id: str, other_id: str) -> bool:
        raise NotImplementedError

    async def friend_positions(self, user_id: str, after: Position | None, limit: int) -> Sequence[Position]:
        raise NotImplementedError


class Server:
    """`here`: the people of this server who let friends see where they are. `told`: whose pages were told."""

    def __init__(self, servers: Servers, name: str) -> None:
        self.here: dict[str, str | None] = {}
        self.told: list[str] = []
        self.presence = FriendPresence(
            servers.bus,
            name,
            lambda: dict(self.here),
            servers.friends,
            PeopleChanges(servers.bus, self.told.append),
            lambda: servers.now,
        )


class Servers:
    def __init__(self) -> None:
        self.now = 100.0
        self.bus = MemoryBus()
        self.friends = Friends()
        self.sent: list[dict[str, object]] = []
        self.bus.subscribe(PRESENCE_TOPIC, lambda payload: self.sent.append(dict(payload)))
        self.all: list[Server] = []

    def add(self, name: str) -> Server:
        self.all.append(Server(self, name))
        return self.all[-1]

    async def tick(self, seconds: float = EVERY_S) -> None:
        for _ in range(round(seconds / EVERY_S)):
            self.now += EVERY_S
            for server in self.all:
                server.presence.tick()
                await server.presence.settled()


async def test_every_server_knows_who_is_online_and_where_and_tells_their_friends() -> None:
    servers = Servers()
    one, two = servers.add("one"), servers.add("two")
    servers.friends.of = {"ann": {"ben", "cem"}}
    one.here = {"ann": None}
    await servers.tick()
    assert two.presence.all() == one.presence.all() == {"ann": None}
    assert two.told == one.told == ["ben", "cem"]
    two.here = {"ann": "r1"}  # the room is on the other server, her page on this one
    await servers.tick()
    assert one.presence.all() == {"ann": "r1"}
    assert one.told == ["ben", "cem"] * 2
    await servers.tick()
    assert one.told == ["ben", "cem"] * 2, "nothing has changed"


async def test_a_reload_shows_nobody_as_gone_but_the_room_ends_at_once() -> None:
    servers = Servers()
    one, two = servers.add("one"), servers.add("two")
    one.here = {"ann": "r1"}
    await servers.tick()
    one.here = {}
    await servers.tick()
    assert two.presence.all() == {"ann": None}
    one.here = {"ann": "r1"}
    await servers.tick()
    assert two.presence.all() == {"ann": "r1"}
    one.here = {}
    await servers.tick(12.0)
    assert two.presence.all() == {}


async def test_who_chooses_to_show_nothing_is_gone_at_the_next_tick() -> None:
    servers = Servers()
    one, two = servers.add("one"), servers.add("two")
    one.here = {"ann": "r1", "ben": None}
    await servers.tick()
    one.here = {"ben": None}
    one.presence.hide("ann")
    await servers.tick()
    assert two.presence.all() == {"ben": None}


async def test_a_server_that_has_missed_a_message_asks_and_one_that_starts_is_told() -> None:
    servers = Servers()
    one = servers.add("one")
    one.here = {"ann": "r1"}
    await servers.tick()
    two = servers.add("two")
    servers.bus.publish(HELLO_TOPIC, {"node": "two"})
    await servers.tick()
    assert two.presence.all() == {"ann": "r1"}
    asked: list[object] = []
    servers.bus.subscribe(ASK_TOPIC, asked.append)
    lost = {"node": "one", "version": 7, "online": {"ben": None}, "gone": []}
    servers.bus.publish(PRESENCE_TOPIC, lost)  # those between were lost
    assert asked
    one.here = {"ann": "r1", "ben": None, "cem": None}
    await servers.tick(2 * EVERY_S)
    assert two.presence.all() == {"ann": "r1", "ben": None, "cem": None}


async def test_people_of_a_server_that_has_ended_are_dropped() -> None:
    servers = Servers()
    one, two = servers.add("one"), servers.add("two")
    one.here = {"ann": None}
    two.here = {"ben": None}
    await servers.tick()
    servers.all.remove(one)
    await servers.tick(40.0)
    assert two.presence.all() == {"ben": None}


async def test_messages_of_another_version_are_ignored() -> None:
    servers = Servers()
    one = servers.add("one")
    one.here = {"ann": None}
    await servers.tick()
    for payload in ({}, {"node": "two"}, {"node": "two", "version": 1, "all": {"eva": 7}, "online": 3}):
        servers.bus.publish(PRESENCE_TOPIC, payload)
    assert one.presence.all() == {"ann": None, "eva": None}
