"""The text of `python -m server.cluster status`."""

from __future__ import annotations

from collections.abc import Sequence

from server.cluster.nodes import Seen
from server.cluster.verdicts import LEASE_ENDS_AFTER_S, SILENT_AFTER_S
from server.storage.cluster_status import Stored


def as_text(seen: Sequence[Seen] | None, stored: Stored | None) -> str:
    """Two tables. `seen` is None without Redis, `stored` without PostgreSQL: then their columns show `?`."""
    beats = {s.info.id: s for s in seen or ()}
    leases = {node.id: node.lease_age_s for node in stored.nodes} if stored else {}
    counts = stored.room_counts if stored else {}
    servers = [["server", "status", "beat", "lease", "rooms", "internal address"]]
    for node_id in sorted({*beats, *leases, *filter(None, counts)}):
        beat, lease = beats.get(node_id), leases.get(node_id)
        servers.append(
            [
                node_id,
                _status(beat, is_known=seen is not None),
                _age(beat.age_s if beat else None, is_known=seen is not None),
                _age(lease, is_known=stored is not None),
                str(counts.get(node_id, 0)) if stored else "?",
                beat.info.internal_url if beat else "-",
            ]
        )
    rooms = [["room", "owner", "epoch", "seats", "age"]]
    for room in stored.rooms if stored else ():
        is_alive = _is_alive(leases.get(room.owner), beats.get(room.owner))
        owner = room.owner if is_alive else f"{room.owner or 'nobody'} (gone)"
        rooms.append([room.id, owner, str(room.epoch), str(room.seats), _age(room.age_s, is_known=True)])
    total = sum(counts.values()) if stored else "?"
    shown = f"{total} rooms" if len(rooms) - 1 == total else f"{total} rooms, {len(rooms) - 1} shown"
    return f"{_table(servers)}\n{shown}\n{_table(rooms)}"


def _is_alive(lease_age_s: float | None, beat: Seen | None) -> bool:
    has_lease = lease_age_s is not None and lease_age_s < LEASE_ENDS_AFTER_S
    return has_lease or (beat is not None and beat.age_s <= SILENT_AFTER_S)


def _status(beat: Seen | None, *, is_known: bool) -> str:
    if not is_known:
        return "?"
    if beat is None:
        return "no beat"
    return beat.info.status if beat.age_s <= SILENT_AFTER_S else f"silent ({beat.info.status})"


def _age(age_s: float | None, *, is_known: bool) -> str:
    if not is_known:
        return "?"
    if age_s is None:
        return "-"
    return f"{age_s:.1f} s" if age_s < 100 else f"{age_s / 60:.0f} min"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)
