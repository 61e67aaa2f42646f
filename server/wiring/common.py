"""Constructs what the other parts are built on: secrets, database, bus, connections, sessions."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from server.api.clients import OriginPolicy, client_ip
from server.api.devices import Devices
from server.api.services import Health
from server.auth import TokenAuth, load_secret
from server.cluster.memory import MemoryBus
from server.common.shared_limiter import SharedBuckets
from server.config import Config
from server.errors import StartupError
from server.metrics import Metrics
from server.moderation.gate import Gate
from server.readiness import Readiness
from server.rooms.ports import Bus
from server.sessions import Sessions
from server.shared_runs import SharedRuns
from server.signalling import Connections, SignallingOptions
from server.storage import Database, SqlSanctionStore, SqlSessionStore, SqlStoredValues, SqlUserStore
from server.wiring.cluster import Shared, shared_state
from server.wiring.options import signalling_options


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonParts:
    """`secret` signs tokens; `agent_token` is the service token of the tutor workers. `shared` is None for a
    server that shares no rooms with others. `options` are those of `connections`."""

    config: Config
    node_id: str
    secret: str
    agent_token: str
    metrics: Metrics
    shared: Shared | None
    devices: Devices
    origins: OriginPolicy
    database: Database
    users: SqlUserStore
    readiness: Readiness
    health: Health
    options: SignallingOptions
    connections: Connections
    bus: Bus
    sessions: Sessions
    runs: SharedRuns

    @property
    def buckets(self) -> SharedBuckets | None:
        """Rate limits that hold over all servers; None for one that shares no rooms."""
        return self.shared.buckets if self.shared else None


def new_node_id(config: Config) -> str:
    """Return an id for one start of the server: its name, and a random part."""
    return "-".join(filter(None, (config.node_name, secrets.token_hex(4))))


def common_parts(config: Config, node_id: str) -> CommonParts:
    """Raises StartupError."""
    metrics = Metrics()
    secret = _secret(config, config.secret.get_secret_value(), "secret")
    shared = shared_state(config, secret, node_id, metrics.registry) if config.redis_url else None
    agent_token = _secret(config, config.agent_token.get_secret_value(), "agent-token")
    origins = OriginPolicy(config.public_url, config.allowed_origins)
    database = Database(config.database)
    users = SqlUserStore(database)
    readiness = Readiness(database.probe, time.monotonic)
    options = signalling_options(config)
    bus: Bus = shared.bus if shared else MemoryBus()
    return CommonParts(
        config=config,
        node_id=node_id,
        secret=secret,
        agent_token=agent_token,
        metrics=metrics,
        shared=shared,
        devices=Devices(secret, config.trusted_proxies, is_https=config.public_url.startswith("https://")),
        origins=origins,
        database=database,
        users=users,
        readiness=readiness,
        health=Health(node_id, readiness.check, "starting"),
        options=options,
        connections=Connections(
            options,
            origin_allowed=lambda origin, request: origins.allows(origin, request.host),
            client_ip=lambda request: client_ip(request, config.trusted_proxies),
        ),
        bus=bus,
        sessions=Sessions(
            TokenAuth(secret, config.token_ttl_s),
            SqlSessionStore(database),
            users,
            bus,
            time.time,
            Gate(SqlSanctionStore(database), time.time, config.contact),
        ),
        runs=SharedRuns(database.lock, SqlStoredValues(database), time.time),
    )


def _secret(config: Config, configured: str, name: str) -> str:
    try:
        return load_secret(config.data_dir, configured, name)
    except (OSError, ValueError) as error:
        raise StartupError(str(error)) from error
