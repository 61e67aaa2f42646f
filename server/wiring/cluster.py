"""Constructs and connects the parts of a server that shares its rooms with others."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry

from server.api.services import Health
from server.cluster.load import LoadMeter, Usage
from server.cluster.member import Member, RoomsHere
from server.cluster.metrics import ClusterMetrics
from server.cluster.redis_bus import RedisBus
from server.cluster.redis_limits import RedisBuckets
from server.cluster.redis_link import RedisLink
from server.config import Config
from server.protocol.agents import ListedServer
from server.rooms.runtime import OpenRooms
from server.rooms.service import RoomsService
from server.storage import SqlRoomStore
from server.wiring.options import signalling_options


@dataclass(frozen=True, slots=True)
class Shared:
    """The state that this server shares with others in Redis."""

    link: RedisLink
    bus: RedisBus
    buckets: RedisBuckets
    metrics: ClusterMetrics


def shared_state(config: Config, secret: str, node_id: str, registry: CollectorRegistry) -> Shared:
    url, metrics = config.redis_url, ClusterMetrics(registry, time.monotonic)
    bus = RedisBus(url, secret, node_id, observe_lag=metrics.bus_lag, observe_drop=metrics.bus_dropped)
    buckets = RedisBuckets(url, secret, observe=metrics.limited)
    return Shared(RedisLink(url, secret), bus, buckets, metrics)


def member_of_cluster(
    config: Config,
    secret: str,
    health: Health,
    rooms: RoomsService,
    open_rooms: OpenRooms,
    store: SqlRoomStore,
    *,
    shared: Shared,
) -> Member:
    return Member(
        shared.link,
        shared.bus,
        shared.buckets,
        secret,
        node_id=health.node_id,
        url=config.url_for_clients or "",
        internal_url=config.internal_url,
        status=lambda: health.status,
        owners=store,
        rooms=RoomsHere(
            find_elsewhere=open_rooms.find_elsewhere,
            adopt=rooms.upkeep.adopt,
            find_lost=rooms.upkeep.find_lost,
            in_doubt=rooms.moves.in_doubt,
            hand_over=rooms.moves.hand_over,
        ),
        load=LoadMeter(partial(_usage, config, open_rooms), time.monotonic).load,
        clock=time.monotonic,
        metrics=shared.metrics,
    )


def _usage(config: Config, open_rooms: OpenRooms) -> Usage:
    """Call it in the thread of the event loop. Nearly all other CPU time is that of the media threads."""
    loop_s, rooms = time.thread_time(), open_rooms.all()
    return Usage(
        loop_s=loop_s,
        media_s=max(0.0, time.process_time() - loop_s) / config.media_threads,
        people=sum(len(opened.room.people) for opened in rooms) / signalling_options(config).max_sockets,
        rooms=len(rooms) / config.max_rooms,
    )


def servers_for_workers(cluster: Member | None) -> list[ListedServer]:
    """Servers that take rooms: one that drains gives its own away."""
    live = cluster.beats.log.live(time.monotonic()) if cluster is not None else ()
    return [
        ListedServer(name=info.name, url=info.url, internal_url=info.internal_url)
        for info in live
        if info.status == "ok" and info.internal_url
    ]


async def has_died(cluster: Member | None, node_id: str) -> bool:
    """Whether another server is known to be dead. Servers that share no rooms cannot ask each other."""
    return cluster is not None and await cluster.takeover.has_died(node_id)
