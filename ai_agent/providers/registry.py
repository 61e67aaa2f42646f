"""The engines of a worker: built once from the settings, shared by its jobs; each job gets chains of them."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType, ModuleType
from typing import Any

from ai_agent.config import Settings
from ai_agent.errors import AgentError, ProviderError, SettingError
from ai_agent.providers.catalog import CatalogEntry, Kind, choose
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackLlm, FallbackTts
from ai_agent.providers.chain.stt import FallbackStt
from ai_agent.providers.ports import EngineSet, Llm, NeedsWarmUp, Stt, Tts, VoiceCard, primary_tag

_log = logging.getLogger(__name__)
FellBack = Callable[[Kind, str], None]
"""Called with (kind, name of the engine that failed) when another engine answers for it."""


@dataclass(slots=True)
class Inventory:
    """The engines that were built and work here, best first."""

    stt: list[EngineCandidate[Stt]] = field(default_factory=list)
    llm: list[EngineCandidate[Llm]] = field(default_factory=list)
    tts: list[EngineCandidate[Tts]] = field(default_factory=list)

    def of(self, kind: Kind) -> list[EngineCandidate[Any]]:
        candidates: Mapping[Kind, list[EngineCandidate[Any]]] = {
            "stt": self.stt,
            "llm": self.llm,
            "tts": self.tts,
        }
        return candidates[kind]


class EngineRegistry:
    """Call `start` first. `aclose` ends the engines' processes and connections."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._inventory = Inventory()

    async def start(self) -> None:
        """Build and warm up the engines. Each that cannot run is left out with one log line.

        Raises SettingError if a name is unknown, or if no LLM engine is left.
        """
        choice = choose(self._settings)
        for line in choice.absent:
            _log.warning(line)
        # All imports end before the first engine is built, because the openai SDK fails while another thread
        # is importing httpx.
        modules = await asyncio.gather(*(_import(entry) for entry in choice.entries))
        modules_by_entry = dict(zip(choice.entries, modules, strict=True))
        built = await self._build_all(modules_by_entry, lambda entry: entry.reserve_of is None)
        built |= await self._build_all(modules_by_entry, lambda entry: entry.reserve_of is not None, built)
        for entry in choice.entries:
            if (engine := built[entry]) is not None:
                self._inventory.of(entry.kind).append(EngineCandidate(engine))
        if not self._inventory.llm:
            raise SettingError("no LLM engine can run here, see PARLOR_TUTOR_LLM")
        for kind in ("stt", "llm", "tts"):
            names = [candidate.engine.card.name for candidate in self._inventory.of(kind)]
            _log.info("engines", extra={"kind": kind, "names": names})

    def engines(
        self, language: str, changed: Callable[[], None] = lambda: None, fell_back: FellBack = lambda *_: None
    ) -> EngineSet:
        """Chains for a job in `language`. `changed` is called when another engine answers than before.

        Raises SettingError if no LLM engine serves the language.
        """
        stt = [c for c in self._inventory.stt if c.engine.card.serves(language)]
        llm = [c for c in self._inventory.llm if c.engine.card.serves(language)]
        tts = [c for c in self._inventory.tts if c.engine.card.serves(language)]
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
                others=FallbackChain(self._inventory.tts, lambda: None),
            )
            if tts
            else None,
        )

    def languages(self) -> frozenset[str]:
        """Languages that an LLM engine serves; empty: all."""
        served = [candidate.engine.card.languages for candidate in self._inventory.llm]
        return frozenset().union(*served) if all(served) else frozenset()

    def voices(self, language: str) -> Sequence[VoiceCard]:
        """Voices for the language of the TTS engine that would answer now. If it runs here, other engines
        that do add theirs for regions that it lacks: a British voice for an American engine.
        """
        tts = [c for c in self._inventory.tts if c.engine.card.serves(language)]
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
        everything: list[EngineCandidate[Any]] = [
            *self._inventory.stt,
            *self._inventory.llm,
            *self._inventory.tts,
        ]
        await asyncio.gather(*(candidate.engine.aclose() for candidate in everything))

    async def _build_all(
        self,
        modules: Mapping[CatalogEntry, ModuleType | None],
        wanted: Callable[[CatalogEntry], bool],
        built: Mapping[CatalogEntry, Any] = MappingProxyType({}),
    ) -> dict[CatalogEntry, Any]:
        """`built`: engines that work; reserves of them are not started."""
        working = {(entry.kind, entry.name) for entry, engine in built.items() if engine is not None}
        entries = [entry for entry in modules if wanted(entry)]
        engines = await asyncio.gather(
            *(
                self._build(entry, modules[entry], starts=(entry.kind, entry.reserve_of) not in working)
                for entry in entries
            )
        )
        return dict(zip(entries, engines, strict=True))

    async def _build(self, entry: CatalogEntry, module: ModuleType | None, *, starts: bool) -> Any:
        """None if the engine cannot run here."""
        if module is None:
            return None
        try:
            engine = entry.make(module, self._settings)
            if starts and isinstance(engine, NeedsWarmUp):
                await engine.warm_up()
        except ImportError as error:
            _log_left_out(entry, f"package {error.name} is not installed")
        except ProviderError as error:
            _log_left_out(entry, error.detail)
        except AgentError as error:
            _log_left_out(entry, str(error))
        else:
            return engine
        return None


def _voices_for(tts: Tts, language: str) -> list[VoiceCard]:
    """A voice that speaks every language is shown with this one."""
    found = [voice for voice in tts.voices if primary_tag(voice.language) in {primary_tag(language), ""}]
    return [voice if voice.language else replace(voice, language=language) for voice in found]


async def _import(entry: CatalogEntry) -> ModuleType | None:
    """None if its package is not installed. Runs in a thread because some SDKs take a second."""
    try:
        return await asyncio.to_thread(importlib.import_module, entry.module)
    except ImportError as error:
        _log_left_out(entry, f"package {error.name} is not installed")
        return None


def _log_left_out(entry: CatalogEntry, reason: str) -> None:
    _log.warning(f"{entry.kind} engine {entry.name} is left out: {reason}")
