"""Types of settings whose values are checked by more than a range. Each check says what is wrong in words
that follow the variable's name, and never shows the value of a secret."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, Field, SecretStr

from server.common.settings import Names

MIN_SECRET_LENGTH = 32
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*\.?")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
"""As the last label of a host: such a host is an IPv4 address or nothing (URL standard, section 3.5)."""
_TURN_URL = re.compile(
    r"(?:turns?|stuns?):(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?(?:\?transport=(?:udp|tcp))?"
)
_REDIS_URL = re.compile(r"rediss?://[^\s/]+|unix://[^\s]*/\S")
_MAX_WORD = 200


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _host(host: str) -> str:
    is_number = _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2])
    if not _is_ip(host) and (is_number or not _HOST.fullmatch(host)):
        raise ValueError("is neither an IP address nor a host name")
    return host


def _host_names(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        try:
            _host(name)
        except ValueError:
            raise ValueError(f"{name!r} is not a host name; write it without scheme and port") from None
    return names


def _ip_address(address: str) -> str:
    if address and not _is_ip(address):
        raise ValueError("is not an IP address")
    return address


def _ip_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    for address in addresses:
        if not _is_ip(address):
            raise ValueError(f"{address!r} is not an IP address")
    return addresses


def _turn_urls(urls: tuple[str, ...]) -> tuple[str, ...]:
    for url in urls:
        found = _TURN_URL.fullmatch(url)
        if found is None or int(found[1] or 1) not in range(1, 65_536):
            raise ValueError(f"{url!r} is not a TURN URL; it must look like turn:host:3478?transport=udp")
    return urls


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret) < MIN_SECRET_LENGTH:
        raise ValueError(f"must have at least {MIN_SECRET_LENGTH} characters")
    text = secret.get_secret_value()
    if text.isspace() or re.search(r"[\x00-\x1f\x7f]", text):
        raise ValueError("must have no line breaks or control characters, and more than spaces")
    return secret


def _without_line_end(secret: SecretStr) -> SecretStr:
    """Files made by `echo` end with a line break, and `VAR=$(< file)` is not all that reads them."""
    text = secret.get_secret_value()
    return SecretStr(text.removesuffix("\n").removesuffix("\r"))


def _header(secret: SecretStr) -> SecretStr:
    # RFC 9110 5.5: other characters cannot be sent in a header's value
    if not re.fullmatch(r"[\x21-\x7e]*", secret.get_secret_value()):
        raise ValueError("must have printable ASCII characters only, and no spaces")
    return secret


def _word(text: str) -> str:
    if len(text) > _MAX_WORD or not text.isprintable() or any(c.isspace() for c in text):
        raise ValueError(f"must have no spaces or control characters, and at most {_MAX_WORD} characters")
    return text


def _label(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{0,63}", text):
        raise ValueError("must have lower-case letters, digits and hyphens only")
    return text


def _node_name(name: str) -> str:
    if not re.fullmatch(r"([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?", name):
        raise ValueError("must have lower-case letters, digits and inner hyphens only, and at most 40")
    return name


def _redis_url(url: str) -> str:
    """The text does not show the URL, which may hold a password."""
    try:
        parts = urlsplit(url)
        is_valid = parts.port is None or parts.port > 0
    except ValueError:
        is_valid = False
    if url and not (is_valid and _REDIS_URL.match(url)):
        raise ValueError("is not a Redis URL, as redis://:password@host:6379/0 or unix:///path")
    return url


def _smtp_url(url: str) -> str:
    """The text does not show the URL: somebody may have put a password into it."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"smtp", "smtps"} and parts.hostname and parts.port != 0
        is_bare = not (parts.username or parts.path.strip("/") or parts.query or parts.fragment)
    except ValueError:
        is_whole = is_bare = False
    if url and not (is_whole and is_bare):
        raise ValueError("must have the form smtp://host:587 or smtps://host:465")
    return url


def _mail_address(address: str) -> str:
    if address and not re.fullmatch(r"[^\s@<>]{1,64}@[^\s@<>]+", address):
        raise ValueError("is not an e-mail address, as parlor@example.org")
    return address


def _folder(path: Path) -> Path:
    if os.path.exists(path) and not os.path.isdir(path):  # noqa: PTH110, PTH112 - these never raise
        raise ValueError("is not a folder")
    return path


def _file(path: Path) -> Path:
    if not os.path.isfile(path):  # noqa: PTH113 - never raises
        raise ValueError("is not a file, or cannot be read")
    return path


def _files_url(url: str) -> str:
    """The text does not show the URL: somebody may have put a key into it."""
    form = "must have the form s3://bucket/folder?endpoint=https://host&region=name"
    if not url:
        return url
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        endpoint = urlsplit(options.get("endpoint", "https://host"))
    except ValueError:
        raise ValueError(form) from None
    is_whole = parts.scheme == "s3" and re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", parts.netloc)
    is_endpoint = endpoint.scheme in {"http", "https"} and endpoint.hostname and not endpoint.username
    if not is_whole or parts.fragment or not is_endpoint or not options.keys() <= {"endpoint", "region"}:
        raise ValueError(form)
    return url


def _push_services(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name in {"known", "*", "none"}:
            continue
        try:
            parts = urlsplit(name)
            is_origin = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
            is_bare = not (parts.username or parts.path.strip("/") or parts.query or parts.fragment)
        except ValueError:
            is_origin = is_bare = False
        if not (is_origin and is_bare):
            raise ValueError(f"{name!r} is none of: known, *, none, an origin as https://push.example.org")
    if "none" in names and len(names) > 1:
        raise ValueError("has none and others")
    return names


Port = Annotated[int, Field(ge=0, le=65_535)]
Host = Annotated[str, AfterValidator(_host)]
HostNames = Annotated[Names, AfterValidator(_host_names)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
"""Or empty."""
IpAddresses = Annotated[Names, AfterValidator(_ip_addresses)]
TurnUrls = Annotated[Names, AfterValidator(_turn_urls)]
SigningKey = Annotated[SecretStr, AfterValidator(_without_line_end), AfterValidator(_long_enough)]
"""Or empty."""
ServiceToken = Annotated[SigningKey, AfterValidator(_header)]
"""Or empty."""
ApiKey = Annotated[SecretStr, AfterValidator(_without_line_end), AfterValidator(_header)]
"""A secret that is sent in a header; or empty."""
FilesUrl = Annotated[str, AfterValidator(_files_url)]
"""Or empty."""
Word = Annotated[str, AfterValidator(_word)]
"""A name of something at a vendor; or empty."""
Label = Annotated[str, AfterValidator(_label)]
"""A part of a host name; or empty."""
NodeName = Annotated[str, AfterValidator(_node_name)]
"""A part of a path and of a server's id; or empty."""
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
"""Or empty."""
SmtpUrl = Annotated[str, AfterValidator(_smtp_url)]
"""Or empty."""
PushServices = Annotated[Names, AfterValidator(_push_services)]
"""`known`, `*`, origins; or `none`."""
MailAddress = Annotated[str, AfterValidator(_mail_address)]
"""Or empty."""
Folder = Annotated[Path, AfterValidator(_folder)]
"""It may be absent."""
ExistingFile = Annotated[Path, AfterValidator(_file)]
