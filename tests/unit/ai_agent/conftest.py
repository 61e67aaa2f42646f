"""The real voice activity detection, with either backend."""

from __future__ import annotations

import importlib.util

import pytest

from ai_agent.vad.model import VadModel, load_model

NO_TORCH = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="torch is an optional extra: make test-torch"
)


@pytest.fixture(
    params=["onnx", pytest.param("torch", marks=[pytest.mark.torch, NO_TORCH])],
    scope="session",
)
def model(request: pytest.FixtureRequest) -> VadModel:
    return load_model(request.param)
