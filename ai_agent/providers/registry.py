"""The engines of a worker: built once from the settings, shared by its jobs; each job gets chains of them.

Building is quick. Starting their processes takes seconds, and can happen before the first job or within it.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import ModuleType
from typing import Any

from ai_agent.config import Settings
from ai_agent.errors import AgentError, ProviderError, SettingError
from ai_agent.providers.catalog import KINDS, CatalogEntry, Choice, Kind, left_out
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackLlm, FallbackTts
from ai_agent.providers.chain.stt import FallbackStt
from ai_agent.providers.ports import EngineSet, NeedsWarmUp, Tts, VoiceCard, primary_tag

_log = logging.getLogger(__name__)
FellBack = Callable[[Kind, str], None]
"""Called with (kind, name of the engine that failed) when another engine answers for it."""


@dataclass(frozen=True, slots=True)
class Built:
    """An engine of the catalog that can run here, as far as is known."""

    entry: CatalogEntry
    candidate: EngineCandidate[Any]


class EngineRegistry:
    """Call `build` first. `aclose` ends the engines' processes and connections."""

    def __init__(self, settings: Settings, choice: Choice) -> None:
        self._settings = settings
        self._choice = choice
        self._built: list[Built] = []
        self._started: set[CatalogEntry] = set()

    async def build(self) -> None:
        """Make the engines, without starting them. Each that cannot run is left out with one log line.

        Raises SettingError if no LLM engine is left.
        """
        # All imports end before the first engine is built, because the openai SDK fails while another thread
        # is importing httpx.
        modules = [await _import(entry) for entry in self._choice.entries]
        for entry, module in zip(self._choice.entries, modules, strict=True):
            engine = self._make(entry, module) if module is not None else None
            if engine is not None:
                self._built.append(Built(entry, EngineCandidate(engine)))
        if not self._of("llm"):
            raise SettingError("no LLM engine can run here, see PARLOR_TUTOR_LLM")
        for kind in KINDS:
            names = [candidate.engine.card.name for candidate in self._of(kind)]
            _log.info("engines", extra={"kind": kind, "names": names})

    async def warm_up(self, kind: Kind) -> None:
        """Start the engines of a kind, one after the other: their starts would slow each other down."""
        for built in [built for built in self._built if built.entry.kind == kind]:
            working = {other.entry.name for other in self._built if other.entry.kind == kind}
            if built.entry.reserve_of not in working:
                await self._start(built)

    async def ready(self, language: str) -> None:
        """Start what a talk in the language needs first: the best engines that speak and that hear it."""
        for kind in ("tts", "stt"):
            for built in tuple(self._built):
                serves = built.entry.kind == kind and built.candidate.engine.card.serves(language)
                if serves and await self._start(built):
                    break

    def engines(
        self, language: str, changed: Callable[[], None] = lambda: None, fell_back: FellBack = lambda *_: None
    ) -> EngineSet:
        """Chains for a job in `language`. `changed` is called when another engine answers than before.

        Raises SettingError if no LLM engine serves the language.
        """
        stt, llm, tts = (self._of(kind, language) for kind in ("stt", "llm", "tts"))
        if not llm:
            raise SettingError(f"no LLM engine serves the language {language}")
        return EngineSet(
            stt=FallbackStt(FallbackChain(stt, changed, fell_back=partial(fell_back, "stt")))
            if stt
            else None,
            llm=FallbackLlm(FallbackChain(llm, changed, fell_back=partial(fell_back, "llm"), keeps=True)),
            tts=FallbackTts(
                FallbackChain(tts, changed, fell_back=partial(fell_back, "tts")),
                tts[0].engine.sample_rate,
                language=language,
                others=FallbackChain(self._of("tts"), lambda: None),
            )
            if tts
            else None,
        )

    def voices(self, language: str) -> Sequence[VoiceCard]:
        """Voices for the language of the TTS engine that would answer now. If it runs here, other engines
        that do add theirs for regions that it lacks: a British voice for an American engine.
        """
        tts = self._of("tts", language)
        if not tts:
            return ()
        current = FallbackChain(tts, lambda: None).current
        found = _voices_for(current, language)
        if not current.card.is_cloud:
            for other in (c.engine for c in tts if c.engine is not current and not c.engine.card.is_cloud):
                regions = {voice.language for voice in found}
                found += [
                    replace(voice, name=f"{voice.name} ({other.card.name})")
                    for voice in _voices_for(other, language)
                    if voice.language not in regions
                ]
        return tuple(found)

    def fallbacks(self, engines: EngineSet) -> Sequence[str]:
        """Names of the engines that failed in these chains and were replaced."""
        of_job: tuple[object, ...] = (engines.stt, engines.llm, engines.tts)
        with_chain = (e for e in of_job if isinstance(e, FallbackStt | FallbackLlm | FallbackTts))
        return tuple(dict.fromkeys(name for engine in with_chain for name in engine.chain.replaced))

    async def aclose(self) -> None:
        await asyncio.gather(*(built.candidate.engine.aclose() for built in self._built))

    def _of(self, kind: Kind, language: str | None = None) -> list[EngineCandidate[Any]]:
        """Best first. `language`: only those that serve it."""
        of_kind = [built.candidate for built in self._built if built.entry.kind == kind]
        return [one for one in of_kind if language is None or one.engine.card.serves(language)]

    async def _start(self, built: Built) -> bool:
        """Idempotent. An engine that cannot start here is left out from now on; False then."""
        engine = built.candidate.engine
        if built.entry in self._started or not isinstance(engine, NeedsWarmUp):
            return True
        try:
            await engine.warm_up()
        except ProviderError as error:
            if built in self._built:
                self._built.remove(built)
                _log.warning(left_out(built.entry, error.detail))
                await built.candidate.engine.aclose()
            return False
        self._started.add(built.entry)
        return True

    def _make(self, entry: CatalogEntry, module: ModuleType) -> Any:
        """None if the engine cannot run here."""
        try:
            return entry.make(module, self._settings)
        except ImportError as error:
            _log.warning(left_out(entry, f"package {error.name} is not installed"))
        except ProviderError as error:
            _log.warning(left_out(entry, error.detail))
        except AgentError as error:
            _log.warning(left_out(entry, str(error)))
        return None


def _voices_for(tts: Tts, language: str) -> list[VoiceCard]:
    """A voice that speaks every language is shown with this one."""
    found = [voice for voice in tts.voices if primary_tag(voice.language) in {primary_tag(language), ""}]
    return [voice if voice.language else replace(voice, language=language) for voice in found]


async def _import(entry: CatalogEntry) -> ModuleType | None:
    """None if a package is not installed. Runs in a thread because some SDKs take a second."""
    try:
        return await asyncio.to_thread(importlib.import_module, entry.module)
    except ImportError as error:
        _log.warning(left_out(entry, f"package {error.name} is not installed"))
        return None
