"""Converts a stream of samples from one rate to another, with libswresample.

A filter graph of FFmpeg has threads of its own, one a core, until it is freed. A resampler is no work for
several threads, and one is made for each sentence, so the graph here is built without them: that is also
fifty times faster. `av.AudioResampler` has no such option.
"""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
from av.filter import Graph

from ai_agent.audio import Pcm

_NO_MORE_NOW = (av.error.BlockingIOError, av.error.EOFError)


class Resampler:
    """`rate_in` and `rate_out` in Hz. Free of work and threads if they are equal."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        self._rate_in = rate_in
        self._rate_out = rate_out
        self._graph: Graph | None = None

    def feed(self, pcm: Pcm) -> Pcm:
        """The samples that are ready; the filter holds back about a millisecond."""
        if self._rate_in == self._rate_out or not len(pcm):
            return pcm
        if self._graph is None:
            self._graph = _graph(self._rate_in, self._rate_out)
        samples = np.ascontiguousarray(pcm, np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = self._rate_in
        self._graph.push(frame)
        return _joined(_pull(self._graph))

    def finish(self) -> Pcm:
        """The samples that the filter still holds; frees it. What is fed afterwards is a new stream."""
        graph, self._graph = self._graph, None
        if graph is None:
            return np.empty(0, np.int16)
        graph.push(None)
        return _joined(_pull(graph))


def _graph(rate_in: int, rate_out: int) -> Graph:
    graph = Graph()
    graph.threads = 1  # in the calling thread
    source = graph.add("abuffer", sample_rate=str(rate_in), sample_fmt="s16", channel_layout="mono")
    resample = graph.add("aresample", str(rate_out))
    graph.link_nodes(source, resample, graph.add("abuffersink")).configure()
    return graph


def _pull(graph: Graph) -> Iterator[Pcm]:
    while True:
        try:
            frame = graph.pull()
        except _NO_MORE_NOW:
            return
        yield frame.to_ndarray().reshape(-1).astype(np.int16, copy=False)


def _joined(parts: Iterator[Pcm]) -> Pcm:
    found = list(parts)
    return np.concatenate(found) if found else np.empty(0, np.int16)
