"""Decides which URLs the server sends to.

A device names its own push service, so the URL is a stranger's input: without this check the server would
send requests to machines that only it can reach (SSRF).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

MAX_ENDPOINT = 1_000
"""Characters of a URL. Those of the known services have up to 600."""
_KNOWN = (
    "fcm.googleapis.com",  # Chrome, Edge on Android, Opera, Samsung Internet
    "jmt17.google.com",  # Chrome, some versions
    ".push.services.mozilla.com",  # Firefox
    ".notify.windows.com",  # Edge on Windows
    ".push.apple.com",  # Safari
)
"""Hosts of the browsers' services; with a dot at the start: all hosts of the domain."""
_EMBEDDING = (ip_network("64:ff9b::/96"), ip_network("2002::/16"), ip_network("2001::/32"))
"""IPv6 networks that lead to IPv4 addresses: NAT64, 6to4, Teredo."""


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """`known`: the browsers' services. `any_public`: every host with a public address. `origins`: these too,
    also with http and at private addresses."""

    known: bool = True
    any_public: bool = False
    origins: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Collection[str]) -> EndpointRules:
        """From the setting: `known`, `*`, `none` and origins."""
        origins = frozenset(origin_of(urlsplit(name)) for name in names if "://" in name)
        return cls("known" in names, "*" in names, origins)

    @property
    def is_off(self) -> bool:
        return not (self.known or self.any_public or self.origins)

    def allow(self, endpoint: str) -> bool:
        """Whether messages may be sent there; the address of its host is checked when it is known."""
        try:
            url = urlsplit(endpoint)
            host, port = url.hostname or "", url.port
        except ValueError:
            return False
        if len(endpoint) > MAX_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable():
            return False
        if " " in endpoint or "\\" in endpoint or "@" in url.netloc or url.fragment:
            return False
        if origin_of(url) in self.origins:
            return True
        if url.scheme != "https" or port not in {None, 443} or _is_literal(host) or "." not in host:
            return False
        return self.any_public or (self.known and any(_is_of(host, name) for name in _KNOWN))

    def is_trusted_host(self, host: str) -> bool:
        """Whether the host may have a private address."""
        return any(urlsplit(origin).hostname == host for origin in self.origins)


def origin_of(url: SplitResult) -> str:
    """Scheme, host and port, without the scheme's own port. Raises ValueError for a port that is none."""
    port = url.port
    usual = {"https": 443, "http": 80}.get(url.scheme)
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    return f"{url.scheme}://{host}" + (f":{port}" if port not in {None, usual} else "")


def is_public(address: str) -> bool:
    """Whether the address is one of the Internet."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        elif any(parsed in network for network in _EMBEDDING):
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _is_literal(host: str) -> bool:
    """Whether it is an IP address, also in a form that only resolvers read, such as 0x7f.1 (URL standard: a
    host whose last label is a number is an IPv4 address)."""
    last = host.rstrip(".").rpartition(".")[2]
    return ":" in host or last.isdigit() or last.startswith("0x")


def _is_of(host: str, name: str) -> bool:
    return host.endswith(name) if name.startswith(".") else host == name
