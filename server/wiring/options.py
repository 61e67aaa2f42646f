"""The settings of each part, made from those of the process."""

from __future__ import annotations

import socket
import time

from server.api.clients import is_loopback_url
from server.api.hosts import HostPolicy
from server.common.process import file_limit
from server.config import Config
from server.http.limits import descriptor_limits, socket_limit
from server.protocol.rooms import IceServer
from server.rooms.ports import RoomsSettings
from server.sfu import SfuOptions
from server.signalling import SignallingOptions
from server.signalling.turn_credentials import ice_servers


def is_proxied(config: Config) -> bool:
    """Whether the settings show that a proxy forwards requests, so that loopback may be any client's address.

    A proxy that does not pass on the Host header needs its address in one of the two settings of URLs:
    otherwise the browser's Origin does not match and is refused.
    """
    urls = (config.public_url, *config.allowed_origins)
    return config.trusted_proxies > 0 or not all(is_loopback_url(url) for url in urls if url)


def host_policy(config: Config) -> HostPolicy:
    """Names are checked where browsers reach this server itself: a proxy decides about names before it, other
    servers may know it by any, and with a certificate of its own the browser compares them."""
    own = socket.gethostname()
    return HostPolicy(
        (config.public_url, *config.allowed_origins, *config.voice_origins),
        (own, f"{own.partition('.')[0]}.local", *config.allowed_hosts),
        answers_all=is_proxied(config) or bool(config.redis_url) or config.tls_cert is not None,
    )


def sfu_options(config: Config) -> SfuOptions:
    return SfuOptions(
        udp_host=config.udp_host,
        udp_port=config.udp_port,
        tcp_port=config.media_tcp_port,
        advertised_ips=config.advertised_ips,
        offer_loopback=config.on_loopback,
        red=config.red,
        fec=config.fec,
        nack=config.nack,
        forward_loudest=config.forward_loudest,
        forwarding=config.forwarding,
        media_threads=config.media_threads,
    )


def fresh_ice_servers(config: Config, user_id: str) -> list[IceServer]:
    secret = config.turn_secret.get_secret_value()
    return ice_servers(config.turn_urls, secret, user_id, time.time(), config.turn_ttl_s)


def rooms_settings(config: Config, node_id: str) -> RoomsSettings:
    is_limited = config.rate_limit > 0
    return RoomsSettings(
        node_id=node_id,
        node_url=config.url_for_clients,
        red=config.red,
        house_rules=config.house_rules,
        seat_grace_s=config.seat_grace_s,
        empty_room_ttl_s=config.empty_room_ttl_s,
        max_rooms=config.max_rooms,
        max_rooms_per_user=config.max_rooms_per_user,
        max_rooms_per_address=config.max_rooms_per_address if is_limited else 0,
        new_rooms_per_address=config.new_rooms_per_address * config.rate_limit,
        max_tutors_per_user=config.max_tutors_per_user if is_limited else 0,
        max_tutors_per_address=config.max_tutors_per_address if is_limited else 0,
        tutor_silence_s=config.silent_tutor_minutes * 60.0,
    )


def signalling_options(config: Config) -> SignallingOptions:
    return SignallingOptions(
        rate_limit=config.rate_limit,
        max_sockets=socket_limit(descriptor_limits(config.http_limits, file_limit())),
        max_sockets_per_address=config.max_sockets_per_address,
    )
