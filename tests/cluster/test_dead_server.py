"""A server that dies while people talk: they hear each other again, in their seats, muted if they were."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack

from tests.fakes.cluster import Cluster
from tests.fakes.roaming import everybody_hears, everybody_is_back, open_group
from tests.fakes.rtc import Pacer

HEARD_AGAIN_WITHIN_S = 8.0
"""A limit for loaded machines; `tests.bench.cluster` measures."""


async def test_people_of_a_killed_server_hear_each_other_again_in_their_seats(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        group = await open_group(stack, cluster, pacer, "n1", 4, 3)
        people, talking, muted = group.people, group.talking, group.people[3]
        await everybody_hears(people, talking, 10.0)
        seats, owner, host = group.seats, people[0].node_id, people[0].rtc.joined["room"]["hostId"]
        assert {person.node_id for person in people} == {owner}
        assert owner.startswith("n1-")

        killed_ns = time.time_ns()
        await cluster.nodes["n1"].kill()
        await everybody_is_back(people, HEARD_AGAIN_WITHIN_S)
        heard_ns = await everybody_hears(people, talking, HEARD_AGAIN_WITHIN_S)
        print(f"heard each other again after {(heard_ns - killed_ns) / 1e9:.2f} s")

        assert group.seats == seats
        assert len({person.node_id for person in people}) == 1
        assert people[0].node_id != owner
        assert [person.me["isMuted"] for person in people] == [False, False, False, True]
        assert muted.me["isMuted"]
        assert people[0].rtc.joined["room"]["hostId"] == host
        for name in ("n2", "n3"):
            assert cluster.nodes[name].complaints() == []
