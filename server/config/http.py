"""Settings of HTTP: where it listens, and who may connect."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from server.common.setting_types import ApiKey, ExistingFile, Folder, Host, HostNames, Port
from server.common.settings import BaseConfig, WebUrl, WebUrls


class HttpConfig(BaseConfig):
    host: Host = Field("127.0.0.1", description="address that HTTP listens on")
    port: Port = Field(8080, description="port of HTTP; 0 takes a free one")
    tls_cert: ExistingFile | None = Field(
        None, description="certificate chain (PEM), if no proxy in front ends TLS"
    )
    tls_key: ExistingFile | None = Field(None, description="private key of the certificate (PEM)")
    public_url: WebUrl = Field(
        "", description="address at which people open the page, if it is not http://HOST:PORT"
    )
    allowed_origins: WebUrls = Field((), description="other origins whose pages may use this server")
    allowed_hosts: HostNames = Field(
        (),
        description="other names that lead to this server; checked unless a proxy, Redis or TLS_CERT is set",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="number of proxies in front that append to X-Forwarded-For"
    )
    http_max_connections: int = Field(
        10_000,
        ge=10,
        le=1_000_000,
        description="maximum of open HTTP connections; at most two fifths of the file descriptors",
    )
    http_max_connections_per_address: int = Field(
        1_000,
        ge=0,
        le=1_000_000,
        description="maximum of one IPv4 address or IPv6 /64; 0: none; not used behind TRUSTED_PROXIES",
    )
    http_head_timeout_s: float = Field(
        15.0, ge=1, le=600, description="seconds a client has for TLS and the headers of a request"
    )
    http_idle_timeout_s: float = Field(
        150.0,
        ge=1,
        le=86_400,
        description="seconds a connection is kept between requests; more than a proxy in front keeps it",
    )
    http_stall_timeout_s: float = Field(
        30.0, ge=1, le=600, description="seconds without a byte of a body sent or of an answer read"
    )
    metrics_token: ApiKey = Field(
        SecretStr(""),
        description="bearer token of /metrics; empty: it answers this machine only, no proxy",
    )
    web_dir: Folder = Field(
        Path("web/dist"), description="folder of the built web client; served if it exists"
    )

    @model_validator(mode="after")
    def _check_tls(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("PARLOR_TLS_CERT and PARLOR_TLS_KEY must be set together")
        return self

    @property
    def on_loopback(self) -> bool:
        """Whether HTTP listens on loopback only: then media offers loopback addresses too."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
