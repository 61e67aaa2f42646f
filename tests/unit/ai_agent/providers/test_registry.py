"""How the registry starts engines."""

from __future__ import annotations

import threading
from types import ModuleType

import pytest

from ai_agent.config import Settings
from ai_agent.errors import EngineUnavailable
from ai_agent.providers import registry
from ai_agent.providers.catalog import CatalogEntry, Choice
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
    monkeypatch.setattr(registry, "choose", lambda _: Choice(entries, ()))
    engines = registry.EngineRegistry(Settings.model_validate({}))
    await engines.start()
    await engines.aclose()


@pytest.mark.parametrize(
    ("works", "started"), [(True, ["better", "other"]), (False, ["better", "other", "reserve"])]
)
async def test_a_reserve_is_started_only_if_the_better_engine_cannot_run(
    works: bool, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed: list[str] = []

    class Engine(ScriptLlm):
        async def warm_up(self) -> None:
            warmed.append(self.card.name)
            if self.card.name == "better" and not works:
                raise EngineUnavailable("better", "its process ended at start")

    def entry(name: str, reserve_of: str | None = None) -> CatalogEntry:
        return CatalogEntry(
            "llm", name, name, lambda _: None, lambda *_: Engine(card(name), [[]]), reserve_of=reserve_of
        )

    entries = (entry("better"), entry("reserve", "better"), entry("other"))
    monkeypatch.setattr("importlib.import_module", ModuleType)
    monkeypatch.setattr(registry, "choose", lambda _: Choice(entries, ()))
    engines = registry.EngineRegistry(Settings.model_validate({}))
    await engines.start()
    names = [candidate.engine.card.name for candidate in engines._inventory.llm]
    await engines.aclose()
    assert sorted(warmed) == started
    assert names == (["better", "reserve", "other"] if works else ["reserve", "other"])
