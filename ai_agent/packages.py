"""Whether a package is installed, without importing it: that may take seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from ai_agent.errors import SettingError, missing_package

FOR_JOBS = ("numpy", "av")
FOR_VAD: Mapping[str, Sequence[str]] = {
    "onnx": ("onnxruntime", "silero_vad"),
    "torch": ("torch", "silero_vad"),
}
"""By the name of the VAD's model in the settings."""


def require(package: str) -> None:
    """Raises ModuleNotFoundError if it is not installed."""
    if find_spec(package) is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)


def require_for_jobs(vad: str) -> None:
    """`vad`: the name of its model. Raises SettingError if a package is missing that every job needs."""
    try:
        for package in FOR_JOBS:
            require(package)
    except ModuleNotFoundError as error:
        raise SettingError(missing_package(error)) from None
    require_vad(vad)


def require_vad(name: str) -> None:
    """Raises SettingError if the model is unknown or lacks a package."""
    if name not in FOR_VAD:
        raise SettingError(f"PARLOR_TUTOR_VAD: {' or '.join(FOR_VAD)}, not {name!r}")
    try:
        for package in FOR_VAD[name]:
            require(package)
    except ModuleNotFoundError as error:
        raise SettingError(f"PARLOR_TUTOR_VAD={name}: {missing_package(error)}") from None
