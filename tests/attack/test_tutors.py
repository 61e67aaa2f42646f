"""Learners who harm the worker of the tutor, or the lessons of others."""

from __future__ import annotations

import psutil
import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import lessons

_THREADS = 8
"""More than before: of asyncio's pool, and of a recording that is encoded."""
_GROWTH_BYTES = 30_000_000
_PLACES = 4
"""Fewer than a worker has by default: two cores serve more only while most of the learners are silent."""

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def settings() -> dict[str, str]:
    return {"AGENTS": "1"}


async def test_learners_who_leave_in_mid_answer_cost_nobody_their_sound(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(lessons.leave_in_mid_answer, turns=4)
    assert facts["kept"] == facts["messages"] == 5
    assert facts["left"] >= 3
    assert "Traceback" not in own_arena.server.output()  # a busy machine's engines may time out, and log it


async def test_answers_without_a_pause_leave_neither_threads_nor_memory(own_arena: Arena) -> None:
    await own_arena.attack(lessons.many_answers, turns=3)
    worker = own_arena.worker()
    assert worker is not None
    before = _holdings(worker)
    await own_arena.unharmed_by(lessons.many_answers, turns=8)
    after = _holdings(worker)
    print(f"threads and bytes: {before} -> {after}")
    assert after[0] <= before[0] + _THREADS
    assert after[1] <= before[1] + _GROWTH_BYTES
    assert "Traceback" not in own_arena.server.output()  # a busy machine's engines may time out, and log it


@pytest.mark.parametrize("settings", [{"AGENTS": "1", "TUTOR_CAPACITY": str(_PLACES)}])
async def test_one_address_cannot_have_all_tutors(own_arena: Arena) -> None:
    facts = await own_arena.assert_unharmed(
        lambda: own_arena.attack(lessons.all_tutors, places=_PLACES), attempts=1
    )
    assert facts["crowd"] == _PLACES
    assert facts["neighbour"] < 30
    assert facts["elsewhere"] < 30
    assert any("tutor leaves for people who have fewer" in line for line in own_arena.lines())


def _holdings(worker: psutil.Process) -> tuple[int, int]:
    return worker.num_threads(), int(worker.memory_full_info().uss)
