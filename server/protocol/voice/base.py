"""Base classes of the messages, how they are parsed, and what every protocol has."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError

from server.protocol.base import Inbound, Outbound

SessionId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[A-Za-z0-9_.:-]+$")]
"""Chosen by the client. It finds the same conversation again with it."""
POLICY, TRY_LATER = 1008, 1013
"""Codes of a closed WebSocket (RFC 6455 section 7.4.1, IANA): refused, and try again later."""
REPLACED = 4001
"""The same session was opened by another connection."""
INVALID_MESSAGE, UNAVAILABLE, AUDIO_DROPPED, IDLE = (
    "INVALID_MESSAGE",
    "UNAVAILABLE",
    "AUDIO_DROPPED",
    "IDLE",
)
"""Codes of errors in an open session, where the protocol has codes: what the client sent is wrong; no engine
can do it; the client reads too slowly; it has sent nothing for long."""
MAX_TEXT_BYTES = 256 << 10
"""Maximum of a text message that holds no whole recording."""


class VoiceProtocol(StrEnum):
    COACH = "coach"
    TUTOR = "tutor"
    CLASS = "class"
    FLUX = "flux"
    ECHO = "echo"


class FromClient(Inbound):
    """Clients that exist may send more than is read."""

    model_config = ConfigDict(alias_generator=None, extra="ignore")


class ToClient(Outbound):
    model_config = ConfigDict(alias_generator=None)

    def encoded(self) -> str:
        """Names are the protocol's own; parts that rooms have too keep theirs."""
        return self.model_dump_json(by_alias=True)


class FirstMessage(FromClient):
    """The first message of a client that cannot put its token into the query, as `?token=`: of the type
    `auth`, which every protocol takes, or any message of the protocol with a `token` added."""

    type: str = ""
    token: Annotated[str, StringConstraints(min_length=1, max_length=1_024)]


FIRST_MESSAGE: TypeAdapter[FirstMessage] = TypeAdapter(FirstMessage)


class BadMessage(ValueError):
    """The text is for the client."""


M = TypeVar("M")


def parsed(adapter: TypeAdapter[M], text: str | bytes) -> M:
    """Raises BadMessage."""
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise BadMessage("The message is not valid JSON.") from None
        if first["type"].startswith("union_tag"):
            raise BadMessage("The kind of the message is not known.") from None
        where = ".".join(str(part) for part in first["loc"][1:]) or "message"
        raise BadMessage(f"{where}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise BadMessage("The message is not valid JSON.") from None
