"""The server's settings: environment variables with the prefix PARLOR_, over a `.env` file, read once."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from server.common.settings import LogFormat, LogLevel
from server.config.accounts import AccountConfig
from server.config.http import HttpConfig
from server.config.media import MediaConfig
from server.config.rooms import RoomConfig
from server.config.storage import POSTGRES, StorageConfig
from server.config.tutor import TutorConfig
from server.http.limits import HttpLimits

_ALL_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104 - compared, not listened on


class Config(TutorConfig, RoomConfig, StorageConfig, MediaConfig, AccountConfig, HttpConfig):
    """Every setting. The variable is the field's name in capitals, after PARLOR_; the description is its line
    in README.md. pydantic lists the fields of the last base first."""

    model_config = SettingsConfigDict(env_prefix="PARLOR_")
    foreign_prefixes = ("PARLOR_TUTOR_",)

    inspectable: bool = Field(
        False,
        description="let debuggers and profilers of the same user read memory and environment (Linux)",
    )
    log_level: LogLevel = Field("info", description="debug, info, warning or error")
    log_format: LogFormat = Field("auto", description="json, console, or auto (console on a terminal)")

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if self.smtp_url and not (self.mail_from and self.public_url):
            raise ValueError("PARLOR_SMTP_URL needs PARLOR_MAIL_FROM and PARLOR_PUBLIC_URL")
        if self.oidc_issuer and not (self.oidc_client_id and self.public_url):
            raise ValueError("PARLOR_OIDC_ISSUER needs PARLOR_OIDC_CLIENT_ID and PARLOR_PUBLIC_URL")
        if self.redis_url:
            self._check_shared()
        return self

    def _check_shared(self) -> None:
        """Check what servers that share their rooms need. Raises ValueError."""
        for name in ("node_name", "secret", "agent_token"):
            if not getattr(self, name):
                raise ValueError(f"PARLOR_REDIS_URL needs PARLOR_{name.upper()}")
        if not self.database_url.startswith(POSTGRES):
            raise ValueError("PARLOR_REDIS_URL needs PostgreSQL: set PARLOR_DATABASE_URL")
        if self.internal_url:
            return
        if self.tls_cert is not None:
            raise ValueError("PARLOR_REDIS_URL and PARLOR_TLS_CERT need PARLOR_INTERNAL_URL")
        if self.host in _ALL_ADDRESSES:
            raise ValueError("PARLOR_REDIS_URL and a PARLOR_HOST of all addresses need PARLOR_INTERNAL_URL")

    @property
    def http_limits(self) -> HttpLimits:
        """Behind proxies all connections have the proxy's address, so there is no limit by address."""
        factor = 0.0 if self.trusted_proxies else self.rate_limit
        return HttpLimits(
            head_s=self.http_head_timeout_s,
            idle_s=self.http_idle_timeout_s,
            stall_s=self.http_stall_timeout_s,
            connections=self.http_max_connections,
            per_address=self.http_max_connections_per_address if factor else 0,
            connect_rate=factor,
        )

    @property
    def media_tcp_port(self) -> int | None:
        """As `SfuOptions.tcp_port`. A number that was not asked for is not taken from HTTP."""
        is_free = not self.udp_port <= self.port < self.udp_port + self.media_threads
        return self.tcp_port if self.tcp_port is not None or is_free else 0

    @property
    def anonymous_voice(self) -> Literal["nobody", "local", "everybody"]:
        """The clients that may use the voice protocols without a token. By default this machine, and only
        where nobody else can reach the server: a proxy may bring anybody."""
        if self.voice_anonymous != "auto":
            return "everybody" if self.voice_anonymous == "yes" else "nobody"
        is_alone = self.on_loopback and not self.trusted_proxies and not self.public_url
        return "local" if is_alone else "nobody"
