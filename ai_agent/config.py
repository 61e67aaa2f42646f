"""The worker's settings: environment variables over a `.env` file, read once.

Vendors' keys have the names that the vendors' own SDKs use; all others have the prefix PARLOR_TUTOR_.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from server.common.setting_types import ApiKey, Label, Word
from server.common.settings import BaseConfig, LogFormat, LogLevel, Names, WebUrl

PREFIX = "PARLOR_TUTOR_"
HIBARI_VOICES = ("emma", "fable", "fenrir", "kore")


def _voices(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in HIBARI_VOICES:
            raise ValueError(f"unknown voice {name!r}; known: {', '.join(HIBARI_VOICES)}")
    return names


class Settings(BaseConfig):
    """Every setting, with the line that documents it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    server_url: WebUrl = Field("http://127.0.0.1:8080", description="address of the server")
    token: ApiKey = Field(SecretStr(""), description="the server's PARLOR_AGENT_TOKEN")
    capacity: int = Field(8, ge=1, le=1_000, description="maximum of rooms that the worker serves at once")
    voice_idle_minutes: int = Field(
        5,
        ge=1,
        le=1_440,
        description="minutes without a word after which a voice session is closed, silence streamed or not",
    )
    inspectable: bool = Field(
        False,
        description="let debuggers and profilers of the same user read memory and environment (Linux)",
    )
    log_level: LogLevel = Field("info", description="debug, info, warning or error")
    log_format: LogFormat = Field("auto", description="json, console, or auto (console on a terminal)")

    stt: Names = Field(
        (), description="speech-to-text engines, best first; empty: those with a key, then local"
    )
    llm: Names = Field((), description="language models, best first; empty: those with a key, then local")
    tts: Names = Field(
        (), description="text-to-speech engines, best first; empty: those with a key, then local"
    )
    vad: Literal["onnx", "torch"] = Field(
        "onnx", description="voice activity detection: onnx, or torch (needs the extra `torch`)"
    )

    deepgram_api_key: ApiKey = Field(
        SecretStr(""), validation_alias="DEEPGRAM_API_KEY", description="key of Deepgram: Flux, v1 and Aura-2"
    )
    deepgram_url: WebUrl = Field("", description="address of Deepgram's API, if another, as https://host")
    deepgram_model: Word = Field("nova-3", description="model of Deepgram v1")
    openai_api_key: ApiKey = Field(
        SecretStr(""),
        validation_alias="OPENAI_API_KEY",
        description="key of OpenAI or of a compatible server",
    )
    openai_base_url: WebUrl = Field(
        "", description="address of a compatible server for chat, as http://host:port/v1"
    )
    openai_model: Word = Field("gpt-6-luna", description="chat model")
    openai_stt_base_url: WebUrl = Field(
        "", description="address of a compatible server for /audio/transcriptions"
    )
    openai_stt_model: Word = Field("gpt-transcribe", description="transcription model")
    openai_tts_base_url: WebUrl = Field("", description="address of a compatible server for /audio/speech")
    openai_tts_model: Word = Field("", description="speech model; empty: the engine is not used")
    openai_tts_voice: Word = Field("alloy", description="speech voice")
    anthropic_api_key: ApiKey = Field(
        SecretStr(""), validation_alias="ANTHROPIC_API_KEY", description="key of Anthropic"
    )
    anthropic_base_url: WebUrl = Field("", description="address of Anthropic's API, if another")
    anthropic_model: Word = Field("claude-sonnet-5", description="chat model")
    azure_speech_key: ApiKey = Field(
        SecretStr(""), validation_alias="AZURE_SPEECH_KEY", description="key of Azure Speech"
    )
    azure_speech_region: Label = Field(
        "", validation_alias="AZURE_SPEECH_REGION", description="region of the Azure key, such as westeurope"
    )
    azure_url: WebUrl = Field("", description="address of Azure's speech service, if another")
    elevenlabs_api_key: ApiKey = Field(
        SecretStr(""), validation_alias="ELEVENLABS_API_KEY", description="key of ElevenLabs"
    )
    elevenlabs_url: WebUrl = Field("", description="address of ElevenLabs's API, if another")
    elevenlabs_model: Word = Field("eleven_flash_v2_5", description="speech model")
    hibari_voices: Annotated[Names, AfterValidator(_voices)] = Field(
        (),
        description="more voices of hibari, downloaded on first use: emma, fable (British), fenrir, kore",
    )
