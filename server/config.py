"""The server's settings: environment variables with the prefix PARLOR_, over a `.env` file, read once."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from server.common.setting_types import (
    ApiKey,
    ExistingFile,
    FilesUrl,
    Folder,
    Host,
    HostNames,
    IpAddress,
    IpAddresses,
    MailAddress,
    NodeName,
    Port,
    PushServices,
    RedisUrl,
    ServiceToken,
    SigningKey,
    SmtpUrl,
    TurnUrls,
    Word,
)
from server.common.settings import BaseConfig, LogFormat, LogLevel, WebUrl, WebUrls
from server.http.limits import HttpLimits
from server.protocol.base import LanguageTag

DAY_S = 86_400
YEAR_S = 365 * DAY_S
_MAX_PORT = 65_535
_MIN_FACTOR = 0.01
"""Below it nobody could do anything."""
_ALL_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104 - compared, not listened on
_DRIVERS = ("postgresql+asyncpg", "sqlite+aiosqlite")
_DATABASE_OPTIONS = {
    _DRIVERS[0]: (
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


class Config(BaseConfig):
    """Every setting, with the line that documents it. The variable is the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="PARLOR_")
    foreign_prefixes = ("PARLOR_TUTOR_",)

    host: Host = Field("127.0.0.1", description="address that HTTP listens on")
    port: Port = Field(8080, description="port of HTTP; 0 takes a free one")
    tls_cert: ExistingFile | None = Field(
        None, description="certificate chain (PEM), if no proxy in front ends TLS"
    )
    tls_key: ExistingFile | None = Field(None, description="private key of the certificate (PEM)")
    public_url: WebUrl = Field(
        "", description="address at which people open the page, if it is not http://HOST:PORT"
    )
    smtp_url: SmtpUrl = Field(
        "", description="server that sends e-mails, smtp://host:587 (STARTTLS) or smtps://host; empty: none"
    )
    smtp_user: Word = Field("", description="user at the SMTP server, if it asks for one")
    smtp_password: ApiKey = Field(SecretStr(""), description="password of SMTP_USER")
    mail_from: MailAddress = Field("", description="sender of e-mails, as parlor@example.org")
    push_services: PushServices = Field(
        ("known",),
        description="push services that messages to devices are sent to: known (the browsers'), origins as"
        " https://push.example.org, * (any public host); or none",
    )
    oidc_issuer: WebUrl = Field(
        "", description="OpenID Connect provider whose people may sign in; PUBLIC_URL/sign-in is the redirect"
    )
    oidc_client_id: Word = Field("", description="this server's client id at the provider")
    oidc_client_secret: ApiKey = Field(
        SecretStr(""), description="secret of OIDC_CLIENT_ID; empty: PKCE alone"
    )
    oidc_name: Word = Field("OpenID", description="the provider's name, for people")
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
    embeddings_url: WebUrl = Field(
        "",
        description="address of an OpenAI-compatible server for /embeddings, with its /v1; empty: knowledge"
        " bases are searched by words alone",
    )
    embeddings_key: ApiKey = Field(SecretStr(""), description="API key of EMBEDDINGS_URL")
    embeddings_model: str = Field(
        "text-embedding-3-small", min_length=1, max_length=200, description="model of EMBEDDINGS_URL"
    )
    secret: SigningKey = Field(
        SecretStr(""),
        description="key that signs tokens, at least 32 characters; empty: generated into DATA_DIR",
    )
    token_ttl_s: int = Field(
        30 * DAY_S,
        ge=60,
        le=10 * YEAR_S,
        description="seconds a token is valid; it is renewed when it is used, also later",
    )
    guest_ttl_days: int = Field(
        180,
        ge=0,
        le=36_500,
        description="days after which a guest who does not come back is deleted; 0: never",
    )
    contact: str = Field(
        "",
        max_length=200,
        description="e-mail address or page of the people who run this server; shown with bans and privacy",
    )
    bad_words: Literal["off", "mask", "refuse"] = Field(
        "mask", description="names, topics and messages with insulting words: off, mask them, or refuse"
    )
    house_rules: bool = Field(
        True, description="people accept the house rules before they first enter a room with others"
    )
    seat_grace_s: float = Field(
        30.0, ge=1, le=3_600, description="seconds a seat is kept for its resume token"
    )
    empty_room_ttl_s: float = Field(
        300.0, ge=1, le=30 * DAY_S, description="seconds an empty room stays open"
    )
    max_rooms: int = Field(
        1_000,
        ge=1,
        le=100_000,
        description="maximum of open rooms; one network (/24, /48) has an eighth of what others leave, or 20",
    )
    max_rooms_per_user: int = Field(
        5, ge=1, le=100_000, description="maximum of open rooms that one person hosts"
    )
    max_rooms_per_address: int = Field(
        100,
        ge=0,
        le=100_000,
        description="maximum of open rooms that were opened from one address (IPv6: /64); 0: no limit",
    )
    new_rooms_per_address: int = Field(
        200,
        ge=0,
        le=100_000,
        description="rooms that one address may open in an hour, half of them at once; 0: no limit",
    )
    sign_ups_per_address: int = Field(
        240,
        ge=0,
        le=1_000_000,
        description="new profiles of one address in an hour, half of them at once; 0: no limit",
    )
    max_sockets_per_address: int = Field(
        400,
        ge=0,
        le=100_000,
        description="maximum of sockets of one address; an open page has one or two; 0: no limit",
    )
    max_tutors_per_user: int = Field(
        3, ge=0, le=1_000, description="maximum of tutors that one person has at work; 0: no limit"
    )
    max_tutors_per_address: int = Field(
        12,
        ge=0,
        le=10_000,
        description="maximum of tutors that people of one address have at work; 0: no limit",
    )
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
    rate_limit: float = Field(
        1.0,
        ge=0,
        le=1_000,
        description="factor on every rate limit; 0 turns them and all limits by address off (load tests)",
    )
    agents: int = Field(
        1,
        ge=0,
        le=64,
        description="tutor workers that the server starts on this machine; 0: none, they run elsewhere",
    )
    agent_token: ServiceToken = Field(
        SecretStr(""),
        description="token of tutor workers, at least 32 characters; empty: generated into DATA_DIR",
    )
    silent_tutor_minutes: int = Field(
        10,
        ge=0,
        le=1_440,
        description="minutes without a word from anybody after which a tutor leaves its room; 0: it stays",
    )
    voice_connections: int = Field(
        100, ge=0, le=10_000, description="maximum of open WebSockets of voice clients; 0: none are let in"
    )
    voice_per_user: int = Field(
        8, ge=0, le=10_000, description="maximum of those that one person has open; 0: no limit"
    )
    voice_per_address: int = Field(
        50,
        ge=0,
        le=10_000,
        description="maximum of those from one address (IPv6: /64) or, beyond an eighth of what others leave,"
        " one network (/24, /48); 0: no limit",
    )
    voice_anonymous: Literal["auto", "yes", "no"] = Field(
        "auto",
        description="let voice clients in without a token: yes, no, or auto (on loopback without a proxy)",
    )
    voice_origins: WebUrls = Field(
        (), description="other origins whose pages may use the voice protocols; empty: pages of this machine"
    )
    voice_language: LanguageTag = Field(
        "en", description="language of voice sessions that name none, as en or pt-BR"
    )
    coach_language: LanguageTag = Field("vi", description="language of coach sessions that name none")
    audio_ttl_days: int = Field(
        90, ge=0, le=36_500, description="days the audio of conversations with the tutor is kept; 0: forever"
    )
    metrics_token: ApiKey = Field(
        SecretStr(""),
        description="bearer token of /metrics; empty: it answers this machine only, no proxy",
    )
    inspectable: bool = Field(
        False,
        description="let debuggers and profilers of the same user read memory and environment (Linux)",
    )
    log_level: LogLevel = Field("info", description="debug, info, warning or error")
    log_format: LogFormat = Field("auto", description="json, console, or auto (console on a terminal)")
    courses_dir: Folder | None = Field(
        None, description="folder of courses to teach; unset: those that come with Parlor"
    )
    web_dir: Folder = Field(
        Path("web/dist"), description="folder of the built web client; served if it exists"
    )

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("PARLOR_TLS_CERT and PARLOR_TLS_KEY must be set together")
        if self.turn_urls and not self.turn_secret:
            raise ValueError("PARLOR_TURN_URLS needs PARLOR_TURN_SECRET")
        if bool(self.files_key_id) != bool(self.files_secret):
            raise ValueError("PARLOR_FILES_KEY_ID and PARLOR_FILES_SECRET must be set together")
        if self.rate_limit and self.rate_limit < _MIN_FACTOR:
            raise ValueError(f"PARLOR_RATE_LIMIT must be 0, or at least {_MIN_FACTOR}")
        if max(self.udp_port, self.tcp_port or 0) + self.media_threads - 1 > _MAX_PORT:
            raise ValueError(
                "PARLOR_MEDIA_THREADS ports do not fit above PARLOR_UDP_PORT and PARLOR_TCP_PORT"
            )
        if 0 < self.guest_ttl_days * DAY_S < self.token_ttl_s:
            raise ValueError("PARLOR_GUEST_TTL_DAYS must not be shorter than PARLOR_TOKEN_TTL_S")
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
        if not self.database_url.startswith(_DRIVERS[0]):
            raise ValueError("PARLOR_REDIS_URL needs PostgreSQL: set PARLOR_DATABASE_URL")
        if self.internal_url:
            return
        if self.tls_cert is not None:
            raise ValueError("PARLOR_REDIS_URL and PARLOR_TLS_CERT need PARLOR_INTERNAL_URL")
        if self.host in _ALL_ADDRESSES:
            raise ValueError("PARLOR_REDIS_URL and a PARLOR_HOST of all addresses need PARLOR_INTERNAL_URL")

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

    @property
    def on_loopback(self) -> bool:
        """Whether HTTP listens on loopback only: then media offers loopback addresses too."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False
