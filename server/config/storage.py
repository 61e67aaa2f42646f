"""Settings of storage: where data is stored, and the servers that share it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from server.common.setting_types import ApiKey, FilesUrl, Folder, NodeName, RedisUrl
from server.common.settings import BaseConfig, WebUrl

POSTGRES = "postgresql+asyncpg"
_DRIVERS = (POSTGRES, "sqlite+aiosqlite")
_DATABASE_OPTIONS = {
    POSTGRES: (
        *("host", "port", "user", "password", "database", "passfile", "service", "servicefile"),
        *("ssl", "sslmode", "target_session_attrs", "prepared_statement_cache_size"),
    ),
    _DRIVERS[1]: ("timeout", "cached_statements"),
}
"""Parameters of SQLAlchemy and of the drivers that take text. `sslmode` is libpq's name for asyncpg's
`ssl`."""


def _database_url(url: str) -> str:
    """The text does not show the URL, which may hold a password."""
    try:
        parsed = make_url(url) if url else None
    except (ArgumentError, ValueError):
        raise ValueError("is not a database URL, as postgresql+asyncpg://user:password@host/name") from None
    if parsed is None:
        return url
    if parsed.drivername not in _DRIVERS:
        raise ValueError(f"must start with {_DRIVERS[0]}:// or {_DRIVERS[1]}:///")
    if parsed.drivername == _DRIVERS[1] and (parsed.database or "").startswith("file:"):
        raise ValueError("must have the path of the file, without file:")
    _check_database_options(parsed)
    return url


def _check_database_options(url: URL) -> None:
    """An option that the driver does not know, or cannot read, would end the start with a traceback."""
    known = _DATABASE_OPTIONS[url.drivername]
    for name, value in url.query.items():
        if name not in known:
            raise ValueError(f"has the unknown option {name!r}; known are {', '.join(known)}")
        if not isinstance(value, str) and name not in {"host", "port"}:
            raise ValueError(f"has the option {name!r} more than once")
    try:
        url.get_dialect()().create_connect_args(url)
    except (ArgumentError, ValueError):
        raise ValueError("has an option with a wrong value") from None


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]


class StorageConfig(BaseConfig):
    data_dir: Folder = Field(
        Path("data"), description="folder of the database, recordings and generated secrets"
    )
    database_url: DatabaseUrl = Field("", description="SQLAlchemy URL; empty: SQLite in DATA_DIR")
    redis_url: RedisUrl = Field(
        "", description="Redis (or Valkey) of servers that share their rooms; empty: this server is alone"
    )
    node_name: NodeName = Field("", description="name of this server among those that share their rooms")
    node_url: WebUrl = Field(
        "", description="address at which clients reach this very server; empty: /n/NODE_NAME of the page"
    )
    internal_url: WebUrl = Field(
        "", description="address at which the other servers reach this one; empty: http://HOST:PORT"
    )
    files_url: FilesUrl = Field(
        "",
        description="place of recordings, as s3://bucket/folder?endpoint=https://host; empty: DATA_DIR",
    )
    files_key_id: ApiKey = Field(
        SecretStr(""), description="access key of FILES_URL; empty: AWS_ACCESS_KEY_ID, or the machine's role"
    )
    files_secret: ApiKey = Field(SecretStr(""), description="secret of FILES_KEY_ID")
    audio_ttl_days: int = Field(
        90, ge=0, le=36_500, description="days the audio of conversations with the tutor is kept; 0: forever"
    )

    @model_validator(mode="after")
    def _check_files(self) -> Self:
        if bool(self.files_key_id) != bool(self.files_secret):
            raise ValueError("PARLOR_FILES_KEY_ID and PARLOR_FILES_SECRET must be set together")
        return self

    @property
    def database(self) -> str:
        """URL of the database."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'parlor.db').as_posix()}"

    @property
    def url_for_clients(self) -> str | None:
        """Base of this server's own Socket.IO; None unless servers share their rooms."""
        if not self.redis_url:
            return None
        return self.node_url.rstrip("/") or f"/n/{self.node_name}"
