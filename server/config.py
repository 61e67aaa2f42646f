"""Settings: environment variables with the prefix PARLOR_, read once at start; a `.env` file is read too."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from dotenv import dotenv_values

PREFIX = "PARLOR_"
OF_WORKERS = "PARLOR_TUTOR_"
"""Settings of the tutor's workers, which check them; here they are passed over."""


class ConfigError(ValueError):
    """A setting cannot be used; the text names the variable and says what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting, with the line that documents it. The variable is the field's name in capitals."""

    host: Annotated[str, "address HTTP listens on"] = "127.0.0.1"
    port: Annotated[int, "port of HTTP; 0 takes a free one"] = 8080
    tls_cert: Annotated[Path | None, "certificate chain (PEM), where no proxy in front ends TLS"] = None
    tls_key: Annotated[Path | None, "private key of the certificate (PEM)"] = None
    public_url: Annotated[str, "where people open the page, when it is not http://HOST:PORT"] = ""
    allowed_origins: Annotated[tuple[str, ...], "further origins whose pages may use this server"] = ()
    trusted_proxies: Annotated[int, "how many proxies in front append to X-Forwarded-For"] = 0
    udp_port: Annotated[int, "the one port of all media; 0 takes a free one"] = 7882
    udp_host: Annotated[str, "address media listens on; empty: all interfaces, IPv4 and IPv6"] = ""
    advertised_ips: Annotated[
        tuple[str, ...], "addresses offered to clients, where NAT hides the real ones"
    ] = ()
    turn_urls: Annotated[
        tuple[str, ...], "TURN servers offered to clients, as turn:host:port?transport=udp"
    ] = ()
    turn_secret: Annotated[str, "secret shared with them (coturn: static-auth-secret)"] = ""
    turn_ttl_s: Annotated[int, "seconds a TURN credential is valid"] = 86_400
    data_dir: Annotated[Path, "where the database, avatars and the generated secret live"] = Path("data")
    database_url: Annotated[str, "SQLAlchemy URL; empty: SQLite in DATA_DIR"] = ""
    secret: Annotated[str, "key that signs tokens; empty: generated into DATA_DIR"] = ""
    token_ttl_s: Annotated[int, "seconds a guest's token is valid after its last renewal"] = 30 * 86_400
    guest_ttl_days: Annotated[int, "days after which a guest who did not come back is deleted; 0: never"] = (
        180
    )
    seat_grace_s: Annotated[float, "seconds a seat is kept for its resume token"] = 30.0
    empty_room_ttl_s: Annotated[float, "seconds a room stays open with nobody in it"] = 300.0
    max_rooms: Annotated[int, "open rooms on this server"] = 1_000
    max_rooms_per_user: Annotated[int, "open rooms one person may host"] = 5
    forward_loudest: Annotated[int, "forward only the loudest k people of a room; 0: everyone"] = 0
    forwarding: Annotated[str, "what forwards packets: c, python, or auto: c where it was built"] = "auto"
    media_threads: Annotated[int, "threads that forward (c only), each on a UDP port from UDP_PORT on"] = 1
    red: Annotated[bool, "ask publishers for RED (RFC 2198), twice the uplink bytes, fewer gaps"] = True
    fec: Annotated[bool, "ask for Opus in-band FEC"] = True
    nack: Annotated[bool, "ask for lost packets again, and answer those who ask us"] = True
    rate_limit: Annotated[float, "factor on every rate limit; 0 turns them off (load tests)"] = 1.0
    agents: Annotated[int, "workers of the tutor to run on this machine; 0: none, they come from others"] = 1
    agent_token: Annotated[str, "what workers elsewhere show to get in; empty: generated into DATA_DIR"] = ""
    audio_ttl_days: Annotated[int, "days that the audio of talks with the tutor is kept; 0: for ever"] = 90
    metrics_token: Annotated[str, "bearer token of /metrics; empty: it answers this machine alone"] = ""
    log_level: Annotated[str, "debug, info, warning or error"] = "info"
    log_format: Annotated[str, "json, console, or auto: console on a terminal"] = "auto"
    web_dir: Annotated[Path, "the built web client; served where it exists"] = Path("web/dist")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Config:
        """Read the environment over the `.env` file.

        Raises ConfigError for a value of the wrong type and for an unknown PARLOR_ variable, which is most
        often a misspelt one.
        """
        values = {k: v for k, v in dotenv_values(dotenv).items() if v is not None} if dotenv else {}
        values.update(os.environ if environ is None else environ)
        known = {PREFIX + f.name.upper(): f.name for f in fields(cls)}
        unknown = sorted(
            k for k in values if k.startswith(PREFIX) and k not in known and not k.startswith(OF_WORKERS)
        )
        if unknown:
            raise ConfigError(f"unknown setting {', '.join(unknown)}")
        hints = get_type_hints(cls)
        given = {n: _parse(v, hints[n], values[v]) for v, n in known.items() if values.get(v, "") != ""}
        config = cls(**given)
        config.check()
        config.check_tutor()
        return config

    def check(self) -> None:
        """Raise ConfigError where settings contradict each other."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ConfigError("PARLOR_TLS_CERT and PARLOR_TLS_KEY go together")
        if self.turn_urls and not self.turn_secret:
            raise ConfigError("PARLOR_TURN_URLS needs PARLOR_TURN_SECRET")
        for name, secret in (("SECRET", self.secret), ("AGENT_TOKEN", self.agent_token)):
            if secret and len(secret) < 32:
                raise ConfigError(f"PARLOR_{name} is shorter than 32 characters")
        if 0 < self.guest_ttl_days * 86_400 < self.token_ttl_s:
            raise ConfigError("PARLOR_GUEST_TTL_DAYS is shorter than PARLOR_TOKEN_TTL_S")
        if self.forwarding not in {"auto", "c", "python"}:
            raise ConfigError("PARLOR_FORWARDING is auto, c or python")
        if not 1 <= self.media_threads <= 64:
            raise ConfigError("PARLOR_MEDIA_THREADS is between 1 and 64")
        for address in self.advertised_ips:
            try:
                ipaddress.ip_address(address)
            except ValueError:
                raise ConfigError(f"PARLOR_ADVERTISED_IPS: {address!r} is not an IP address") from None

    def check_tutor(self) -> None:
        """Raise ConfigError for what no worker could be started with."""
        if not 0 <= self.agents <= 64:
            raise ConfigError("PARLOR_AGENTS is not from 0 to 64")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'parlor.db').as_posix()}"

    @property
    def on_loopback(self) -> bool:
        """Whether HTTP is for this machine alone: then loopback addresses are offered for media too."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def settings_table() -> str:
    """The README's table of settings, in Markdown."""
    hints = get_type_hints(Config, include_extras=True)
    rows = ["| variable | default | what it sets |", "|---|---|---|"]
    for f in fields(Config):
        default = ",".join(f.default) if isinstance(f.default, tuple) else f.default
        shown = (
            ""
            if default in (None, "")
            else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        )
        rows.append(f"| `{PREFIX}{f.name.upper()}` | {shown} | {hints[f.name].__metadata__[0]} |")
    return "\n".join(rows)


def _parse(variable: str, kind: Any, text: str) -> Any:
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.lower()
            ]
        if kind is int:
            return int(text)
        if kind is float:
            return float(text)
        if kind == tuple[str, ...]:
            return tuple(part.strip() for part in text.split(",") if part.strip())
        if kind in (Path, Path | None):
            return Path(text)
    except (KeyError, ValueError):
        name = getattr(kind, "__name__", str(kind))
        raise ConfigError(f"{variable}: {text!r} is not a {name}") from None
    return text
