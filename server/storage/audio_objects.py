"""The audio of messages in an object store with S3's interface, which all nodes share."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qs, urlsplit

from server.errors import StartupError, Unavailable
from server.storage.audio import FRESH_S, OWNER_NAME, PIECE, message_id_of, object_name

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

_WITHIN = timedelta(seconds=10)
"""Limit of one request. A failed one is tried once more."""
_DELETED_AT_ONCE = 1_000
"""The most that S3 takes in one request."""


def open_bucket(url: str, key_id: str, secret: str) -> S3Store:
    """`url`: s3://bucket/folder?endpoint=https://host&region=name, of which only the bucket is needed.
    Without a key those of the environment (AWS_ACCESS_KEY_ID and others) or of the machine's role count.
    Asks nothing of the network. Raises StartupError.
    """
    try:
        from obstore.store import S3Store  # noqa: PLC0415 - of the extra `s3`
    except ModuleNotFoundError:
        raise StartupError(
            "PARLOR_FILES_URL: package obstore is not installed. Install it with: pip install 'parlor[s3]'"
        ) from None
    parts = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if key_id:
        options |= {"access_key_id": key_id, "secret_access_key": secret}
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=cast("S3Config", options),
        client_options={"timeout": _WITHIN, "allow_http": True},
        retry_config={"max_retries": 1, "retry_timeout": _WITHIN},
    )


@dataclass(frozen=True, slots=True)
class AudioObject:
    """A Recording."""

    bucket: S3Store
    name: str
    size: int

    async def read(self, start: int, end: int) -> AsyncGenerator[bytes, None]:
        with _errors():
            answer = await self.bucket.get_async(self.name, options={"range": (start, end)})
            async for piece in answer.stream(min_chunk_size=PIECE):
                yield bytes(piece)


class AudioObjects:
    """The AudioStore port. `database`: a name of the one that knows the recordings."""

    def __init__(self, bucket: S3Store, database: str = "") -> None:
        self._bucket, self._database = bucket, database

    async def save(self, message_id: str, audio: bytes) -> None:
        with _errors():
            await self._bucket.put_async(object_name(message_id), audio)

    async def remove(self, message_ids: Collection[str]) -> None:
        """Ids without a recording are ignored."""
        names = [object_name(message_id) for message_id in message_ids]
        for at in range(0, len(names), _DELETED_AT_ONCE):
            with _errors():
                await self._bucket.delete_async(names[at : at + _DELETED_AT_ONCE])

    async def find(self, message_id: str) -> AudioObject | None:
        name = object_name(message_id)
        with _errors():
            try:
                return AudioObject(self._bucket, name, (await self._bucket.head_async(name))["size"])
            except FileNotFoundError:
                return None

    async def claim(self, *, is_known: bool) -> bool:
        with _errors():
            try:
                answer = await self._bucket.get_async(OWNER_NAME)
            except FileNotFoundError:
                if is_known:
                    await self._bucket.put_async(OWNER_NAME, self._database.encode())
                return is_known
            return bytes(await answer.bytes_async()) == self._database.encode()

    async def list_settled(self) -> Sequence[str]:
        before = datetime.now(UTC) - timedelta(seconds=FRESH_S)
        found: list[str | None] = []
        with _errors():
            async for batch in self._bucket.list():
                found += [message_id_of(each["path"]) for each in batch if each["last_modified"] < before]
        return [message_id for message_id in found if message_id is not None]


@contextmanager
def _errors() -> Iterator[None]:
    from obstore.exceptions import BaseError  # noqa: PLC0415 - of the extra `s3`

    try:
        yield
    except (BaseError, OSError) as error:
        raise Unavailable from error
