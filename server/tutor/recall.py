"""Reads what the tutor remembers of a job's learner, within the time that the start of a job may take."""

from __future__ import annotations

import asyncio
import logging

from server.errors import ParlorError
from server.protocol.memory import Memory
from server.rooms.tutor_ports import JobSpec
from server.tutor.ports import LearnerMemory

_WITHIN_S = 3.0
_log = logging.getLogger(__name__)


async def recall(source: LearnerMemory, spec: JobSpec) -> Memory | None:
    """None unless one learner is alone with the tutor. Never raises: a store that does not answer in time
    costs the memory, not the tutor."""
    if spec.learner_id is None:
        return None
    try:
        async with asyncio.timeout(_WITHIN_S):
            return await source.recall(spec.learner_id, spec.settings.language, spec.conversation_id)
    except (ParlorError, TimeoutError) as error:
        _log.error("job starts without memory: %s", getattr(error, "code", "timeout"))
        return None
