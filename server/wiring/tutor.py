"""Constructs the tutor's service: jobs for workers, and what is stored of conversations."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from server.common.durations import DAY_S
from server.config import Config
from server.protocol.agents import ListedServer
from server.rooms.tutor_events import TutorEvents
from server.storage import (
    AudioFiles,
    AudioObjects,
    SqlConversationStore,
    SqlProgressStore,
    database_name,
    open_bucket,
)
from server.tutor.ports import AudioStore
from server.tutor.server_list import ServerList
from server.tutor.service import Stores, TutorService
from server.wiring.common import CommonParts
from server.wiring.learning import LearningParts
from server.wiring.rooms import RoomParts


def tutor_of(
    common: CommonParts,
    rooms: RoomParts,
    learning: LearningParts,
    *,
    practised: Callable[[str], None],
    servers: Callable[[], Sequence[ListedServer]],
    has_died: Callable[[str], Awaitable[bool]],
) -> TutorService:
    """`practised` is told who has talked with the tutor. `servers`: those that workers serve. `has_died`:
    whether another server is known to be dead."""
    config, database = common.config, common.database
    stores = Stores(
        SqlConversationStore(database, common.node_id),
        SqlProgressStore(database),
        _audio_store(config),
        common.users,
        learning.memories,
        learning.classes,
    )
    return TutorService(
        TutorEvents(rooms.open_rooms, rooms.effects),
        common.connections.workers,
        stores,
        common.metrics.registry,
        time.time,
        audio_ttl_s=config.audio_ttl_days * DAY_S,
        servers=ServerList(config.node_name if common.shared else "", servers),
        run_shared=common.runs.run,
        practised=practised,
        has_died=has_died,
    )


def _audio_store(config: Config) -> AudioStore:
    database = database_name(config.database, config.data_dir)
    if not config.files_url:
        return AudioFiles(config.data_dir / "audio", database)
    key_id, secret = (s.get_secret_value() for s in (config.files_key_id, config.files_secret))
    return AudioObjects(open_bucket(config.files_url, key_id, secret), database)
