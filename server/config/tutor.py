"""Settings of tutor workers, what they teach from, and clients of the voice protocols."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from server.common.setting_types import ApiKey, Folder, ServiceToken
from server.common.settings import BaseConfig, WebUrl, WebUrls
from server.protocol.base import LanguageTag


class TutorConfig(BaseConfig):
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
    courses_dir: Folder | None = Field(
        None, description="folder of courses to teach; unset: those that come with Parlor"
    )
    embeddings_url: WebUrl = Field(
        "",
        description="address of an OpenAI-compatible server for /embeddings, with its /v1; empty: knowledge"
        " bases are searched by words alone",
    )
    embeddings_key: ApiKey = Field(SecretStr(""), description="API key of EMBEDDINGS_URL")
    embeddings_model: str = Field(
        "text-embedding-3-small", min_length=1, max_length=200, description="model of EMBEDDINGS_URL"
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
