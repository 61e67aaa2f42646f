"""How the registry starts engines."""

from __future__ import annotations

import threading
from dataclasses import replace
from types import ModuleType

import pytest

from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.catalog import CatalogEntry, Choice, Kind
from ai_agent.providers.registry import EngineRegistry
from tests.unit.ai_agent.providers.engines import ScriptLlm, card


async def test_no_engine_is_built_while_another_one_s_package_is_being_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The openai SDK fails if another thread has imported only half of httpx."""
    imported: set[str] = set()
    may_end = threading.Event()

    def import_module(name: str) -> ModuleType:
        if name == "slow":
            may_end.wait(0.2)
        imported.add(name)
        return ModuleType(name)

    def make(_module: object, _settings: object) -> ScriptLlm:
        may_end.set()
        assert imported == {"quick", "slow"}
        return ScriptLlm(card("cloud"), [[]])

    entries = tuple(CatalogEntry("llm", name, name, lambda _: None, make) for name in ("quick", "slow"))
    monkeypatch.setattr("importlib.import_module", import_module)
    engines = EngineRegistry(Settings.model_validate({}), Choice(entries, ()))
    await engines.build()
    await engines.aclose()


class Engine(ScriptLlm):
    """`starts`: names of those that were started, in order."""

    def __init__(self, name: str, starts: list[str], *, works: bool = True, languages: str = "") -> None:
        super().__init__(replace(card(name), languages=frozenset(languages.split())), [[]])
        self._starts = starts
        self._works = works

    async def warm_up(self) -> None:
        self._starts.append(self.card.name)
        if not self._works:
            raise EngineUnavailable(self.card.name, "its process ended at start")


def entry(engine: Engine, kind: Kind = "llm", reserve_of: str | None = None) -> CatalogEntry:
    name = engine.card.name
    return CatalogEntry(kind, name, name, lambda _: None, lambda *_: engine, reserve_of=reserve_of)


async def built(monkeypatch: pytest.MonkeyPatch, *entries: CatalogEntry) -> EngineRegistry:
    monkeypatch.setattr("importlib.import_module", ModuleType)
    made = EngineRegistry(Settings.model_validate({}), Choice(entries, ()))
    await made.build()
    return made


@pytest.mark.parametrize(
    ("works", "started"), [(True, ["better", "other"]), (False, ["better", "reserve", "other"])]
)
async def test_a_reserve_is_started_only_if_the_better_engine_cannot_run(
    works: bool, started: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    starts: list[str] = []
    engines = await built(
        monkeypatch,
        entry(Engine("better", starts, works=works)),
        entry(Engine("reserve", starts), reserve_of="better"),
        entry(Engine("other", starts)),
    )
    assert starts == [], "building starts nothing"
    await engines.warm_up("llm")
    await engines.warm_up("llm")
    names = [candidate.engine.card.name for candidate in engines._of("llm")]
    assert starts == started, "each once, in order"
    assert names == (["better", "reserve", "other"] if works else ["reserve", "other"])
    assert len([r for r in caplog.records if r.levelname == "WARNING"]) == (not works)
    await engines.aclose()


async def test_a_job_starts_only_the_best_voice_and_recogniser_of_its_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    starts: list[str] = []
    engines = await built(
        monkeypatch,
        entry(Engine("llm", starts)),
        entry(Engine("ears", starts, languages="en"), "stt"),
        entry(Engine("broken", starts, works=False, languages="en"), "tts"),
        entry(Engine("voice", starts, languages="en vi"), "tts"),
        entry(Engine("another voice", starts, languages="en vi"), "tts"),
    )
    await engines.ready("vi")
    assert starts == ["voice"]
    await engines.ready("en")
    assert starts == ["voice", "broken", "ears"]
    await engines.warm_up("tts")
    assert starts == ["voice", "broken", "ears", "another voice"]
    await engines.aclose()
