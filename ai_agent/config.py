"""Settings of the worker: environment variables, read once at start; a `.env` file is read too.

Keys of vendors have the names that the vendors' own SDKs use; all else has the prefix PARLOR_TUTOR_.
"""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from server.common.settings import BaseConfig, LogFormat, LogLevel, Names

PREFIX = "PARLOR_TUTOR_"


class Settings(BaseConfig):
    """Every setting, with the line that documents it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    server_url: str = Field("http://127.0.0.1:8080", description="the server whose rooms it joins")
    token: SecretStr = Field(SecretStr(""), description="the server's PARLOR_AGENT_TOKEN")
    capacity: int = Field(8, ge=1, le=1_000, description="rooms a worker is in at once")
    log_level: LogLevel = Field("info", description="debug, info, warning or error")
    log_format: LogFormat = Field("auto", description="json, console, or auto: console on a terminal")

    stt: Names = Field((), description="engines that hear, best first; empty: those with a key, then local")
    llm: Names = Field((), description="engines that think, best first; empty: those with a key, then local")
    tts: Names = Field((), description="engines that speak, best first; empty: those with a key, then local")
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
