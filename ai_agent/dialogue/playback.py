"""The audio of one reply: queued as the engine makes it, pulled in frames of 20 ms, known word by word.

It can be paused and resumed at the very sample, or rewound to audio that reached nobody. What was pulled
counts as spoken.
"""

from __future__ import annotations

import numpy as np

from ai_agent.audio import FRAME_S, OUTPUT_FRAME, OUTPUT_HZ, Pcm
from ai_agent.providers.ports import SpeechChunk, WordMark
from ai_agent.resampler import Resampler

FADE = 240
"""Samples (5 ms): without a fade a cut clicks."""
WORD_S = 0.15
"""A word counts as spoken once this much of it was played."""
CHARS_PER_S = 14.0
"""Assumed speed of speech at rate 1.0, for engines that give no word marks and did not finish the
sentence."""
KEEP_S = 300.0
"""Maximum of a reply's audio that is kept, for storage and rewinding."""

_RAMP = np.linspace(1.0, 0.0, FADE, dtype=np.float32)


class SentenceAudio:
    """One sentence, with the word marks of its audio."""

    def __init__(self, text: str, rate: int) -> None:
        self.text = text
        self.queued_samples = 0
        self.played_samples = 0
        self.is_complete = False
        self.is_cut = False
        self._marks: list[WordMark] = []
        self._chunks: list[Pcm] = []
        self._next = (0, 0)
        """Position of the next sample to play: the index in `_chunks`, and the sample there."""
        self._is_kept = True
        self._resampler = Resampler(rate, OUTPUT_HZ)

    def feed(self, chunk: SpeechChunk) -> None:
        self._marks.extend(chunk.marks)
        self._queue(self._resampler.feed(chunk.pcm))

    def end(self) -> None:
        """The sentence is complete. Idempotent."""
        if not self.is_complete:
            self.is_complete = True
            self._queue(self._resampler.finish())

    def cut(self) -> bool:
        """The engine failed before the end. False: there is no audio at all, so the sentence is only shown,
        and counts as spoken.
        """
        self.end()
        self.is_cut = self.queued_samples + self.played_samples > 0
        return self.is_cut

    def take(self, samples: int) -> Pcm:
        """Take at most `samples`; they count as played."""
        parts: list[Pcm] = []
        index, begin = self._next
        while samples > 0 and index < len(self._chunks):
            part = self._chunks[index][begin : begin + samples]
            parts.append(part)
            samples -= len(part)
            self.queued_samples -= len(part)
            self.played_samples += len(part)
            begin += len(part)
            if begin == len(self._chunks[index]):
                index, begin = index + 1, 0
        self._next = (index, begin)
        return _joined(parts)

    def restart(self) -> None:
        """Play from the beginning again, unless the audio was released."""
        if not self._is_kept:
            return
        self._next = (0, 0)
        self.queued_samples += self.played_samples
        self.played_samples = 0

    def release(self) -> None:
        """Drop its audio, which is not played again."""
        self._is_kept = False
        self._chunks, self._next = [], (0, 0)

    def played(self) -> Pcm:
        """The played audio that is kept."""
        index, begin = self._next
        return _joined([*self._chunks[:index], *(pcm[:begin] for pcm in self._chunks[index : index + 1])])

    def spoken(self) -> str:
        if self._is_whole and not self.queued_samples:
            return self.text
        played_s = self.played_samples / OUTPUT_HZ
        if self._marks:
            ends = [mark.end for mark in self._marks if mark.at_s + WORD_S <= played_s]
            return self.text[: max(ends, default=0)]
        return self._spoken_in_proportion(played_s)

    @property
    def _is_whole(self) -> bool:
        return self.is_complete and not self.is_cut

    def _spoken_in_proportion(self, played_s: float) -> str:
        total_s = (self.played_samples + self.queued_samples) / OUTPUT_HZ
        if not self._is_whole:
            total_s = max(total_s, len(self.text) / CHARS_PER_S)
        chars = int(len(self.text) * played_s / total_s) if total_s else 0
        if chars >= len(self.text):
            return self.text
        # only whole words count
        return self.text[: self.text.rfind(" ", 0, chars + 1)] if " " in self.text[: chars + 1] else ""

    def _queue(self, pcm: Pcm) -> None:
        if len(pcm):
            self._chunks.append(pcm)
            self.queued_samples += len(pcm)


