from __future__ import annotations

import pytest

from server.cluster.nodes import NodeInfo, Seen
from server.cluster.status import as_text
from server.storage.cluster_status import Stored, StoredNode, StoredRoom

N1 = NodeInfo("n1-a", "/n/n1", "http://n1", "f", "ok")
ROOM = StoredRoom("r1", N1.id, 1, 2, 30.0)


@pytest.mark.parametrize(
    ("lease_age_s", "beat_age_s", "is_gone"),
    [(0.0, None, False), (14.0, None, False), (16.0, None, True), (16.0, 1.0, False), (59.0, 59.0, True)],
)
def test_a_room_whose_server_has_neither_a_lease_nor_a_fresh_beat_is_shown_as_ownerless(
    lease_age_s: float, beat_age_s: float | None, *, is_gone: bool
) -> None:
    seen = [] if beat_age_s is None else [Seen(N1, beat_age_s)]
    text = as_text(seen, Stored([StoredNode(N1.id, lease_age_s)], [ROOM], {N1.id: 1}))
    assert ("(gone)" in text) is is_gone
