"""Who hosts a room when its host is gone."""

from __future__ import annotations

from collections.abc import Sequence


def heir(host_id: str, present: Sequence[str], host_expected: bool) -> str | None:
    """The user who becomes host, or None if nothing changes.

    `present` are the people with a seat, longest-present first; a held seat counts, so a host who lost the
    connection stays host until the seat is given up. `host_expected`: the host may be about to arrive.
    """
    if not present or host_id in present or host_expected:
        return None
    return present[0]
