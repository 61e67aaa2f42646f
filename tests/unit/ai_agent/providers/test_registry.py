"""How the registry starts engines."""

from __future__ import annotations

import threading
from types import ModuleType

import pytest

from ai_agent.config import Settings
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
