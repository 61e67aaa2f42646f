"""REST, the published contracts, avatars, and the web client's files.

`attach(app, services, ...)` puts all of it on an aiohttp application; the composition root fills `Services`.
"""

from server.api.app import attach
from server.api.avatars.uploads import Avatars
from server.api.clients import OriginPolicy
from server.api.hosts import HostPolicy
from server.api.rate_limits import RateLimits
from server.api.services import Health, Services

__all__ = ["Avatars", "Health", "HostPolicy", "OriginPolicy", "RateLimits", "Services", "attach"]
