"""The engines of a worker: built once from the settings, shared by its jobs; each job gets chains of them."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

import structlog

from ai_agent.config import Settings
from ai_agent.errors import AgentError, ProviderError, SettingError
from ai_agent.providers.catalog import Entry, Kind, choose
from ai_agent.providers.chain.llm import FallbackLlm
from ai_agent.providers.chain.members import Candidate, FallbackChain
from ai_agent.providers.chain.stt import FallbackStt
from ai_agent.providers.chain.tts import FallbackTts
from ai_agent.providers.ports import EngineSet, Llm, NeedsWarmUp, Stt, Tts, VoiceCard
from ai_agent.providers.voices import primary

_log = structlog.get_logger(__name__)
FellBack = Callable[[Kind, str], None]
"""(kind, name of the engine that failed and for which another answered)"""


@dataclass(slots=True)
class Stock:
    """What was built and works here, best first."""

    stt: list[Candidate[Stt]] = field(default_factory=list)
    llm: list[Candidate[Llm]] = field(default_factory=list)
    tts: list[Candidate[Tts]] = field(default_factory=list)


class EngineRegistry:
    """`start` before all else; `aclose` ends the engines' processes and connections."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stock = Stock()

    async def start(self) -> None:
        """Builds and warms up. What cannot run is left out and told in one line each.

        Raises SettingError if a name is wrong, or nothing is left that thinks.
        """
        choice = choose(self._settings)
        for line in choice.absent:
            _log.warning(line)
        built = await asyncio.gather(*(self._build(entry) for entry in choice.entries))
        for entry, engine in zip(choice.entries, built, strict=True):
            if engine is not None:
                self._shelf(entry.kind).append(Candidate(engine))
        if not self._stock.llm:
            raise SettingError("no engine thinks: see PARLOR_TUTOR_LLM")
        for kind in ("stt", "llm", "tts"):
            _log.info("engines", kind=kind, names=[member.engine.card.name for member in self._shelf(kind)])

    def engines(
        self, language: str, changed: Callable[[], None] = lambda: None, fell_back: FellBack = lambda *_: None
    ) -> EngineSet:
        """What a job in `language` works with. `changed`: another engine answers than before. `fell_back`:
        one answers for another that failed.

        Raises SettingError where nothing can think in it.
        """
        stt = [member for member in self._stock.stt if member.engine.card.serves(language)]
        llm = [member for member in self._stock.llm if member.engine.card.serves(language)]
        tts = [member for member in self._stock.tts if member.engine.card.serves(language)]
        if not llm:
            raise SettingError(f"no engine thinks in {language}")
        return EngineSet(
            stt=FallbackStt(FallbackChain(stt, changed, fell_back=partial(fell_back, "stt")))
            if stt
            else None,
            llm=FallbackLlm(FallbackChain(llm, changed, fell_back=partial(fell_back, "llm"))),
            tts=FallbackTts(
                FallbackChain(tts, changed, fell_back=partial(fell_back, "tts")), tts[0].engine.sample_rate
            )
            if tts
            else None,
        )

    def languages(self) -> frozenset[str]:
        """In which something thinks; empty: in any."""
        theirs = [member.engine.card.languages for member in self._stock.llm]
        return frozenset().union(*theirs) if all(theirs) else frozenset()

    def voices(self, language: str) -> Sequence[VoiceCard]:
        """Those of the voice that answers now, in that language."""
        tts = [member for member in self._stock.tts if member.engine.card.serves(language)]
        if not tts:
            return ()
        voices = FallbackChain(tts, lambda: None).current.voices
        found = [voice for voice in voices if primary(voice.language) in {primary(language), ""}]
        return tuple(voice if voice.language else replace(voice, language=language) for voice in found)

    def fallbacks(self, engines: EngineSet) -> Sequence[str]:
        """Names of the engines that failed in these chains and were replaced."""
        chains: tuple[object, ...] = (engines.stt, engines.llm, engines.tts)
        ours = (chain for chain in chains if isinstance(chain, FallbackStt | FallbackLlm | FallbackTts))
        return tuple(dict.fromkeys(name for chain in ours for name in chain.members.replaced))

    async def aclose(self) -> None:
        members: list[Candidate[Any]] = [*self._stock.stt, *self._stock.llm, *self._stock.tts]
        await asyncio.gather(*(member.engine.aclose() for member in members))

    async def _build(self, entry: Entry) -> Any:
        """None if it cannot run here. Imports in a thread: some SDKs take a second."""
        label = f"{entry.kind} engine {entry.name} is left out"
        try:
            module = await asyncio.to_thread(importlib.import_module, entry.module)
            engine = entry.make(module, self._settings)
            if isinstance(engine, NeedsWarmUp):
                await engine.warm_up()
        except ImportError as error:
            _log.warning(f"{label}: the package {error.name} is not installed")
        except ProviderError as error:
            _log.warning(f"{label}: {error.detail}")
        except AgentError as error:
            _log.warning(f"{label}: {error}")
        else:
            return engine
        return None

    def _shelf(self, kind: Kind) -> list[Candidate[Any]]:
        return cast("list[Candidate[Any]]", getattr(self._stock, kind))