class PlaybackBuffer:
    """The sentences of one reply, in order."""

    def __init__(self) -> None:
        self._sentences: list[SentenceAudio] = []
        self._at = 0
        self._is_paused = False
        self._sounded = False
        self._fade_in = False

    def add_sentence(self, text: str, rate: int) -> SentenceAudio:
        """`rate`: Hz of the audio that will be fed to it."""
        sentence = SentenceAudio(text, rate)
        self._sentences.append(sentence)
        return sentence

    def add_text_only(self, text: str) -> None:
        """A sentence that no engine can speak: it is shown, so it counts as spoken."""
        self.add_sentence(text, OUTPUT_HZ).end()

    @property
    def is_drained(self) -> bool:
        """All audio queued so far was played."""
        return all(s.is_complete and not s.queued_samples for s in self._sentences[self._at :])

    @property
    def queued_s(self) -> float:
        return sum(s.queued_samples for s in self._sentences[self._at :]) / OUTPUT_HZ

    @property
    def speech_s(self) -> float:
        return sum(s.played_samples for s in self._sentences) / OUTPUT_HZ

    def pause(self) -> None:
        self._is_paused = True

    def resume(self) -> None:
        self._fade_in |= self._is_paused and self.speech_s > 0
        self._is_paused = False

    def rewind(self, seconds: float) -> None:
        """Rewind to the beginning of the sentence that was played this many seconds of speech ago."""
        at = max(0, min(self._at, len(self._sentences) - 1))
        while at > 0 and (seconds := seconds - self._sentences[at].played_samples / OUTPUT_HZ) > 0:
            at -= 1
        for sentence in self._sentences[at:]:
            sentence.restart()
        self._at, self._sounded = at, False

    def pull(self) -> Pcm | None:
        """The next 20 ms; None: silence."""
        if self._is_paused:
            return self.fade_out()
        frame = self._next_frame()
        self._sounded = frame is not None
        if frame is not None and self._fade_in:
            self._fade_in = False
            frame = frame.copy()
            frame[:FADE] = (frame[:FADE] * _RAMP[::-1]).astype(np.int16)
        return frame

    def fade_out(self) -> Pcm | None:
        """After a pause or a cut: one frame that fades out, then None."""
        if not self._sounded:
            return None
        self._sounded = False
        tail = self._take(FADE)
        if not len(tail):
            return None
        frame = np.zeros(OUTPUT_FRAME, np.int16)
        frame[: len(tail)] = (tail * _RAMP[: len(tail)]).astype(np.int16)
        return frame

    def spoken_text(self) -> str:
        """An ellipsis replaces the missing end of a sentence that broke off, if another follows."""
        said, broke_off = "", False
        for sentence in self._sentences:
            if words := sentence.spoken():
                said = f"{said.rstrip()}… {words.lstrip()}" if broke_off else said + words
                broke_off = sentence.is_cut
        return said.strip()

    def audio(self) -> Pcm:
        """All that was played of the answer and is kept, at OUTPUT_HZ. Not what has no text, a filler."""
        return _joined([sentence.played() for sentence in self._sentences if sentence.text])

    def release(self) -> None:
        """Free the audio, played or not."""
        for sentence in self._sentences:
            sentence.release()
        self._sentences, self._at, self._sounded = [], 0, False

    def _next_frame(self) -> Pcm | None:
        waits = self.queued_s < FRAME_S and not self.is_drained
        if waits and not self._head_ends():
            return None  # the engine is slower than speech: one gap is better than stuttering
        frame = self._take(OUTPUT_FRAME)
        if not len(frame):
            return None
        if len(frame) < OUTPUT_FRAME:
            frame = np.concatenate([frame, np.zeros(OUTPUT_FRAME - len(frame), np.int16)])
        return frame

    def _head_ends(self) -> bool:
        head = self._sentences[self._at]
        return head.is_complete and head.queued_samples > 0

    def _take(self, samples: int) -> Pcm:
        parts: list[Pcm] = []
        while samples > 0 and self._at < len(self._sentences):
            head = self._sentences[self._at]
            part = head.take(samples)
            parts.append(part)
            samples -= len(part)
            if head.queued_samples or not head.is_complete:
                break
            self._at += 1
            if self.speech_s > KEEP_S:
                head.release()
        return _joined(parts)


def _joined(parts: list[Pcm]) -> Pcm:
    if len(parts) == 1:  # nearly always: a frame is a view of what the engine made
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, np.int16)
