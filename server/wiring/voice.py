"""The WebSockets of voice clients."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CollectorRegistry

from server.api.clients import OriginPolicy
from server.config import Config
from server.rooms.claims import SharedClaims
from server.rooms.model import Origin
from server.rooms.ports import Bus, UserStore
from server.sessions import Sessions
from server.tutor.voice_jobs import VoiceJobs
from server.voice.admission import Admission, VoiceOrigins
from server.voice.documents import Bases
from server.voice.gateway import Entry, VoiceGateway
from server.voice.metrics import VoiceMetrics
from server.voice.settings import VoiceSettings
from server.voice.shares import VOICES_TOPIC, VoiceShares


def voice_gateway(  # noqa: PLR0913 - one argument for each collaborator
    app: web.Application,
    config: Config,
    jobs: VoiceJobs,
    bus: Bus,
    *,
    sessions: Sessions,
    users: UserStore,
    bases: Bases,
    origins: OriginPolicy,
    origin_of: Callable[[web.BaseRequest], Origin],
    registry: CollectorRegistry,
    node_id: str,
    agent_token: str,
) -> VoiceGateway:
    """With its routes on `app`."""
    settings = _settings(config)
    admission = Admission(sessions, users, anonymous=settings.anonymous, rate=settings.rate)
    shares = VoiceShares(settings, SharedClaims(bus, VOICES_TOPIC, node_id))
    metrics = VoiceMetrics(registry)
    metrics.connections_from(lambda: len(shares))
    metrics.places_from(jobs.free_places)
    gateway = VoiceGateway(
        jobs,
        Entry(admission, VoiceOrigins(origins, config.voice_origins), shares, bases, jobs, origin_of),
        settings,
        metrics,
        bus=bus,
        node_id=node_id,
        agent_token=agent_token,
    )
    gateway.add_routes(app)
    return gateway


def _settings(config: Config) -> VoiceSettings:
    return VoiceSettings(
        connections=config.voice_connections,
        per_user=config.voice_per_user if config.rate_limit else 0,
        per_address=config.voice_per_address if config.rate_limit else 0,
        rate=config.rate_limit,
        trusted_proxies=config.trusted_proxies,
        anonymous=config.anonymous_voice,
        language=config.voice_language,
        coach_language=config.coach_language,
    )
