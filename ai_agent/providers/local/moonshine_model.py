"""Moonshine tiny for English, run by onnxruntime alone (arXiv:2410.15608).

The weights come inside the wheel moonshine-voice. Its package is located, never imported: it would load a
second runtime, and packages that are not installed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]

from ai_agent.audio import INPUT_HZ, Pcm

PACKAGE = "moonshine_voice"
FOLDER = "assets/tiny-en"
ENCODER, DECODER, TOKENIZER = "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"
START, END = 1, 2
HEADS, HEAD_SIZE = 8, 36
TOKENS_A_SECOND = 6.5
"""The model repeats itself without end on some sounds; the paper's limit on what speech can hold."""
MIN_TOKENS = 4
MIN_SAMPLES = INPUT_HZ // 4
"""Shorter audio is padded with zeros: below about 70 ms the encoder has no frame."""
SPACE = "\u2581".encode()
Floats = npt.NDArray[np.float32]


class Token(NamedTuple):
    id: int
    probability: float


class Stopped(Exception):
    """The decoding was cancelled."""


def weights() -> Path | None:
    """The folder with the weights. None: the package is not installed, or it is a release without them."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / FOLDER
    return folder if all((folder / name).is_file() for name in (ENCODER, DECODER, TOKENIZER)) else None


class Moonshine:
    """Greedy decoding of whole utterances, one at a time, on one thread."""

    def __init__(self, folder: Path) -> None:
        self._encoder = _session(folder / ENCODER)
        self._decoder = _session(folder / DECODER)
        self._caches = [name for name in _names(self._decoder) if name.startswith("past")]
        self._vocabulary = read_vocabulary((folder / TOKENIZER).read_bytes())

    def decode(
        self, pcm: Pcm, draft: Sequence[int] = (), should_stop: Callable[[], bool] = lambda: False
    ) -> list[Token]:
        """Tokens of an utterance at INPUT_HZ. `draft`: tokens of the same utterance when it was shorter.
        It halves the time and is good enough for partials: the activations of several tokens are quantised
        together, less exactly (35 instead of 34 % of learners' words wrong, measured). `should_stop` is asked
        before each step.

        Raises Stopped.
        """
        padded = np.zeros((1, max(len(pcm), MIN_SAMPLES)), np.float32)
        padded[0, : len(pcm)] = pcm.astype(np.float32) / 32768
        mask = np.ones(padded.shape, np.int64)
        if should_stop():
            raise Stopped
        states = self._encoder.run(None, {"input_values": padded, "attention_mask": mask})[0]
        limit = max(int(padded.shape[1] / INPUT_HZ * TOKENS_A_SECOND), MIN_TOKENS)
        # The decoder's mask has the length of the samples, not of the encoder's frames.
        fixed = {"encoder_hidden_states": states, "encoder_attention_mask": mask}
        return self._generate(fixed, list(draft)[:limit], limit, should_stop)

    def _generate(
        self, fixed: dict[str, Any], draft: list[int], limit: int, should_stop: Callable[[], bool]
    ) -> list[Token]:
        """All tokens of the draft are checked in one step; decoding goes on after the last that is right."""
        tokens: list[Token] = []
        caches = {name: np.zeros((1, HEADS, 0, HEAD_SIZE), np.float32) for name in self._caches}
        fed, has_cache = [START, *draft], False
        while len(tokens) < limit:
            if should_stop():
                raise Stopped
            logits, *present = self._decoder.run(
                None,
                {
                    "input_ids": np.array([fed], np.int64),
                    "use_cache_branch": np.array([has_cache]),
                    **fixed,
                    **caches,
                },
            )
            for position, given in enumerate([*fed[1:], None]):
                token = most_likely(logits[0, position])
                if token.id == END or len(tokens) == limit:
                    return tokens
                tokens.append(token)
                if token.id != given:
                    break
            for name, value in zip(self._caches, present, strict=True):
                if ".decoder." in name:
                    caches[name] = value[:, :, : len(tokens)]
                elif not has_cache:  # with a cache the model returns these empty
                    caches[name] = value
            fed, has_cache = [tokens[-1].id], True
        return tokens

    def words(self, tokens: Sequence[Token]) -> list[tuple[str, float]]:
        """Words with the mean probability of their tokens."""
        groups: list[list[Token]] = []
        for token in tokens:
            if not groups or self._vocabulary[token.id].startswith(SPACE):
                groups.append([])
            groups[-1].append(token)
        spelled = ((self._spell(group), float(np.mean([t.probability for t in group]))) for group in groups)
        return [(text, probability) for text, probability in spelled if text]

    def _spell(self, tokens: Sequence[Token]) -> str:
        """Characters outside the vocabulary are spelled in tokens of one byte each."""
        raw = b"".join(self._vocabulary[token.id] for token in tokens)
        return raw.replace(SPACE, b" ").decode(errors="ignore").strip()


def most_likely(logits: Floats) -> Token:
    chosen = int(logits.argmax())
    return Token(chosen, float(1 / np.exp(logits - logits[chosen]).sum()))


def read_vocabulary(data: bytes) -> list[bytes]:
    """Pieces by token. Each is its length (one byte below 128, else 128 + length % 128 and length // 128) and
    its UTF-8.
    """
    pieces, at = [], 0
    while at < len(data):
        length = data[at]
        at += 1
        if length >= 128:
            length += data[at] * 128 - 128
            at += 1
        pieces.append(data[at : at + length])
        at += length
    return pieces


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _names(session: onnxruntime.InferenceSession) -> list[str]:
    return [value.name for value in session.get_inputs()]
