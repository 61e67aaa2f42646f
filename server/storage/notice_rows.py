"""Notices as rows."""

from __future__ import annotations

import logging

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import RowMapping

from server.notices.model import StoredNotice
from server.protocol.notices import NoticeBody

_BODY: TypeAdapter[NoticeBody] = TypeAdapter(NoticeBody)
_log = logging.getLogger(__name__)


def notice_of(row: RowMapping) -> StoredNotice | None:
    """None for a notice of a later version that runs beside this one."""
    try:
        body = _BODY.validate_python(row["body"])
    except ValidationError:
        _log.debug("a notice of a kind that this version does not know")
        return None
    return StoredNotice(row["id"], row["user_id"], body, row["at"], row["key"], row["read_at"])
