"""Settings of the worker: environment variables, read once at start; a `.env` file is read too.

Keys of vendors have the names that the vendors' own SDKs use; all else has the prefix PARLOR_TUTOR_.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from ai_agent.errors import SettingError

PREFIX = "PARLOR_TUTOR_"
Chain = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Every setting, with the line that documents it."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    server_url: str = Field("http://127.0.0.1:8080", description="the server whose rooms it joins")
    token: SecretStr = Field(SecretStr(""), description="the server's PARLOR_AGENT_TOKEN")
    capacity: int = Field(8, ge=1, le=1_000, description="rooms a worker is in at once")
    log_level: str = Field("info", description="debug, info, warning or error")
    log_format: str = Field("auto", description="json, console, or auto: console on a terminal")

    stt: Chain = Field((), description="engines that hear, best first; empty: those with a key, then local")
    llm: Chain = Field((), description="engines that think, best first; empty: those with a key, then local")
    tts: Chain = Field((), description="engines that speak, best first; empty: those with a key, then local")
    vad: str = Field("onnx", description="voice activity: onnx, or torch (needs the extra `torch`)")

    deepgram_api_key: SecretStr = Field(
        SecretStr(""), validation_alias="DEEPGRAM_API_KEY", description="Deepgram: Flux, v1 and Aura-2"
    )
    deepgram_url: str = Field("", description="another address of Deepgram's API, as https://host")
    deepgram_model: str = Field("nova-3", description="model of Deepgram v1")
    openai_api_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="OPENAI_API_KEY",
        description="OpenAI or a compatible server",
    )
    openai_base_url: str = Field("", description="a compatible server for chat, as http://host:port/v1")
    openai_model: str = Field("gpt-6-luna", description="model of the chat")
    openai_stt_base_url: str = Field("", description="a compatible server for /audio/transcriptions")
    openai_stt_model: str = Field("gpt-transcribe", description="model of the transcription")
    openai_tts_base_url: str = Field("", description="a compatible server for /audio/speech")
    openai_tts_model: str = Field("", description="model of the speech; empty: that engine is left out")
    openai_tts_voice: str = Field("alloy", description="voice of the speech")
    anthropic_api_key: SecretStr = Field(
        SecretStr(""), validation_alias="ANTHROPIC_API_KEY", description="Anthropic"
    )
    anthropic_base_url: str = Field("", description="another address of Anthropic's API")
    anthropic_model: str = Field("claude-sonnet-5", description="model of the chat")
    azure_speech_key: SecretStr = Field(
        SecretStr(""), validation_alias="AZURE_SPEECH_KEY", description="Azure speech"
    )
    azure_speech_region: str = Field(
        "", validation_alias="AZURE_SPEECH_REGION", description="region of the Azure key, as westeurope"
    )
    azure_url: str = Field("", description="another address of Azure's speech service")
    elevenlabs_api_key: SecretStr = Field(
        SecretStr(""), validation_alias="ELEVENLABS_API_KEY", description="ElevenLabs"
    )
    elevenlabs_url: str = Field("", description="another address of ElevenLabs's API")
    elevenlabs_model: str = Field("eleven_flash_v2_5", description="model of the speech")

    @field_validator("stt", "llm", "tts", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value


def load_settings(dotenv: Path | None = Path(".env")) -> Settings:
    """Raises SettingError, in one line, for a value that cannot be used and for an unknown variable."""
    given = set(os.environ) | set(dotenv_values(dotenv) if dotenv else ())
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SettingError(f"unknown setting {', '.join(unknown)}")
    try:
        return Settings(_env_file=dotenv)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise SettingError(f"{name if name in given else PREFIX + name}: {first['msg']}") from None


def settings_table() -> str:
    """The README's table of the worker's settings, in Markdown."""
    rows = ["| variable | default | what it sets |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        variable = field.validation_alias or PREFIX + name.upper()
        default = field.default
        shown = f"`{default}`" if default and not isinstance(default, tuple | SecretStr) else ""
        rows.append(f"| `{variable}` | {shown} | {field.description} |")
    return "\n".join(rows)
