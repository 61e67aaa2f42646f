"""Settings of media: ports, TURN and forwarding of media."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from server.common.durations import YEAR_S
from server.common.setting_types import IpAddress, IpAddresses, Port, SigningKey, TurnUrls
from server.common.settings import BaseConfig

_MAX_PORT = 65_535


class MediaConfig(BaseConfig):
    udp_port: Port = Field(7882, description="UDP port of media; 0 takes a free one")
    tcp_port: Port | None = Field(
        None,
        description="TCP port of media, for networks that block UDP; unset: UDP_PORT if it is free; 0: none",
    )
    udp_host: IpAddress = Field(
        "", description="address that media listens on; empty: all interfaces, IPv4 and IPv6"
    )
    advertised_ips: IpAddresses = Field(
        (), description="addresses offered to clients, if NAT hides the real ones"
    )
    turn_urls: TurnUrls = Field(
        (), description="TURN servers offered to clients, as turn:host:port?transport=udp"
    )
    turn_secret: SigningKey = Field(
        SecretStr(""),
        description="secret shared with TURN servers, at least 32 characters (coturn: static-auth-secret)",
    )
    turn_ttl_s: int = Field(86_400, ge=60, le=YEAR_S, description="seconds a TURN credential is valid")
    forward_loudest: int = Field(
        0, ge=0, le=255, description="number of loudest people of a room who are forwarded; 0: everyone"
    )
    forwarding: Literal["auto", "c", "python"] = Field(
        "auto", description="backend that forwards packets: c, python, or auto (c if it was built)"
    )
    media_threads: int = Field(
        1,
        ge=1,
        le=64,
        description="forwarding threads (c only), each on ports of its own from UDP_PORT on",
    )
    red: bool = Field(
        True, description="ask publishers for RED (RFC 2198): twice the uplink bytes, fewer gaps"
    )
    fec: bool = Field(True, description="ask for Opus in-band FEC")
    nack: bool = Field(True, description="request lost packets again and answer such requests")

    @model_validator(mode="after")
    def _check_media(self) -> Self:
        if self.turn_urls and not self.turn_secret:
            raise ValueError("PARLOR_TURN_URLS needs PARLOR_TURN_SECRET")
        if max(self.udp_port, self.tcp_port or 0) + self.media_threads - 1 > _MAX_PORT:
            raise ValueError(
                "PARLOR_MEDIA_THREADS ports do not fit above PARLOR_UDP_PORT and PARLOR_TCP_PORT"
            )
        return self
